namespace Isr.Audio.Mpeg;

/// <summary>Which standard a frame follows. The later ones halve the sample rates.</summary>
public enum MpegVersion
{
    /// <summary>ISO/IEC 11172-3: 32, 44.1 and 48 kHz.</summary>
    Mpeg1,

    /// <summary>ISO/IEC 13818-3 (LSF, "lower sampling frequencies"): 16, 22.05 and 24 kHz.</summary>
    Mpeg2,

    /// <summary>Fraunhofer's extension of LSF: 8, 11.025 and 12 kHz.</summary>
    Mpeg25,
}
