using System.Buffers;
using Isr.Audio;
using Isr.Audio.Cutting;
using Isr.Playback.Cutting;
using Isr.Tests.Support;

namespace Isr.Tests.Playback.Cutting;

/// <summary>What is cut out of files, against the same stretch of the whole file decoded.</summary>
public sealed class FrameCutTests(CodedSounds sounds, ITestOutputHelper output) : IClassFixture<CodedSounds>
{
    private static readonly FileFacts s_facts = new("test", new DateTimeOffset(2026, 5, 23, 22, 31, 30, TimeSpan.FromHours(2)));

    /// <summary>Of each format, how far samples may be from those of the whole, and how many at the start may be anything.</summary>
    private static readonly (string Name, double Tolerance, int Unlike)[] s_formats =
    [
        ("s16.wav", 0, 0), ("s24.wav", 0, 0), ("u8.wav", 0, 0), ("real.wav", 0, 0), ("rf64.wav", 0, 0), ("fixed.flac", 0, 0), ("odd.flac", 0, 0),
        ("cbr.mp3", 0, 0), ("vbr.mp3", 0, 0), ("bare.mp3", 0, 0), ("lsf.mp3", 0, 0), ("layer2.mp3", 0.0001, 481), ("lc.aac", 0.0001, 1024),
        ("vorbis.ogg", 0, 0), ("opus.opus", 0.0001, 0), ("flac.ogg", 0, 0),
    ];

    // Of all formats at once: programs take longer to start than to judge so little.
    [Fact]
    public async Task A_cut_of_any_format_decodes_to_that_stretch_of_the_whole()
    {
        var random = Seeded();
        using var directory = new TemporaryDirectory();
        var cuts = s_formats.SelectMany(format => CutTwice(format.Name, directory, random)).ToList();
        var decoded = await AudioChecks.DecodeAsync(cuts.ConvertAll(cut => cut.Path));

        Assert.Multiple([.. cuts.Zip(decoded, (cut, heard) => (Action)(() => IsThatStretch(cut, heard)))]);

        // Programs complain of any file of layer II, and of the extensible header that ffmpeg gives to fractions.
        await AudioChecks.PassesAllAsync(cuts.Where(cut => cut.IsToTheEnd && cut.Name is not ("layer2.mp3" or "real.wav")).Select(cut => cut.Path));
    }

    private List<MadeCut> CutTwice(string name, TemporaryDirectory directory, Random random)
    {
        using var opened = new OpenedFile(sounds.PathOf(name));
        var file = opened.Frames;
        var cuts = new List<MadeCut>();
        foreach (var isToTheEnd in (bool[])[false, true])
        {
            // A cut from the very start has nothing that a decoder could have heard before; ffmpeg drops the first frame of LSF there.
            var from = !isToTheEnd && name != "lsf.mp3" ? 0 : random.NextInt64(file.SampleRate, file.Samples - (2 * file.SampleRate));
            var to = isToTheEnd ? file.Samples : random.NextInt64(from + (file.SampleRate / 2), file.Samples + 1);
            var cut = file.TryCut(from, to, CutEdges.AtOrAfter)!;
            var path = directory.File($"{(isToTheEnd ? "end" : "start")}-{name}");
            cuts.Add(new MadeCut(name, path, from, to, cut.FirstSample, Write(cut.ToFile(s_facts), path).Samples, file.Format.Channels, isToTheEnd));
        }

        return cuts;
    }

    private void IsThatStretch(MadeCut cut, float[] decoded)
    {
        var (_, tolerance, unlike) = s_formats.Single(format => format.Name == cut.Name);
        var (from, to, first, samples, channels) = (cut.From, cut.To, cut.First, cut.Samples, cut.Channels);
        var whole = sounds.Decoded(cut.Name);
        var expected = whole.AsSpan((int)(Math.Max(0, first) * channels));
        var heard = decoded.AsSpan((int)(Math.Max(0, -first) * channels));
        var length = Math.Min(expected.Length, heard.Length);
        Assert.True(samples * channels == decoded.Length, $"{cut} decodes to {decoded.Length} samples");
        Assert.True(first >= (from == 0 ? -2000 : from) && first <= from + 4608, $"{cut} begins elsewhere");
        Assert.True(first + samples >= Math.Min(to, whole.Length / channels) && first + samples <= to + 4608, $"{cut} ends elsewhere");
        Assert.True(length >= (samples + Math.Min(0, first) - 4608) * channels, $"{cut}: only {length} samples can be compared");
        var skipped = from == 0 ? 0 : unlike * channels;
        var (at, by) = Compare(expected[skipped..length], heard[skipped..length], tolerance);
        Assert.True(at < 0, $"{cut} is off by {by} at {at}");
    }

