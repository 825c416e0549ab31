using System.Buffers.Binary;
using System.Numerics;

namespace Isr.Recording.Joining;

/// <summary>
/// 64 bits that tell one frame from another. No cryptography: a server that makes two of its own frames look the same
/// spoils its own recording alone.
/// </summary>
internal static class FrameHash
{
    private const ulong Prime = 0x9E3779B97F4A7C15;
    private const int Rotation = 29;

    public static ulong Of(ReadOnlySpan<byte> frame)
    {
        var hash = (ulong)frame.Length;
        while (frame.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(frame));
            frame = frame[sizeof(ulong)..];
        }

        foreach (var rest in frame)
        {
            hash = Mix(hash, rest);
        }

        return hash ^ (hash >> 32);
    }

    private static ulong Mix(ulong hash, ulong word) => BitOperations.RotateLeft((hash ^ word) * Prime, Rotation) + word;
}
