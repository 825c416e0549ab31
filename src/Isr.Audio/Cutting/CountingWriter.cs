using System.Buffers;

namespace Isr.Audio.Cutting;

/// <summary>Counts what is written.</summary>
/// <param name="output">Takes it; null where it is only counted.</param>
internal sealed class CountingWriter(IBufferWriter<byte>? output) : IBufferWriter<byte>
{
    private const int LeastBytes = 16 * 1024;

    private byte[] _dropped = [];

    public long Bytes { get; private set; }

    public void Advance(int count)
    {
        output?.Advance(count);
        Bytes += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (output is not null)
        {
            return output.GetMemory(sizeHint);
        }

        if (_dropped.Length < Math.Max(1, sizeHint))
        {
            _dropped = new byte[Math.Max(LeastBytes, sizeHint)];
        }

        return _dropped;
    }
}
