namespace Isr.Audio.Pcm;

/// <summary>How one sample is written, by a device or in a file. All are little-endian.</summary>
public enum SampleFormat
{
    /// <summary>8 bits, unsigned: 128 is silence.</summary>
    U8,

    /// <summary>16 bits in 2 bytes.</summary>
    S16,

    /// <summary>24 bits in 3 bytes.</summary>
    S24Packed,

    /// <summary>24 bits in the lower 3 of 4 bytes; the upper one means nothing.</summary>
    S24,

    /// <summary>32 bits in 4 bytes.</summary>
    S32,

    /// <summary>IEEE 754 single precision; full scale is from -1 to 1.</summary>
    Real,

    /// <summary>IEEE 754 double precision; full scale is from -1 to 1.</summary>
    Real64,
}
