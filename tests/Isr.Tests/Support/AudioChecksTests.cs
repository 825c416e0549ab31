namespace Isr.Tests.Support;

public sealed class AudioChecksTests
{
    [Fact]
    public async Task No_two_frames_of_the_test_sound_are_equal()
    {
        foreach (var stream in new[] { await TestAudio.Mp3Async(), await TestAudio.AdtsAsync() })
        {
            var distinct = stream.Frames.Select(f => Convert.ToBase64String(f.Span)).Distinct(StringComparer.Ordinal).Count();

            Assert.Equal(stream.Frames.Count, distinct);
            Assert.InRange(stream.Frames.Count * stream.PerFrame.TotalSeconds, TestAudio.Seconds, TestAudio.Seconds + 0.2);
        }
    }

    [Fact]
    public async Task Lost_doubled_foreign_and_disordered_frames_are_counted()
    {
        var sent = (await TestAudio.Mp3Async()).Frames;
        List<ReadOnlyMemory<byte>> recorded = [.. sent.Take(10), sent[9], .. sent.Skip(12).Take(5), new byte[400], sent[30], sent[29]];

        var comparison = AudioChecks.Compare(sent, recorded);

        Assert.Equal(new FrameComparison(0, 30, Lost: 2 + 12, Doubled: 1, Foreign: 1, Disordered: 1), comparison);
        AudioChecks.Compare(sent, [.. sent.Skip(100).Take(50)]).IsWhole();
    }

