using System.Buffers;
using System.Buffers.Binary;

namespace Isr.Audio.Mp4;

/// <summary>Boxes of an MP4 file (ISO/IEC 14496-12, section 4.2), one within another: 32 bits length, four letters, what is in it. Big-endian.</summary>
internal sealed class Mp4Boxes
{
    private const int MostNested = 10;

    private readonly int[] _starts = new int[MostNested];
    private byte[] _bytes = new byte[1024];
    private int _depth;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Begin(ReadOnlySpan<byte> type)
    {
        _starts[_depth++] = Length;
        Add32(0);
        Add(type);
    }

    /// <summary>A box that begins with its version and flags.</summary>
    public void Begin(ReadOnlySpan<byte> type, int version, int flags)
    {
        Begin(type);
        Add32((uint)((version << 24) | flags));
    }

    /// <summary>Ends the innermost box.</summary>
    public void End()
    {
        var start = _starts[--_depth];
        Set32(start, (uint)(Length - start));
    }

    public void Add8(int value) => Take(1)[0] = (byte)value;

    public void Add16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), (ushort)value);

    public void Add32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void Add64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void AddZeros(int count) => Take(count).Clear();

    public void Set32(int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(offset), value);

    /// <summary>Puts all out, and begins anew.</summary>
    public void MoveTo(IBufferWriter<byte> output)
    {
        output.Write(Written);
        Length = 0;
    }

    private Span<byte> Take(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Length + count, 2 * _bytes.Length));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
