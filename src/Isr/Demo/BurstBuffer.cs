namespace Isr.Demo;

/// <summary>The last bytes of a stream.</summary>
internal sealed class BurstBuffer(int capacity)
{
    private readonly byte[] _ring = new byte[capacity];
    private long _written;

    public bool IsFull => _written >= _ring.Length;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            _ring[_written++ % _ring.Length] = b;
        }
    }

    public byte[] ToArray()
    {
        var head = (int)(_written % _ring.Length);
        return IsFull ? [.. _ring.AsSpan(head), .. _ring.AsSpan(0, head)] : _ring[..head];
    }

    public void Clear() => _written = 0;
}