    [Fact]
    public async Task Tags_and_the_info_frame_are_no_frames_of_sound()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("tagged.mp3");
        string[] input = ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "sine=duration=3"];
        await Processes.CheckAsync("ffmpeg", [.. input, "-metadata", "title=x", "-c:a", "libmp3lame", "-write_id3v1", "1", path]);
        var file = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

        var frames = FrameSplitter.Mp3(file);

        Assert.True(FrameSplitter.Id3v2Length(file) > 10);
        Assert.InRange(frames.Count, 115, 118);
        Assert.DoesNotContain(frames, f => FrameSplitter.IsInfoFrame(f.Span));
    }

    [Fact]
    public async Task A_sound_file_passes_and_a_damaged_one_does_not()
    {
        using var directory = new TemporaryDirectory();
        var good = directory.File("good.mp3");
        var bad = directory.File("bad.mp3");
        var aac = directory.File("good.aac");
        var cancellationToken = TestContext.Current.CancellationToken;
        await Processes.CheckAsync("ffmpeg", ["-v", "error", "-nostdin", "-filter_complex", TestAudio.Graph(), "-t", "5", "-c:a", "libmp3lame", good]);
        var file = await File.ReadAllBytesAsync(good, cancellationToken);
        var samples = 2 * 1152 * FrameSplitter.Mp3(file).Count;
        await File.WriteAllBytesAsync(bad, [.. file[..20_000], .. new byte[333], .. file[20_000..]], cancellationToken);
        await File.WriteAllBytesAsync(aac, (await TestAudio.AdtsAsync()).Bytes(0, 200), cancellationToken);

        await AudioChecks.PassesMp3valAsync(good);
        await AudioChecks.DecodesSilentlyAsync(good);
        await AudioChecks.DecodesSilentlyAsync(aac);
        Assert.Equal(samples, (await AudioChecks.DecodeMpg123Async(good)).Length);
        Assert.InRange((await AudioChecks.DecodeAsync(good)).Length, samples - 2 * 2304, samples);
        Assert.InRange((await AudioChecks.Decode16Async(good)).Max(), 3000, 32767);
        await Assert.ThrowsAnyAsync<Exception>(() => AudioChecks.PassesMp3valAsync(bad));
        await Assert.ThrowsAnyAsync<Exception>(() => AudioChecks.DecodesSilentlyAsync(bad));
    }

    [Theory]
    [InlineData("ogg", "ogg", "oggz-validate ogginfo oggdec libsndfile ffmpeg")]
    [InlineData("opus", "opus", "oggz-validate opusinfo opusdec ffmpeg")]
    [InlineData("oggflac", "ogg", "oggz-validate ogginfo flac -t ffmpeg")]
    [InlineData("flac", "flac", "flac -t flac --skip libsndfile ffmpeg")]
    public async Task Every_program_passes_a_sound_file_and_fails_a_bad_one(string format, string extension, string programs)
    {
        using var directory = new TemporaryDirectory();
        var good = directory.File($"good.{extension}");
        await File.WriteAllBytesAsync(good, await SoundFileAsync(format), TestContext.Current.CancellationToken);

        var verdicts = await AudioChecks.VerdictsAsync(good);
        var failing = new HashSet<string>(StringComparer.Ordinal);
        var bad = good;
        foreach (var (name, bytes) in BadFiles(format, await File.ReadAllBytesAsync(good, TestContext.Current.CancellationToken)))
        {
            bad = directory.File($"{name}.{extension}");
            await File.WriteAllBytesAsync(bad, bytes, TestContext.Current.CancellationToken);
            var complaints = (await AudioChecks.VerdictsAsync(bad)).Where(v => v.Complaint.Length > 0).ToList();
            failing.UnionWith(complaints.Select(v => v.Program));
            Assert.True(complaints.Count > 0, $"Nothing is said against {bad}.");
        }

        await Assert.ThrowsAnyAsync<Exception>(() => AudioChecks.PassesAllAsync(good, bad));
        Assert.All(verdicts, verdict => Assert.Equal("", verdict.Complaint));
        Assert.Equal(programs, string.Join(' ', verdicts.Select(v => v.Program)));
        Assert.Equal(verdicts.Select(v => v.Program).Order(StringComparer.Ordinal), failing.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("bcaabd", 0, 0, 0)]
    [InlineData("abaabd", 1, 0, 0)]
    [InlineData("abcaaabd", 0, 1, 0)]
    [InlineData("abcxaabd", 0, 0, 1)]
    public void Equal_frames_are_told_apart_by_what_is_around_them(string recorded, int lost, int doubled, int foreign)
    {
        var comparison = AudioChecks.Compare(Frames("abcaabd"), Frames(recorded));

        Assert.Equal((lost, doubled, foreign, 6), (comparison.Lost, comparison.Doubled, comparison.Foreign, comparison.Last));

        static List<ReadOnlyMemory<byte>> Frames(string letters) => [.. letters.Select(l => new ReadOnlyMemory<byte>([(byte)l]))];
    }

    /// <summary>ffmpeg ends its Ogg FLAC with an empty packet, and says a total of 0 in a pipe: both are no sound file.</summary>
    private static async Task<byte[]> SoundFileAsync(string format)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File(format == "oggflac" ? "made.ogg" : $"made.{format}");
        if (format == "oggflac")
        {
            var wav = directory.File("made.wav");
            await Processes.CheckAsync("ffmpeg", ["-v", "error", "-nostdin", "-filter_complex", TestAudio.Graph(), "-t", "6", wav]);
            await Processes.CheckAsync("flac", ["-s", "--ogg", "-o", path, wav]);
        }
        else
        {
            await Processes.CheckAsync("ffmpeg", ["-v", "error", "-nostdin", "-filter_complex", TestAudio.Graph(), "-t", "6", .. TestAudio.Codec(format), path]);
        }

        return await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<(string Name, byte[] Bytes)> BadFiles(string format, byte[] good)
    {
        yield return ("cut", good[..(good.Length * 2 / 3)]);
        yield return ("hole", [.. good[..(good.Length / 2)], .. good[(good.Length / 2 + 5000)..]]);
        if (format == "flac")
        {
            // The frames of a live stream as they come: right sound, old numbers.
            var frames = FlacSplitter.File(WithoutMd5(good)).Frames;
            var start = good.Length - frames.Sum(f => f.Original.Length);
            yield return ("numbers", [.. good[..start], .. frames.Skip(frames.Count / 2).SelectMany(f => f.Original.ToArray())]);
        }
        else
        {
            // Header pages, then pages from the middle: what a listener gets.
            var pages = OggSplitter.Pages(good);
            var headers = format == "oggflac" ? pages[1].End : pages.First(p => p.Granule > 0 && p.Pieces.Count > 0) is var first ? pages[pages.IndexOf(first) - 1].End : 0;
            yield return ("middle", [.. good[..headers], .. good[pages[pages.Count / 2].End..]]);
            if (OggSplitter.Tap(good)[0] is { Coding.Codec: not Audio.AudioCodec.OggFlac } link)
            {
                // The first header says that it is of an unknown version, which no decoder reads.
                var broken = good.ToArray();
                broken[28 + (format == "opus" ? 8 : 7)] = 0xFF;
                var crc = OggPage.Crc(broken.AsSpan(0, pages[0].End));
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(broken.AsSpan(22), crc);
                Assert.NotEmpty(link.Packets);
                yield return ("version", broken);
            }
        }
    }

    private static byte[] WithoutMd5(byte[] flac) => [.. flac[..26], .. new byte[16], .. flac[42..]];
}
