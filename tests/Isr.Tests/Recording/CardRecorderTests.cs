using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Recording;

[SideBySide]
public sealed class CardRecorderTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly TemporaryDirectory _elsewhere = new();

    public void Dispose() => _elsewhere.Dispose();

    [Theory]
    [InlineData("wav", 16, 0)]
    [InlineData("wav", 24, 100)]
    [InlineData("flac", 16, -100)]
    [InlineData("flac", 24, 0)]
    public async Task Files_joined_are_the_input_and_begin_with_the_first_sample_at_the_boundary(string format, int bits, double ppm)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:58:30.123456Z");
        var card = harness.AddCard(format: Enum.Parse<SourceFormat>(format, ignoreCase: true), bits: bits, ppm: ppm, splitMinutes: 1);

        card.Connect();
        card.Play(240);
        await harness.FinishAsync();

        var opened = harness.Entries<FileOpened>();
        Assert.Equal(["20260523_125830", "20260523_125900", "20260523_130000", "20260523_130100", "20260523_130200"], opened.ConvertAll(o => Path.GetFileNameWithoutExtension(o.File)));
        Assert.Equal(format == "wav" ? "Pcm" : "Flac", opened[0].Codec);
        Assert.Empty(harness.Entries<GapFound>());
        Assert.Empty(harness.Entries<StallFound>());
        var next = 0L;
        foreach (var file in opened)
        {
            var boundary = DateTimeOffset.ParseExact(Path.GetFileNameWithoutExtension(file.File), "yyyyMMdd_HHmmss", null, System.Globalization.DateTimeStyles.AssumeUniversal);
            if (next > 0)
            {
                // Time stamps here are exact: what is left is a sample, and what the crystal gains in a minute, until its drift is known.
                Assert.InRange((card.TrueTimeOf(next) - boundary).TotalSeconds, -0.00001 - (ppm > 0 ? 0.00001 : 0), (1.0 / FedCard.Rate) + (Math.Abs(ppm) * 60e-6) + 0.00001);
            }

            var numbers = FedCard.NumbersIn(await SamplesOfAsync(harness.PathOf(file.File), bits), bits);
            Assert.Equal(next, numbers[0]);
            Assert.Equal(numbers.Count, numbers[^1] - numbers[0] + 1);
            next += numbers.Count;
        }

        Assert.Equal(card.Fed.Sum(f => f.To - f.From), next);
        Assert.Equal(next, harness.Entries<FileClosed>().Sum(c => c.Samples));
    }

    [Fact]
    public async Task An_overrun_is_a_gap_of_its_length_between_two_files()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.25Z");
        var card = harness.AddCard();

        card.Connect();
        card.Play(5);
        await harness.WrittenAsync();
        card.Overrun(0.7);
        card.Play(5);
        await harness.FinishAsync();

        var gap = Assert.Single(harness.Entries<GapFound>());
        Assert.Equal("xrun", gap.Cause);
        Assert.InRange(gap.Seconds, 0.699, 0.701);
        var opened = harness.Entries<FileOpened>();
        Assert.Equal(["20260523_123000.wav", "20260523_123005.wav"], opened.ConvertAll(o => o.File));
        Assert.InRange((opened[1].Start - card.TrueTimeOf(card.Fed[1].From)).TotalMilliseconds, -1, 1);
        await HoldsAllAsync(harness, card);
    }

    [Fact]
    public async Task What_this_computer_dropped_is_a_gap_to_the_sample()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.25Z");
        var card = harness.AddCard();

        card.Connect();
        card.Play(5);
        await harness.WrittenAsync();
        card.Drop(3);
        card.Play(5);
        await harness.FinishAsync();

        var gap = Assert.Single(harness.Entries<GapFound>());
        Assert.Equal(("lost", 0.3), (gap.Cause, gap.Seconds));
        Assert.Contains("2400 samples", gap.Sentence, StringComparison.Ordinal);
        await HoldsAllAsync(harness, card);
    }

    [Fact]
    public async Task A_clock_that_is_set_begins_a_new_file_and_loses_no_sample()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.25Z");
        var card = harness.AddCard();

        card.Connect();
        card.Play(5);
        harness.Time.StepWall(TimeSpan.FromHours(-1));
        card.Play(10);
        await harness.FinishAsync();

        Assert.Equal(2, harness.Entries<FileOpened>().Count);
        Assert.Empty(harness.Entries<GapFound>());
        await HoldsAllAsync(harness, card);
    }

    [Fact]
    public async Task A_card_that_overruns_all_the_time_is_given_a_pause()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.25Z");
        var card = harness.AddCard();

        card.Connect();
        ConnectionEnd? end = null;
        for (var i = 0; i < 40 && end is null; i++)
        {
            card.Overrun(0.1);
            end = card.Play(0.1);
        }

        Assert.Equal(EndCause.Broken, end?.Cause);
    }

    [Theory]
    [InlineData("wav")]
    [InlineData("flac")]
    public async Task A_full_disk_loses_nothing_where_there_is_a_fallback(string format)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        await using var disk = await SmallDisk.MountAsync(harness.PathOf("small"), 4096);
        var card = harness.AddCard(format: Enum.Parse<SourceFormat>(format, ignoreCase: true), splitMinutes: 0.25, folder: disk.Path, fallback: _elsewhere.File("fallback"));
        card.WaitsForDisk = false;

        card.Connect();
        await PlayAsync(harness, card, 10);
        var ballast = disk.Fill();
        for (var i = 0; i < 40 && !Directory.Exists(_elsewhere.File("fallback")); i++)
        {
            await PlayAsync(harness, card, 2);
        }

        await PlayAsync(harness, card, 10);
        File.Delete(ballast);
        await Wait.UntilAsync(() => harness.Log.Count("works again") == 1, s_patience, "the room is noticed");
        await PlayAsync(harness, card, 20);
        await harness.FinishAsync();

        Assert.Empty(harness.Entries<GapFound>());
        await HoldsAllAsync(harness, card);
    }

    /// <summary>Two seconds at a time, each of which the disk's thread has seen.</summary>
    private static async Task PlayAsync(RecordingHarness harness, FedCard card, double seconds)
    {
        for (var i = 0; i < seconds / 2; i++)
        {
            card.Play(2);
            await Wait.UntilAsync(() => harness.Services.Disks.Waiting.Bytes == 0, s_patience, "the disk's thread keeps up");
        }
    }

    private static async Task HoldsAllAsync(RecordingHarness harness, FedCard card)
    {
        var recorded = new List<long>();
        foreach (var file in harness.Entries<FileOpened>())
        {
            recorded.AddRange(FedCard.NumbersIn(await SamplesOfAsync(harness.PathNow(file.File), 16), 16));
        }

        var fed = card.Fed.SelectMany(f => Enumerable.Range(0, (int)(f.To - f.From)).Select(i => f.From + i)).ToList();
        Assert.Equal(fed.Count, recorded.Count);
        Assert.True(fed.SequenceEqual(recorded), "the samples are others, or in another order");
    }

    private static async Task<byte[]> SamplesOfAsync(string path, int bits)
    {
        if (Path.GetExtension(path) == ".wav")
        {
            using var file = File.OpenHandle(path);
            Assert.True(Audio.Wav.WavFileInfo.TryRead((offset, into) => RandomAccess.Read(file, into, offset), RandomAccess.GetLength(file), out var info));
            Assert.False(info.IsUnfinished);
            var data = new byte[info.DataLength];
            Assert.Equal(data.Length, RandomAccess.Read(file, data, info.DataOffset));
            return data;
        }

        return await AudioChecks.DecodeFlacAsync(path, bits);
    }
}
