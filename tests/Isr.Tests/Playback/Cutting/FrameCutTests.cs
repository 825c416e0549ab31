using System.Buffers;
using Isr.Audio;
using Isr.Audio.Cutting;
using Isr.Tests.Support;

namespace Isr.Tests.Playback.Cutting;

/// <summary>What is cut out of files, against the same stretch of the whole file decoded.</summary>
public sealed class FrameCutTests(CodedSounds sounds, ITestOutputHelper output) : IClassFixture<CodedSounds>
{
    private static readonly FileFacts s_facts = new("test", new DateTimeOffset(2026, 5, 23, 22, 31, 30, TimeSpan.FromHours(2)));

    [Theory]
    [InlineData("s16.wav", 0, 0)]
    [InlineData("s24.wav", 0, 0)]
    [InlineData("u8.wav", 0, 0)]
    [InlineData("real.wav", 0, 0)]
    [InlineData("rf64.wav", 0, 0)]
    [InlineData("fixed.flac", 0, 0)]
    [InlineData("odd.flac", 0, 0)]
    [InlineData("cbr.mp3", 0, 0)]
    [InlineData("vbr.mp3", 0, 0)]
    [InlineData("bare.mp3", 0, 0)]
    [InlineData("lsf.mp3", 0, 0)]
    [InlineData("layer2.mp3", 0.0001, 481)]
    [InlineData("lc.aac", 0.0001, 1024)]
    [InlineData("vorbis.ogg", 0, 0)]
    [InlineData("opus.opus", 0.0001, 0)]
    [InlineData("flac.ogg", 0, 0)]
    public async Task A_cut_decodes_to_that_stretch_of_the_whole(string name, double tolerance, int unlike)
    {
        var whole = await AudioChecks.DecodeAsync(sounds.PathOf(name));
        using var opened = new OpenedFile(sounds.PathOf(name));
        var file = opened.Frames;
        var channels = file.Format.Channels;
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();

        var cuts = new List<(string Path, long From, long To, long First, long Samples)>();
        for (var i = 0; i < 2; i++)
        {
            // A cut from the very start has nothing that a decoder could have heard before; ffmpeg drops the first frame of LSF there.
            var from = i == 0 && name != "lsf.mp3" ? 0 : random.NextInt64(file.SampleRate, file.Samples - (2 * file.SampleRate));
            var to = i == 1 ? file.Samples : random.NextInt64(from + (file.SampleRate / 2), file.Samples + 1);
            var cut = file.TryCut(from, to, CutEdges.AtOrAfter)!;
            var path = directory.File($"{i}{Path.GetExtension(name)}");
            cuts.Add((path, from, to, cut.FirstSample, Write(cut.ToFile(s_facts), path).Samples));
        }

        foreach (var ((_, from, to, first, samples), decoded) in cuts.Zip(await AudioChecks.DecodeAsync([.. cuts.Select(c => c.Path)])))
        {
            var expected = whole.AsSpan((int)(Math.Max(0, first) * channels));
            var heard = decoded.AsSpan((int)(Math.Max(0, -first) * channels));
            var length = Math.Min(expected.Length, heard.Length);
            Assert.Equal(samples * channels, decoded.Length);
            Assert.InRange(first, from == 0 ? -2000 : from, from + 4608);
            Assert.InRange(first + samples, Math.Min(to, file.Samples), to + 4608);
            Assert.InRange(length, (samples + Math.Min(0, first) - 4608) * channels, decoded.Length);
            var skipped = from == 0 ? 0 : unlike * channels;
            Assert.Equal((-1, 0f), Compare(expected[skipped..length], heard[skipped..length], tolerance));
        }

        // Programs complain of any file of layer II, and of the extensible header that ffmpeg gives to fractions.
        if (name is not ("layer2.mp3" or "real.wav"))
        {
            await AudioChecks.PassesAllAsync(cuts[1].Path);
        }
    }

