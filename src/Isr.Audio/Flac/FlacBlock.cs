using System.Buffers.Binary;

namespace Isr.Audio.Flac;

/// <summary>The kinds of metadata blocks (RFC 9639, section 8.1).</summary>
internal enum FlacBlockType
{
    StreamInfo = 0,
    Padding = 1,
    SeekTable = 3,
    VorbisComment = 4,
    CueSheet = 5,

    /// <summary>No block: bytes of a frame have come to stand where one was expected.</summary>
    Forbidden = 127,
}

/// <summary>The header of a metadata block: 1 bit "the last", 7 bits type, 24 bits length of what follows.</summary>
internal readonly record struct FlacBlock(FlacBlockType Type, int Length, bool IsLast)
{
    public const int HeaderBytes = 4;

    /// <summary>What a stream or file with metadata begins with.</summary>
    public static ReadOnlySpan<byte> Marker => "fLaC"u8;

    /// <summary>Whether the marker stands here and the one block that must follow it.</summary>
    public static bool IsStreamStart(ReadOnlySpan<byte> source) =>
        source.Length >= Marker.Length + HeaderBytes
        && source.StartsWith(Marker)
        && Read(source[Marker.Length..]) is { Type: FlacBlockType.StreamInfo, Length: FlacStreamInfo.Size };

    /// <summary>Whether blocks of a type are true of any part of a stream, and not only of the file they came with.</summary>
    public static bool IsKept(FlacBlockType type) =>
        type is not (FlacBlockType.StreamInfo or FlacBlockType.Padding or FlacBlockType.SeekTable or FlacBlockType.CueSheet);

    public static FlacBlock Read(ReadOnlySpan<byte> source)
    {
        var bits = BinaryPrimitives.ReadUInt32BigEndian(source);
        return new FlacBlock((FlacBlockType)((bits >> 24) & 0x7F), (int)(bits & 0xFFFFFF), bits >> 31 != 0);
    }

    public void Write(Span<byte> destination) =>
        BinaryPrimitives.WriteUInt32BigEndian(destination, (IsLast ? 1u << 31 : 0) | ((uint)Type << 24) | (uint)Length);
}
