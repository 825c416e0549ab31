using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Isr.Audio.Tests.Support;

/// <summary>A file that is written as a whole, whose stretches of zeros take no room and no time.</summary>
internal sealed class SparseFile(string path) : IBufferWriter<byte>, IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
    private byte[] _buffer = new byte[1 << 20];

    public long Length { get; private set; }

    public SafeFileHandle Handle => _file;

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        _buffer = sizeHint > _buffer.Length ? new byte[sizeHint] : _buffer;
        return _buffer;
    }

    public void Advance(int count)
    {
        var written = _buffer.AsSpan(0, count);
        if (written.ContainsAnyExcept((byte)0))
        {
            RandomAccess.Write(_file, written, Length);
        }

        Length += count;
    }

    public void Put(ReadOnlySpan<byte> bytes, long offset)
    {
        RandomAccess.SetLength(_file, Length);
        RandomAccess.Write(_file, bytes, offset);
    }

    public void Dispose() => _file.Dispose();
}
