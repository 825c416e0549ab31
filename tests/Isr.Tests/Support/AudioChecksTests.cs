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
}