    [Theory]
    [InlineData("fixed.flac")]
    [InlineData("cbr.mp3")]
    [InlineData("vbr.mp3")]
    [InlineData("lc.aac")]
    [InlineData("vorbis.ogg")]
    [InlineData("opus.opus")]
    [InlineData("flac.ogg")]
    [InlineData("flac.ogg", 59539809)] // The last of them is shorter than a frame, and none begins in it.
    [InlineData("s24.wav")]
    public void Cuts_that_meet_have_every_frame_once(string name, int? fixedSeed = null)
    {
        using var opened = new OpenedFile(sounds.PathOf(name));
        var random = Seeded(fixedSeed);
        var all = FramesOf(opened.Frames.TryCut(0, long.MaxValue, CutEdges.AtOrAfter));

        var joined = new List<string>();
        for (var at = 0L; at < opened.Frames.Samples;)
        {
            var next = Math.Min(opened.Frames.Samples, at + random.Next(5000, 400_000));
            joined.AddRange(FramesOf(opened.Frames.TryCut(at, next, CutEdges.AtOrAfter)));
            at = next;
        }

        Assert.Equal(opened.Frames.Format.Codec == AudioCodec.Pcm ? [string.Concat(all)] : all, opened.Frames.Format.Codec == AudioCodec.Pcm ? [string.Concat(joined)] : joined);
    }

    [Theory]
    [InlineData("fixed.flac")]
    [InlineData("cbr.mp3")]
    [InlineData("lc.aac")]
    [InlineData("vorbis.ogg")]
    [InlineData("opus.opus")]
    public void Outer_edges_hold_all_of_a_stretch_and_inner_ones_nothing_else(string name)
    {
        using var opened = new OpenedFile(sounds.PathOf(name));
        var (from, to) = ((12L * CodedSounds.Rate) + 17, (13L * CodedSounds.Rate) + 5);

        var outer = Measured(opened.Frames.TryCut(from, to, CutEdges.Outer)!);
        var inner = Measured(opened.Frames.TryCut(from, to, CutEdges.Inner)!);

        Assert.True(outer.First <= from && outer.First + outer.Samples >= to, $"{outer} does not hold {from} to {to}");
        Assert.True(inner.First >= from && inner.First + inner.Samples <= to, $"{inner} is not in {from} to {to}");
        Assert.InRange(inner.Samples, to - from - 9300, to - from);
    }

    [Fact]
    public async Task A_file_that_grows_is_cut_as_far_as_its_last_whole_frame()
    {
        using var directory = new TemporaryDirectory();
        var paths = new List<string>();
        foreach (var name in (string[])["s16.wav", "fixed.flac", "cbr.mp3", "vbr.mp3", "lc.aac", "vorbis.ogg", "opus.opus", "flac.ogg"])
        {
            var bytes = await File.ReadAllBytesAsync(sounds.PathOf(name), TestContext.Current.CancellationToken);
            var index = new FrameIndex();
            long before = 0;
            foreach (var length in (int[])[bytes.Length / 3, (bytes.Length / 3) + 1001, (bytes.Length / 2) + 7, bytes.Length])
            {
                // The header of a WAV file that is being written tells less or more than there is.
                var file = CodedFile.TryOpen(Reader(bytes[..length]), length, Path.GetExtension(name), index, out var sentence);
                Assert.True(file is not null, $"{name}: {sentence}");

                Assert.True(file.Samples >= before && file.Samples <= CodedSounds.Rate * 31L * 48000 / 44100, $"{name}: {file.Samples} after {before}");
                before = file.Samples;
                var path = directory.File($"{length}-{name}");
                var made = Write(file.TryCut(file.Samples - file.SampleRate, file.Samples, CutEdges.AtOrAfter)!.ToFile(s_facts), path);
                Assert.True(Math.Abs(made.Samples - file.SampleRate) <= 4608, $"{name}: {made.Samples}");
                paths.Add(path);
            }
        }

        await AudioChecks.DecodesSilentlyAsync(paths);
    }

