using Isr.Audio.Pcm;

namespace Isr.Audio.Wav;

/// <summary>What stands in the chunks of a WAV file: RIFF, or RF64 for more than 4 GiB (EBU Tech 3306).</summary>
public readonly record struct WavFileInfo
{
    public int SampleRate { get; internal init; }

    public int Channels { get; internal init; }

    /// <summary>Of one sample of one channel, as it is stored: 8, 16, 24, 32 or 64.</summary>
    public int BitsPerSample { get; internal init; }

    public bool IsFloat { get; internal init; }

    /// <summary>Bytes of one sample of all channels.</summary>
    public int BlockAlign { get; internal init; }

    /// <summary>Where the first sample is.</summary>
    public long DataOffset { get; internal init; }

    /// <summary>Bytes of the samples that are there.</summary>
    public long DataLength { get; internal init; }

    /// <summary>Samples per channel.</summary>
    public long Samples => DataLength / BlockAlign;

    /// <summary>The header says less or more than there is: the file was never finished, or its end is missing.</summary>
    public bool IsUnfinished { get; internal init; }

    /// <summary>Bytes of samples that the header tells of and that are not there; 0 where it tells no such number.</summary>
    public long MissingBytes { get; internal init; }

    /// <summary>Why it cannot be said what is in the file, as a sentence; null when it can.</summary>
    public string? Refusal { get; internal init; }

    /// <summary>How one sample is written.</summary>
    public SampleFormat SampleFormat => (BitsPerSample, IsFloat) switch
    {
        (8, _) => SampleFormat.U8,
        (16, _) => SampleFormat.S16,
        (24, _) => SampleFormat.S24Packed,
        (32, false) => SampleFormat.S32,
        (32, true) => SampleFormat.Real,
        _ => SampleFormat.Real64,
    };

    /// <summary>The header says how much data there is; only the size of all may be wrong.</summary>
    internal bool IsDataTrue { get; init; }

    internal bool IsRf64 { get; init; }

    /// <summary>Where the chunk begins that is a ds64, or may become one; 0 without one.</summary>
    internal long RoomOffset { get; init; }

    internal uint RoomLength { get; init; }

    /// <summary>Where the format is, and its bytes.</summary>
    internal long FormatOffset { get; init; }

    internal uint FormatLength { get; init; }

    /// <summary>Where the fact chunk's number of samples is; 0 without one.</summary>
    internal long FactOffset { get; init; }

    /// <summary>Reads the chunks; false when they do not say what is in the file, and <see cref="Refusal"/> says why.</summary>
    /// <param name="read">Reads the file.</param>
    /// <param name="length">Its length.</param>
    /// <param name="info">What they say.</param>
    /// <param name="isLeftOpen">It is known that the file was being written: whatever lies behind the data is data.</param>
    public static bool TryRead(ReadAt read, long length, out WavFileInfo info, bool isLeftOpen = false)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new WavChunks(read, length, isLeftOpen).TryRead(out info);
    }
}
