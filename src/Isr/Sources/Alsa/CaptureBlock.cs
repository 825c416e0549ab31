namespace Isr.Sources.Alsa;

/// <summary>What came between a block and the one before it.</summary>
internal enum Interruption
{
    None,

    /// <summary>The device's buffer ran over.</summary>
    Overrun,

    /// <summary>The device was suspended.</summary>
    Suspended,
}

/// <summary>Audio as a device gave it. Its bytes are to be given back to the thread that it came from.</summary>
/// <param name="Bytes">In the device's format; more may follow that means nothing.</param>
/// <param name="Moments">Samples of each channel.</param>
/// <param name="Timestamp">When the last of them had been captured.</param>
/// <param name="Interruption">What came before.</param>
/// <param name="Dropped">Moments before this block, and after the interruption, that were read but found no room.</param>
internal readonly record struct CaptureBlock(byte[] Bytes, int Moments, long Timestamp, Interruption Interruption, long Dropped);
