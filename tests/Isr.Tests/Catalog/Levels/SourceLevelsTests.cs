using Isr.Analysis;
using Isr.Analysis.Worker;
using Isr.Audio.Levels;
using Isr.Catalog;
using Isr.Catalog.Coverage;
using Isr.Catalog.Levels;
using Isr.Recording.Journal;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Catalog.Levels;

public sealed class SourceLevelsTests : IAsyncDisposable
{
    private const int Rate = 8000;

    private static readonly DateTimeOffset s_begin = new(2026, 5, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly CatalogRig _rig;
    private readonly LevelStore _store;
    private readonly LevelRequests _requests;
    private readonly SourceLevels _levels;
    private int _files;

    public SourceLevelsTests()
    {
        var folder = Directory.CreateDirectory(_directory.File("rec")).FullName;
        _rig = new CatalogRig(folder, _directory.File("state"), TimeProvider.System);
        _store = new LevelStore(new AnalysisOptions(folder, _directory.File("levels")));
        _requests = new LevelRequests(_store, new DecodingWorker(TimeProvider.System, NullLogger<DecodingWorker>.Instance), TimeProvider.System, NullLogger<LevelRequests>.Instance);
        _levels = new SourceLevels(_rig.Database, _rig.Updater, _store, _requests, new GrowingLevels(_store, _requests, TimeProvider.System), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _requests.StopAsync(CancellationToken.None);
        _requests.Dispose();
        await _rig.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Every_zoom_tells_the_same()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var start = s_begin;
        for (var i = 0; i < 6; i++)
        {
            // Whole blocks, so that a point has the same windows whatever it is drawn from.
            start = Add(start, Enumerable.Range(0, 300 * random.Next(1, 20)).Select(_ => (short)random.Next(random.Next(1, 20_000))));
        }

        var minutes = (int)(start - s_begin).TotalMinutes;
        var fine = await GatherAsync(s_begin, s_begin.AddMinutes(minutes), minutes * 60 * 2);
        var coarse = await GatherAsync(s_begin, s_begin.AddMinutes(minutes), minutes);

        Assert.DoesNotContain(null, fine.Rms);
        for (var i = 0; i < minutes; i++)
        {
            var rms = Math.Sqrt(fine.Rms.Skip(i * 120).Take(120).Average(v => v!.Value * v.Value));
            Assert.InRange(coarse.Rms[i]!.Value, rms - 0.00002, rms + 0.00002);
            Assert.Equal(fine.Min.Skip(i * 120).Take(120).Min(), coarse.Min[i]);
            Assert.Equal(fine.Max.Skip(i * 120).Take(120).Max(), coarse.Max[i]);
        }
    }

    [Fact]
    public async Task A_split_shows_no_seam_though_the_source_s_clock_is_not_this_computer_s()
    {
        // An hour of 50 ppm: the file's end, by its samples, is 0.18 s before the next one's start.
        var next = Add(s_begin, Enumerable.Repeat((short)1000, 36_000), drift: 50e-6);
        Add(next, Enumerable.Repeat((short)1000, 600));

        var answer = await GatherAsync(next.AddSeconds(-10), next.AddSeconds(10), 800);

        Assert.All(answer.Rms, v => Assert.Equal(0.03052, v));
        Assert.Equal(0.1, answer.Window);
    }

    [Fact]
    public async Task Where_nothing_was_recorded_there_is_nothing()
    {
        var end = Add(s_begin, Enumerable.Repeat((short)1000, 100), GapCause.Stopped);
        Add(end.AddSeconds(5), Enumerable.Repeat((short)2000, 100));

        var answer = await GatherAsync(s_begin.AddSeconds(-5), s_begin.AddSeconds(30), 35);

        var expected = Enumerable.Range(-5, 35).Select(s => s is >= 0 and < 10 ? 0.03052 : s is >= 15 and < 25 ? 0.06104 : (double?)null);
        Assert.Equal(expected, answer.Rms);
        Assert.Equal(expected.Select(v => v is null), answer.Min.Select(v => v is null));
        Assert.Equal(expected.Select(v => v is null), answer.Max.Select(v => v is null));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(6000)]
    public async Task Where_two_files_tell_of_the_same_time_the_louder_one_is_heard(int points)
    {
        Add(s_begin, Enumerable.Repeat((short)1000, 3000), GapCause.Stopped);
        Add(s_begin.AddSeconds(120), Enumerable.Repeat((short)3000, 1200), GapCause.Stopped);
        Add(s_begin.AddSeconds(180), Enumerable.Repeat((short)500, 6000), GapCause.Stopped);

        var answer = await GatherAsync(s_begin, s_begin.AddSeconds(900), points);

        int At(double seconds) => (int)(seconds * points / 900);
        Assert.Equal([0.03052, 0.09155, 0.09155, 0.03052, 0.01526, null], ((double[])[100, 130, 230, 270, 310, 890]).Select(s => answer.Rms[At(s)]));
        Assert.InRange(answer.Max[At(130)]!.Value, 0.0915, 0.0930);
        Assert.InRange(answer.Min[At(130)]!.Value, -0.0930, -0.0915);
    }

    [Fact]
    public async Task What_came_after_the_source_stood_still_is_drawn_so_much_later()
    {
        var name = NextName();
        JournalFiles.Append(_directory.File("state"), new StallFound("radio", name, 80_000, s_begin.AddSeconds(10), 20) { At = s_begin });
        Add(s_begin, Enumerable.Range(0, 200).Select(i => (short)(i < 100 ? 1000 : 2000)));

        var answer = await GatherAsync(s_begin, s_begin.AddSeconds(45), 45);

        Assert.Equal(Enumerable.Range(0, 45).Select(s => s < 10 ? 0.03052 : s is >= 30 and < 40 ? 0.06104 : (double?)null), answer.Rms);
    }

    [Fact]
    public async Task A_short_sound_is_seen_once_however_far_it_is_zoomed_out()
    {
        var levels = Enumerable.Repeat((short)100, 36_000).ToArray();
        levels[12_345] = 20_000;
        Add(s_begin, levels);

        foreach (var points in (int[])[1, 7, 50, 119, 120, 121, 997, 3600, 10_000])
        {
            var answer = await GatherAsync(s_begin, s_begin.AddHours(1), points);
            Assert.DoesNotContain(null, answer.Max);
            Assert.Equal(1, answer.Max.Count(v => v > 0.5));
            Assert.InRange(answer.Max.Index().First(v => v.Item > 0.5).Index, Math.Floor(1234.5 / 3600 * points) - 1, Math.Ceiling(1234.6 / 3600 * points) + (points <= 120 ? 1 : 0));
        }
    }

    [Fact]
    public async Task A_point_shorter_than_a_window_has_the_window_that_it_lies_in()
    {
        Add(s_begin, [1000, 2000, 3000]);

        var answer = await GatherAsync(s_begin, s_begin.AddSeconds(0.4), 40);

        Assert.Equal(Enumerable.Range(0, 40).Select(i => i < 10 ? 0.03052 : i < 20 ? 0.06104 : i < 30 ? 0.09155 : (double?)null), answer.Rms);
    }

    [Fact]
    public async Task Recordings_without_levels_are_asked_for_and_named_until_that_is_known_to_be_in_vain()
    {
        var next = Add(s_begin, Enumerable.Repeat((short)1000, 600));
        var (whole, absent) = (Names()[0], NextName());
        next = Add(next, Enumerable.Repeat((short)1000, 600));
        var damaged = NextName();
        Add(next, Enumerable.Repeat((short)1000, 600));
        File.Delete(Path.Combine(_directory.File("levels"), absent + LevelStore.Extension));
        var path = Path.Combine(_directory.File("levels"), damaged + LevelStore.Extension);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[40] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

        var answer = await GatherAsync(s_begin, s_begin.AddMinutes(3), 3);

        Assert.Equal([0.03052, null, null], answer.Rms);
        Assert.Equal([absent, damaged], answer.Pending, StringComparer.Ordinal);
        Assert.DoesNotContain(whole, answer.Pending);

        await _requests.StartAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(async () => await GatherAsync(s_begin, s_begin.AddMinutes(3), 3) is { Pending: [], Undecodable.Count: 2 }, TimeSpan.FromSeconds(10), () => "both are not tried and given up");
        await _requests.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Damaged_extremes_are_no_levels_where_they_are_drawn_from()
    {
        Add(s_begin, Enumerable.Range(0, 3000).Select(i => (short)(i * 5)));
        var path = Path.Combine(_directory.File("levels"), Names()[0] + LevelStore.Extension);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

        // Behind head, blocks and RMS.
        bytes[(48 + (6 * 28) + 4) + (10 * 20) + (3000 * 2) + 3] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

        Assert.Equal(Names(), (await GatherAsync(s_begin, s_begin.AddMinutes(1), 60)).Pending, StringComparer.Ordinal);
        Assert.Empty((await GatherAsync(s_begin, s_begin.AddMinutes(5), 10)).Pending);
    }

    private string[] Names() => [.. Directory.EnumerateFiles(_directory.File("rec"), "*.wav").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private string NextName() => $"20260523_{_files:000000}.wav";

    /// <summary>A recording with its levels, one window for each amplitude; when it ends.</summary>
    private DateTimeOffset Add(DateTimeOffset start, IEnumerable<short> amplitudes, string how = GapCause.Split, double drift = 0)
    {
        var name = NextName();
        _files++;
        var path = Path.Combine(_directory.File("rec"), name);
        File.WriteAllBytes(path, new byte[100]);
        var levels = LevelsOf([.. amplitudes]);
        var end = start.AddTicks((long)(levels.Samples * TimeSpan.TicksPerSecond * (1 + drift) / Rate));
        JournalFiles.Append(
            _directory.File("state"),
            new FileOpened("radio", name, start, "Pcm", Rate, 1, null) { At = start },
            new FileClosed("radio", name, end, levels.Samples, 100, how) { At = end });
        Assert.True(_store.Write(name, 100, File.GetLastWriteTimeUtc(path), levels));
        return end;
    }

    private static RecordingLevels LevelsOf(short[] amplitudes) => new()
    {
        SampleRate = Rate,
        Channels = 1,
        WindowSamples = Rate / 10,
        Samples = amplitudes.Length * (Rate / 10L),
        Rms = Array.ConvertAll(amplitudes, amplitude => (uint)Math.Round(amplitude / 32768.0 / RecordingLevels.RmsUnit)),
        Minimum = Array.ConvertAll(amplitudes, amplitude => (short)-amplitude),
        Maximum = amplitudes,
        Peaks = [Array.ConvertAll(amplitudes, amplitude => (ushort)amplitude)],
        Clipped = new ushort[amplitudes.Length],
    };

    private Task<SourceLevelsAnswer> GatherAsync(DateTimeOffset from, DateTimeOffset to, int points)
    {
        _rig.Updater.Update(TestContext.Current.CancellationToken);
        return _levels.GatherAsync("radio", new Interval(from.UtcTicks, to.UtcTicks), points, TestContext.Current.CancellationToken);
    }
}
