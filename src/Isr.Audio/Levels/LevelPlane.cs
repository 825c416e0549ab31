namespace Isr.Audio.Levels;

/// <summary>Where one plane lies in a level file.</summary>
/// <param name="Name">ASCII.</param>
/// <param name="Encoding">How it is written.</param>
/// <param name="Width">Bytes of a value.</param>
/// <param name="Offset">Where in the file it begins.</param>
/// <param name="Length">Bytes in the file.</param>
/// <param name="Crc">CRC-32C of these.</param>
internal readonly record struct LevelPlane(string Name, LevelEncoding Encoding, int Width, long Offset, int Length, uint Crc);

internal enum LevelEncoding : byte
{
    /// <summary>One value after the other, little-endian.</summary>
    Raw = 0,

    /// <summary>Deflated: first all low bytes, then all high ones.</summary>
    Deflated = 1,

    /// <summary>The same of each value's difference from the one before, zigzag.</summary>
    DeflatedDeltas = 2,
}
