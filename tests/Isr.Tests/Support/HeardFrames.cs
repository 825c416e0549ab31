namespace Isr.Tests.Support;

/// <summary>A tapped stream, cut into what must be recorded.</summary>
/// <param name="Runs">Of Ogg: the first link of each <see cref="HeardFrame.Run"/>.</param>
/// <param name="Frames">All that must be recorded, once and in order.</param>
internal sealed record HeardFrames(IReadOnlyList<OggLink> Runs, IReadOnlyList<HeardFrame> Frames)
{
    /// <summary>Logical streams of Ogg, those that continue one another counted singly.</summary>
    public int Links { get; init; }

    /// <param name="body">As a listener got it.</param>
    /// <param name="format">A format of <see cref="TestAudio.Codec"/>, told apart by the stream's container alone.</param>
    /// <param name="sampleRate">Of native FLAC, MP3 and AAC.</param>
    public static HeardFrames OfTap(ReadOnlyMemory<byte> body, string format, int sampleRate = 44_100)
    {
        switch (format)
        {
            case "mp3" or "mono48" or "vbr":
                return new([], Place(FrameSplitter.Mp3FromMiddle(body), sampleRate < 32_000 ? 576 : 1152, sampleRate, body));
            case "adts":
                return new([], Place(FrameSplitter.AdtsFromMiddle(body), 1024, sampleRate, body));
            case "flac":
                return new([], FlacSplitter.FromMiddle(body, sampleRate));
            default:
                return OggSplitter.Join(OggSplitter.Tap(body));
        }
    }

    /// <summary>The recorded frames as one file, named as a recording of the format would be: what they sound like uncut.</summary>
    public async Task<string> WriteWholeAsync(string path, string format, int first, int count)
    {
        var frames = Frames.Skip(first).Take(count).ToList();
        var whole = format switch
        {
            "mp3" or "mono48" or "vbr" or "adts" => [.. frames.SelectMany(f => f.Original.ToArray())],
            "flac" => [.. StreamInfo(frames[0]), .. frames.SelectMany(f => f.Original.ToArray())],
            _ => OggMaker.Make(Runs[frames[0].Run], frames),
        };
        await File.WriteAllBytesAsync(path, whole, TestContext.Current.CancellationToken);
        return path;
    }

    /// <summary>The sound of the file's own frames, what it repeats of the one before in front.</summary>
    /// <returns>All frames, and how many at the start are repeated as far as the file itself tells.</returns>
    public static (IReadOnlyList<HeardFrame> Frames, int LeadIn, OggLink? Link) OfFile(string path)
    {
        ReadOnlyMemory<byte> file = File.ReadAllBytes(path);
        switch (Path.GetExtension(path))
        {
            case ".mp3":
                return (Place(FrameSplitter.Mp3WithoutLeadIn(file), 1152, 44_100, file), 0, null);
            case ".aac":
                return (Place(FrameSplitter.Adts(file), 1024, 44_100, file), 0, null);
            case ".flac":
                return (FlacSplitter.File(file).Frames, 0, null);
            default:
                var link = OggSplitter.File(file);
                return (link.Packets, link.LeadIn, link);
        }
    }

    private static List<HeardFrame> Place(List<ReadOnlyMemory<byte>> frames, int samples, int sampleRate, ReadOnlyMemory<byte> body)
    {
        var placed = new List<HeardFrame>(frames.Count);
        long end = frames.Count == 0 ? 0 : body.Span.IndexOf(frames[0].Span);
        foreach (var frame in frames)
        {
            end += frame.Length;
            placed.Add(new HeardFrame(frame, samples, sampleRate, end, 0, frame));
        }

        return placed;
    }

    /// <summary>A header for a native stream that has none, of 44.1 kHz stereo; the frames say the rest.</summary>
    private static byte[] StreamInfo(HeardFrame frame)
    {
        var bits = (frame.Original.Span[3] >> 1 & 7) switch { 1 => 8, 2 => 12, 4 => 16, 5 => 20, 6 => 24, _ => 32 };
        var packed = (ulong)frame.SampleRate << 44 | 1UL << 41 | (ulong)(bits - 1) << 36;
        var (high, low) = ((byte)(frame.Samples >> 8), (byte)frame.Samples);
        byte[] rest = [.. Enumerable.Range(0, 8).Select(i => (byte)(packed >> 56 - 8 * i)), .. new byte[16]];
        return [.. "fLaC"u8, 0x80, 0, 0, 34, high, low, high, low, .. new byte[6], .. rest];
    }
}
