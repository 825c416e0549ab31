using Isr.Audio.Mending;
using Isr.Audio.Sniffing;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Mending;

/// <summary>Files of this program's own muxers, broken off anywhere.</summary>
public sealed class FileMenderTests : IDisposable
{
    private static readonly Dictionary<string, (StreamKind Kind, Func<byte[]> Make)> Streams = new(StringComparer.Ordinal)
    {
        ["mp3"] = (StreamKind.MpegAudio, () => EncodedAudio.Mp3(44100, 2, 2, "-b:a", "128k")),
        ["vbr"] = (StreamKind.MpegAudio, () => EncodedAudio.Mp3(44100, 2, 2, "-q:a", "4")),
        ["lsf"] = (StreamKind.MpegAudio, () => EncodedAudio.Mp3(22050, 1, 3, "-b:a", "48k")),
        ["mp2"] = (StreamKind.MpegAudio, () => EncodedAudio.Mp2(48000, 2, 2, "-b:a", "192k")),
        ["aac"] = (StreamKind.Adts, () => EncodedAudio.Aac(44100, 2, 2, "-b:a", "96k")),
        ["vorbis"] = (StreamKind.Ogg, () => EncodedAudio.Vorbis(44100, 2, 2, "-q:a", "4")),
        ["opus"] = (StreamKind.Ogg, () => EncodedAudio.Opus(48000, 2, 2, "-b:a", "96k")),
        ["oggflac"] = (StreamKind.Ogg, () => EncodedAudio.OggFlac(44100, 2, 2, "-sample_fmt", "s16")),
        ["flac"] = (StreamKind.Flac, () => EncodedAudio.Flac(44100, 2, 2, "-sample_fmt", "s16")),
    };