    [Theory]
    [InlineData("fixed.flac")]
    [InlineData("cbr.mp3")]
    [InlineData("vbr.mp3")]
    [InlineData("lc.aac")]
    [InlineData("vorbis.ogg")]
    [InlineData("opus.opus")]
    [InlineData("flac.ogg")]
    [InlineData("s24.wav")]
    public void Cuts_that_meet_have_every_frame_once(string name)
    {
        using var opened = new OpenedFile(sounds.PathOf(name));
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        var all = FramesOf(opened.Frames.TryCut(0, long.MaxValue, CutEdges.AtOrAfter)!);

        var joined = new List<string>();
        for (var at = 0L; at < opened.Frames.Samples;)
        {
            var next = Math.Min(opened.Frames.Samples, at + random.Next(5000, 400_000));
            joined.AddRange(FramesOf(opened.Frames.TryCut(at, next, CutEdges.AtOrAfter)!));
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

    [Theory]
    [InlineData("s16.wav")]
    [InlineData("fixed.flac")]
    [InlineData("cbr.mp3")]
    [InlineData("vbr.mp3")]
    [InlineData("lc.aac")]
    [InlineData("vorbis.ogg")]
    [InlineData("opus.opus")]
    [InlineData("flac.ogg")]
    public async Task A_file_that_grows_is_cut_as_far_as_its_last_whole_frame(string name)
    {
        var bytes = await File.ReadAllBytesAsync(sounds.PathOf(name), TestContext.Current.CancellationToken);
        var index = new FrameIndex();
        using var directory = new TemporaryDirectory();
        var paths = new List<string>();
        long before = 0;
        foreach (var length in (int[])[bytes.Length / 3, (bytes.Length / 3) + 1001, (bytes.Length / 2) + 7, bytes.Length])
        {
            // The header of a WAV file that is being written tells less or more than there is.
            var file = CodedFile.TryOpen(Reader(bytes[..length]), length, Path.GetExtension(name), index, out var sentence);
            Assert.True(file is not null, sentence);

            Assert.InRange(file.Samples, before, CodedSounds.Rate * 31L * 48000 / 44100);
            before = file.Samples;
            var path = directory.File($"cut{paths.Count}{Path.GetExtension(name)}");
            var made = Write(file.TryCut(file.Samples - file.SampleRate, file.Samples, CutEdges.AtOrAfter)!.ToFile(s_facts), path);
            Assert.InRange(made.Samples, file.SampleRate - 4608, file.SampleRate + 4608);
            paths.Add(path);
        }

        await AudioChecks.DecodesSilentlyAsync(paths);
    }

    [Fact]
    public async Task Files_that_a_muxer_split_are_joined_to_the_stream()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        await Parallel.ForEachAsync(["fixed.flac", "cbr.mp3", "vbr.mp3", "vorbis.ogg", "opus.opus", "flac.ogg", "s16.wav"], async (string name, CancellationToken _) =>
        {
            var whole = await AudioChecks.DecodeAsync(sounds.PathOf(name));
            var cuts = new List<FrameCut>();
            var files = new List<OpenedFile>();
            using var opened = new OpenedFile(sounds.PathOf(name));
            var third = opened.Frames.Samples / 3;
            var first = 0L;
            for (var i = 0; i < 3; i++)
            {
                var part = opened.Frames.TryCut(i * third, i == 2 ? long.MaxValue : (i + 1) * third, CutEdges.AtOrAfter)!;
                first = i == 0 ? part.FirstSample : first;
                var path = directory.File($"{i}-{name}");
                Write(part.ToFile(s_facts with { Start = s_facts.Start.AddSeconds(10 * i) }), path);
                files.Add(new OpenedFile(path));
            }

            long start;
            lock (random)
            {
                start = random.Next(CodedSounds.Rate, (int)third - CodedSounds.Rate);
            }

            cuts.Add(files[0].Frames.TryCut(start, long.MaxValue, CutEdges.AtOrAfter)!);
            cuts.Add(files[1].Frames.TryCut(0, long.MaxValue, CutEdges.AtOrAfter)!);
            cuts.Add(files[2].Frames.TryCut(0, CodedSounds.Rate, CutEdges.AtOrAfter)!);
            var joined = directory.File($"joined-{name}");
            var made = Write(FrameCut.TryJoin(cuts)!.ToFile(s_facts), joined);
            files.ForEach(file => file.Dispose());

            var decoded = await AudioChecks.DecodeAsync(joined);
            Assert.Equal(made.Samples * 2, decoded.Length);
            var at = (int)(cuts[0].FirstSample + Math.Max(first, 0)) * 2;
            at += first < 0 ? (int)first * 2 : 0;
            Assert.Equal((-1, 0f), Compare(whole.AsSpan(at, decoded.Length), decoded, name.EndsWith(".opus", StringComparison.Ordinal) ? 0.0001 : 0));
            await AudioChecks.PassesAllAsync(joined);
        });
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
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
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

    private static List<string> FramesOf(FrameCut cut)
    {
        var found = new List<string>();
        var frames = cut.Read();
        while (frames.TryNext(out var frame, out var isBefore))
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
