using System.Buffers.Binary;

namespace Isr.Audio.Levels;

/// <summary>Reads one little-endian integer sample.</summary>
internal interface ICode
{
    static abstract int Bytes { get; }

    static abstract int Bits { get; }

    static abstract int Read(ReadOnlySpan<byte> from);
}

/// <summary>Reads one little-endian sample of floating point.</summary>
internal interface IReal
{
    static abstract int Bytes { get; }

    static abstract double Read(ReadOnlySpan<byte> from);
}

internal readonly struct CodeU8 : ICode
{
    public static int Bytes => 1;

    public static int Bits => 8;

    public static int Read(ReadOnlySpan<byte> from) => from[0] - 128;
}

internal readonly struct CodeS16 : ICode
{
    public static int Bytes => 2;

    public static int Bits => 16;

    public static int Read(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadInt16LittleEndian(from);
}

internal readonly struct CodeS24Packed : ICode
{
    public static int Bytes => 3;

    public static int Bits => 24;

    public static int Read(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadUInt16LittleEndian(from) | ((sbyte)from[2] << 16);
}

internal readonly struct CodeS24 : ICode
{
    public static int Bytes => 4;

    public static int Bits => 24;

    public static int Read(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadInt32LittleEndian(from) << 8 >> 8;
}

internal readonly struct CodeS32 : ICode
{
    public static int Bytes => 4;

    public static int Bits => 32;

    public static int Read(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadInt32LittleEndian(from);
}

internal readonly struct Real32 : IReal
{
    public static int Bytes => 4;

    public static double Read(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadSingleLittleEndian(from);
}

internal readonly struct Real64 : IReal
{
    public static int Bytes => 8;

    public static double Read(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadDoubleLittleEndian(from);
}