    /// <summary>One length in so many is tried.</summary>
    private static readonly int Step = Environment.GetEnvironmentVariable("ISR_CAMPAIGN") == "full" ? 2 : 20;

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Formats => [.. Streams.Keys];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_finished_file_is_left_alone_and_counted(string format)
    {
        foreach (var file in Files(format))
        {
            var plan = Mended.Plan(file.Bytes, file.Extension, isLeftOpen: true);

            Assert.True(plan.IsEmptyFor(file.Bytes.Length), $"{plan}");
            Assert.Equal((file.Samples, file.Format.SampleRate, file.Format.Channels), (plan.Samples, plan.SampleRate, plan.Channels));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Whole_frames_of_a_file_that_was_broken_off_stay_and_are_counted(string format)
    {
        var random = FrameReaderContract.Seeded();
        var (kind, file) = (Streams[format].Kind, Files(format)[1]);
        var size = file.Bytes.Length;

        // Somewhere, and all over the last frames and the first.
        int[] lengths =
        [
            .. Enumerable.Range(0, 400 / Step).Select(_ => random.Next(size)), .. Enumerable.Range(size - 600, 600).Where(_ => random.Next(Step) == 0),
            .. Enumerable.Range(1, 1200).Where(_ => random.Next(Step) == 0),
        ];
        var mended = 0;
        var played = new List<(string Path, MendPlan Plan)>();
        foreach (var length in lengths)
        {
            var torn = file.Bytes[..length];
            var plan = Mended.Plan(torn, file.Extension);
            var expected = ReadFrame.All(StreamFormats.CreateReader(kind), torn);
            if (plan.Refusal is not null)
            {
                Assert.True(expected.Sum(frame => frame.Samples) == 0, $"{length}: {plan.Refusal}");
                continue;
            }

            var whole = Mended.Apply(plan, torn);
            var again = Mended.Plan(whole, file.Extension);
            Assert.True(again.IsEmptyFor(whole.Length), $"{length}: {again}");
            Assert.Equal(plan.Samples, again.Samples);

            // Of two frames and nothing more, readers of streams are not sure.
            var frames = ReadFrame.All(StreamFormats.CreateReader(kind), whole);
            if (expected.Count > 3)
            {
                ReadFrame.AssertEqual(expected, frames);
                Assert.Equal(frames.Sum(frame => frame.Samples) - Repeated(file), plan.Samples);
            }

            if (++mended % (160 / Step) == 1 && length > size / 2)
            {
                played.Add((_directory.Write($"mended{played.Count}{file.Extension}", whole), plan));
            }
        }

        AssertPlay(played, isLayer2: format == "mp2");
        Assert.True(mended > 300 / Step, $"{mended} of {lengths.Length} could be mended.");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_a_file_system_leaves_behind_the_last_frame_goes(string format)
    {
        var file = Files(format)[1];
        foreach (var zeros in (int[])[70, 5000, 70_000])
        {
            byte[] torn = [.. file.Bytes, .. new byte[zeros]];

            var plan = Mended.Plan(torn, file.Extension, isLeftOpen: true);

            Assert.Equal(file.Samples, plan.Samples);
            Assert.InRange(plan.Keep, file.Bytes.Length, file.Bytes.Length + (format == "flac" ? 2 : 0));
            Assert.Equal(file.Bytes, Mended.Apply(plan, torn)[..file.Bytes.Length]);
        }
    }

    [Theory]
    [InlineData("mp3")]
    [InlineData("aac")]
    [InlineData("flac")]
    public void Tags_that_others_put_behind_the_sound_stay(string format)
    {
        var file = Files(format)[1];
        byte[] id3 = [.. file.Bytes, .. "TAG"u8, .. new byte[125]];
        byte[] ape = [.. file.Bytes, .. new byte[50], .. "APETAGEX"u8, 0, 0, 0, 0, 82, .. new byte[19]];
        foreach (var tagged in (byte[][])[id3, ape])
        {
            Assert.True(Mended.Plan(tagged, file.Extension).IsEmptyFor(tagged.Length));
        }
    }

    [Theory]
    [InlineData("mp3")]
    [InlineData("aac")]
    public void Files_of_others_lose_a_torn_frame_and_nothing_else(string format)
    {
        var random = FrameReaderContract.Seeded();
        var stream = Streams[format].Make();
        var extension = "." + format;
        byte[] odd = [.. stream.AsSpan(100, 20_000), .. FrameReaderContract.Garbage(random, 5000), .. stream, .. "what is this?"u8];

        var plan = Mended.Plan(odd, extension);
        var torn = Mended.Plan(stream[..^5], extension);

        Assert.True(plan.IsEmptyFor(odd.Length), $"{plan}");
        Assert.InRange(torn.Keep, stream.Length - 2000, stream.Length - 6);
        Assert.Empty(torn.Patches);
        ReadFrame.AssertEqual(
            ReadFrame.All(StreamFormats.CreateReader(Streams[format].Kind), stream)[..^1],
            ReadFrame.All(StreamFormats.CreateReader(Streams[format].Kind), stream.AsSpan(0, (int)torn.Keep)));
    }

    [Fact]
    public void A_packet_that_goes_on_where_nothing_is_goes_and_the_packets_before_it_stay()
    {
        // The encoder's own pages: packets lie across them.
        var stream = EncodedAudio.Vorbis(44100, 2, 8, "-q:a", "4", "-page_duration", "20000");
        var ends = OggPageEnds(stream);
        foreach (var end in ends.Where((_, i) => i % 27 == 5))
        {
            var torn = stream[..end];

            var plan = Mended.Plan(torn, ".ogg");
            var whole = Mended.Apply(plan, torn);

            ReadFrame.AssertEqual(
                ReadFrame.All(StreamFormats.CreateReader(StreamKind.Ogg), torn), ReadFrame.All(StreamFormats.CreateReader(StreamKind.Ogg), whole));
            Assert.True(Mended.Plan(whole, ".ogg").IsEmptyFor(whole.Length));
        }
    }

    [Fact]
    public void The_last_link_of_a_chain_gets_its_end()
    {
        byte[] chain = [.. EncodedAudio.Opus(48000, 1, 2), .. EncodedAudio.Opus(48000, 2, 3)];
        var torn = chain[..^300];

        var whole = Mended.Apply(Mended.Plan(torn, ".opus"), torn);

        Assert.True(Mended.Plan(chain, ".opus").IsEmptyFor(chain.Length));
        Assert.True(Mended.Plan(whole, ".opus").IsEmptyFor(whole.Length));
        Assert.Equal("", Tool.Run("oggz-validate", _directory.Write("chain.opus", whole)).Errors);
    }

    [Fact]
    public void A_FLAC_file_without_a_number_of_samples_gets_it()
    {
        var stream = EncodedAudio.Flac(44100, 2, 4, "-sample_fmt", "s16");
        stream = [.. stream];
        stream[21] &= 0xF0;
        stream.AsSpan(22, 4).Clear();

        var plan = Mended.Plan(stream, ".flac");

        Assert.Equal(4 * 44100, plan.Samples);
        AssertPlay([(_directory.Write("counted.flac", Mended.Apply(plan, stream)), plan)]);
        Assert.NotNull(Mended.Plan(stream[8000..], ".flac").Refusal);
    }

    private static List<MadeFile> Files(string format)
    {
        var frames = ReadFrame.All(StreamFormats.CreateReader(Streams[format].Kind), Streams[format].Make());
        var files = StreamFiles.Make(frames, number => number == frames.Count / 3);
        Assert.Equal(2, files.Count);
        return files;
    }

    /// <summary>Samples of the lead-in, which readers cannot tell from the rest.</summary>
    private static long Repeated(MadeFile file) => file.Format.Codec == AudioCodec.MpegLayer3
        ? ReadFrame.All(StreamFormats.CreateReader(StreamKind.MpegAudio), file.Bytes).Sum(frame => frame.Samples) - file.Samples
        : 0;

    private static IEnumerable<int> OggPageEnds(byte[] stream)
    {
        for (var at = 0; at < stream.Length;)
        {
            at += 27 + stream[at + 26] + stream.AsSpan(at + 27, stream[at + 26]).ToArray().Sum(b => b);
            yield return at;
        }
    }

    private static void AssertPlay(List<(string Path, MendPlan Plan)> files, bool isLayer2 = false)
    {
        var (decoded, errors) = Ffmpeg.Run(files.ConvertAll(file => file.Path), "f32le", "warning");
        Assert.True(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(line => line.Contains("Estimating duration", StringComparison.Ordinal)), errors);
        foreach (var ((path, plan), bytes) in files.Zip(decoded))
        {
            // Decoders of ADTS and layer II give what they have.
            var samples = bytes.Length / sizeof(float) / plan.Channels;
            Assert.True(path.EndsWith(".aac", StringComparison.Ordinal) || samples == plan.Samples, $"{samples} of {plan.Samples} samples");
            AssertValid(path, isLayer2);
        }
    }

    private static void AssertValid(string path, bool isLayer2)
    {
        string[]? validator = Path.GetExtension(path) switch
        {
            ".mp3" when !isLayer2 => ["mp3val", path],
            ".ogg" or ".opus" => ["oggz-validate", path],
            ".flac" => ["flac", "-t", "-s", path],
            _ => null,
        };
        if (validator is not null)
        {
            var said = Tool.Run(validator[0], validator[1..]);
            var text = System.Text.Encoding.UTF8.GetString(said.Output) + said.Errors;
            Assert.False(said.ExitCode != 0 || text.Contains("WARNING:", StringComparison.Ordinal) || text.Contains("ERROR", StringComparison.Ordinal), text);
        }
    }
}
