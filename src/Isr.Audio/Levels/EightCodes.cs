using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Isr.Audio.Levels;

/// <summary>Loads eight samples of 24 bits, with their sign, on a processor with AVX2.</summary>
internal interface IEightCodes
{
    /// <summary>From one sample to the next.</summary>
    static abstract int Bytes { get; }

    /// <summary>Bytes that a load touches, more perhaps than those of eight samples.</summary>
    static abstract int Touched { get; }

    static abstract Vector256<int> Load(ref byte start, nuint offset);

    /// <summary>The rest, one by one.</summary>
    static abstract UInt128 MeasureRest(ReadOnlySpan<byte> samples, Span<Extremes> channels);
}

/// <summary>Three bytes a sample.</summary>
internal readonly struct EightPacked : IEightCodes
{
    public static int Bytes => 3;

    public static int Touched => 28;

    public static Vector256<int> Load(ref byte start, nuint offset)
    {
        // Four samples to each half, as its shuffle does not cross: each into the upper three bytes of its lane.
        var bytes = Vector256.Create(Vector128.LoadUnsafe(ref start, offset), Vector128.LoadUnsafe(ref start, offset + 12));
        var upper = Avx2.Shuffle(bytes, Vector256.Create(
            0x80, 0, 1, 2, 0x80, 3, 4, 5, 0x80, 6, 7, 8, 0x80, 9, 10, 11,
            0x80, 0, 1, 2, 0x80, 3, 4, 5, 0x80, 6, 7, 8, 0x80, 9, 10, 11).AsByte());
        return Vector256.ShiftRightArithmetic(upper.AsInt32(), 8);
    }

    public static UInt128 MeasureRest(ReadOnlySpan<byte> samples, Span<Extremes> channels) => LevelKernels.Measure<CodeS24Packed>(samples, channels);
}

/// <summary>Four bytes a sample, of which the upper one means nothing.</summary>
internal readonly struct EightPadded : IEightCodes
{
    public static int Bytes => 4;

    public static int Touched => 32;

    public static Vector256<int> Load(ref byte start, nuint offset) =>
        Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(Vector256.LoadUnsafe(ref start, offset).AsInt32(), 8), 8);

    public static UInt128 MeasureRest(ReadOnlySpan<byte> samples, Span<Extremes> channels) => LevelKernels.Measure<CodeS24>(samples, channels);
}