    [Fact]
    public async Task Files_that_a_muxer_split_are_joined_to_the_stream()
    {
        var random = Seeded();
        using var directory = new TemporaryDirectory();
        string[] names = ["fixed.flac", "cbr.mp3", "vbr.mp3", "vorbis.ogg", "opus.opus", "flac.ogg", "s16.wav"];
        var joined = names.Select(name => (Name: name, Path: directory.File($"joined-{name}"), Made: SplitAndJoin(name, directory, random))).ToList();
        foreach (var ((name, path, (at, samples)), decoded) in joined.Zip(await AudioChecks.DecodeAsync(joined.ConvertAll(j => j.Path))))
        {
            Assert.Equal((name, samples * 2), (name, decoded.Length));
            var (differs, by) = Compare(sounds.Decoded(name).AsSpan(at, decoded.Length), decoded, name.EndsWith(".opus", StringComparison.Ordinal) ? 0.0001 : 0);
            Assert.Equal((name, -1, 0f), (name, differs, by));
        }

        await AudioChecks.PassesAllAsync(joined.Select(j => j.Path));
    }

    /// <summary>Three files as a split makes them, of which the first is joined from somewhere on, the second whole and of the third a second.</summary>
    private (int At, long Samples) SplitAndJoin(string name, TemporaryDirectory directory, Random random)
    {
        using var opened = new OpenedFile(sounds.PathOf(name));
        var third = opened.Frames.Samples / 3;
        var first = 0L;
        var files = new List<OpenedFile>();
        for (var i = 0; i < 3; i++)
        {
            var part = opened.Frames.TryCut(i * third, i == 2 ? long.MaxValue : (i + 1) * third, CutEdges.AtOrAfter)!;
            first = i == 0 ? part.FirstSample : first;
            var path = directory.File($"{i}-{name}");
            Write(part.ToFile(s_facts with { Start = s_facts.Start.AddSeconds(10 * i) }), path);
            files.Add(new OpenedFile(path));
        }

        var start = random.Next(CodedSounds.Rate, (int)third - CodedSounds.Rate);
        List<FrameCut> cuts =
        [
            files[0].Frames.TryCut(start, long.MaxValue, CutEdges.AtOrAfter)!,
            files[1].Frames.TryCut(0, long.MaxValue, CutEdges.AtOrAfter)!,
            files[2].Frames.TryCut(0, CodedSounds.Rate, CutEdges.AtOrAfter)!,
        ];
        var made = Write(FrameCut.TryJoin(cuts)!.ToFile(s_facts), directory.File($"joined-{name}"));
        files.ForEach(file => file.Dispose());
        return ((int)(cuts[0].FirstSample + first) * 2, made.Samples);
    }

    [Fact]
    public void What_is_shorter_than_a_frame_is_the_frame_that_holds_it_but_not_between_others()
    {
        using var opened = new OpenedFile(sounds.PathOf("flac.ogg"));
        var file = opened.Frames;
        var last = file.TryCut(file.Samples - 10, file.Samples, CutEdges.Holding)!;

        Assert.Null(file.TryCut(file.Samples - 10, file.Samples, CutEdges.AtOrAfter));
        Assert.InRange(last.FirstSample, file.Samples - 4608, file.Samples - 10);
        Assert.Equal(FramesOf(file.TryCut(last.FirstSample, file.Samples, CutEdges.AtOrAfter)), FramesOf(last));

        CutStretch shortOne = new(file, file.Samples - 10, file.Samples);
        Assert.Equal(file.Samples - last.FirstSample, MadeOf(shortOne).Samples);
        Assert.Equal(MadeOf(new CutStretch(file, 0, 50_000)).Samples, MadeOf(shortOne, new CutStretch(file, 0, 50_000)).Samples);

        static CutFile MadeOf(params CutStretch[] stretches)
        {
            var made = FrameFile.TryMake(stretches, s_facts)!;
            made.Measure(TestContext.Current.CancellationToken);
            return made;
        }
    }

    [Fact]
    public void Files_of_other_audio_are_not_joined()
    {
        using var one = new OpenedFile(sounds.PathOf("cbr.mp3"));
        using var other = new OpenedFile(sounds.PathOf("lsf.mp3"));

        Assert.Null(FrameCut.TryJoin([one.Frames.TryCut(0, 50_000, CutEdges.AtOrAfter)!, other.Frames.TryCut(0, 50_000, CutEdges.AtOrAfter)!]));
    }

    [Fact]
    public async Task No_bytes_make_it_throw_or_go_on_for_ever()
    {
        var random = Seeded();
        var seen = 0;
        foreach (var (name, _) in CodedSounds.Kinds)
        {
            var bytes = (await File.ReadAllBytesAsync(sounds.PathOf(name), TestContext.Current.CancellationToken)).AsSpan();
            bytes = bytes[..Math.Min(bytes.Length, 300_000)];
            for (var i = 0; i < 10; i++)
            {
                var damaged = bytes[..random.Next(bytes.Length / (1 + random.Next(40)))].ToArray();
                for (var k = random.Next(12); k > 0 && damaged.Length > 0; k--)
                {
                    var at = random.Next(damaged.Length / (1 + random.Next(200)) + 1) % damaged.Length;
                    random.NextBytes(damaged.AsSpan(at, random.Next(Math.Min(damaged.Length - at, 1 << random.Next(12)))));
                }

                if (CodedFile.TryOpen(Reader(damaged), damaged.Length, Path.GetExtension(name), null, out var sentence) is not { } file)
                {
                    Assert.EndsWith(".", sentence, StringComparison.Ordinal);
                    continue;
                }

                var from = random.NextInt64(Math.Max(1, file.Samples));
                foreach (var edges in Enum.GetValues<CutEdges>())
                {
                    if (file.TryCut(from, from + random.NextInt64(1, 200_000), edges) is { } cut)
                    {
                        var made = cut.ToFile(s_facts);
                        made.Measure(TestContext.Current.CancellationToken);
                        var count = new ArrayBufferWriter<byte>();
                        while (made.TryWrite(count))
                        {
                        }

                        Assert.Equal(made.Length, count.WrittenCount);
                        seen++;
                    }
                }
            }
        }

        Assert.True(seen > 100, $"only {seen} cuts were made");
    }

    private Random Seeded(int? known = null)
    {
        var seed = known ?? Environment.TickCount;
        output.WriteLine($"Seed {seed}.");
        return new Random(seed);
    }

    private static ReadAt Reader(byte[] bytes) => (offset, destination) =>
    {
        var count = (int)Math.Clamp(bytes.Length - offset, 0, destination.Length);
        bytes.AsSpan((int)Math.Min(offset, bytes.Length), count).CopyTo(destination);
        return count;
    };

    private static (long First, long Samples) Measured(FrameCut cut)
    {
        var file = cut.ToFile(s_facts);
        file.Measure(TestContext.Current.CancellationToken);
        return (cut.FirstSample, file.Samples);
    }

    private static CutFile Write(CutFile file, string path)
    {
        file.Measure(TestContext.Current.CancellationToken);
        var bytes = new ArrayBufferWriter<byte>();
        while (file.TryWrite(bytes))
        {
        }

        Assert.Equal(file.Length, bytes.WrittenCount);
        File.WriteAllBytes(path, bytes.WrittenSpan);
        return file;
    }

    private static List<string> FramesOf(FrameCut? cut)
    {
        var found = new List<string>();
        var frames = cut?.Read();
        while (frames is not null && frames.TryNext(out var frame, out var isBefore))
        {
            if (!isBefore)
            {
                found.Add(Convert.ToHexString(frame.Data));
            }
        }

        return found;
    }

    /// <summary>Where the first sample differs by more, and by how much; -1 where none does.</summary>
    private static (int At, float By) Compare(ReadOnlySpan<float> expected, ReadOnlySpan<float> heard, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (Math.Abs(expected[i] - heard[i]) > tolerance)
            {
                return (i, expected[i] - heard[i]);
            }
        }

        return (-1, 0);
    }

    /// <summary>A cut as it was asked for and as it came out, in samples per channel.</summary>
    private sealed record MadeCut(string Name, string Path, long From, long To, long First, long Samples, int Channels, bool IsToTheEnd);

    private sealed class OpenedFile : IDisposable
    {
        private readonly FileStream _file;

        public OpenedFile(string path)
        {
            _file = File.OpenRead(path);
            var handle = _file.SafeFileHandle;
            var frames = CodedFile.TryOpen((offset, into) => RandomAccess.Read(handle, into, offset), _file.Length, Path.GetExtension(path), null, out var sentence);
            Assert.True(frames is not null, sentence);
            Frames = frames;
        }

        public CodedFile Frames { get; }

        public void Dispose() => _file.Dispose();
    }
}
