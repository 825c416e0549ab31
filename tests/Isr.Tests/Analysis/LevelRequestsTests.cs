using System.Collections.Concurrent;
using Isr.Analysis;
using Isr.Analysis.Worker;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis;

public sealed class LevelRequestsTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CollectedLog<LevelRequests> _log = new();
    private readonly ConcurrentQueue<AnalysisProgress> _progress = [];
    private readonly LevelStore _store;
    private readonly LevelRequests _requests;

    public LevelRequestsTests()
    {
        Directory.CreateDirectory(_directory.File("rec"));
        _store = new LevelStore(new AnalysisOptions(_directory.File("rec"), _directory.File("levels")));
        _requests = new LevelRequests(_store, new DecodingWorker(TimeProvider.System, new CollectedLog<DecodingWorker>()), TimeProvider.System, _log);
        _requests.Progressed += _progress.Enqueue;
    }

    public async ValueTask DisposeAsync()
    {
        await _requests.StopAsync(CancellationToken.None);
        _requests.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_many_want_is_decoded_once_kept_and_read_again()
    {
        var file = await SoundAsync("a.mp3", "mp3");
        await _requests.StartAsync(TestContext.Current.CancellationToken);

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _requests.GetAsync("a.mp3", Urgency.Asked, TestContext.Current.CancellationToken)));

        Assert.All(all, measured => Assert.Same(all[0].Levels, measured.Levels));
        Assert.NotNull(all[0].Levels);
        Assert.NotNull(_store.TryRead("a.mp3", file.Length, file.LastWriteTimeUtc));
        Assert.Single(_progress, p => p.State == "done");

        await _requests.GetAsync("a.mp3", Urgency.Asked, TestContext.Current.CancellationToken);
        Assert.Single(_progress, p => p.State == "done");
    }

    [Fact]
    public async Task What_is_asked_for_goes_before_what_nobody_waits_for()
    {
        var sound = await SoundAsync("0.ogg", "ogg");
        for (var i = 1; i < 12; i++)
        {
            sound.CopyTo(_directory.File("rec", $"{i}.ogg"));
        }

        var spare = Enumerable.Range(0, 12).Select(i => _requests.GetAsync($"{i}.ogg", Urgency.Spare, TestContext.Current.CancellationToken)).ToList();
        await _requests.StartAsync(TestContext.Current.CancellationToken);
        await _requests.GetAsync("11.ogg", Urgency.Asked, TestContext.Current.CancellationToken);

        Assert.False(Task.WhenAll(spare).IsCompleted);
        await Task.WhenAll(spare);
        var order = _progress.Where(p => p.State == "done").Select(p => p.Name).ToList();
        Assert.Equal(12, order.Count);
        Assert.InRange(order.FindIndex(name => name == "11.ogg"), 0, 3);
    }

    [Fact]
    public async Task What_cannot_be_decoded_is_not_tried_again_until_it_changes()
    {
        await File.WriteAllTextAsync(_directory.File("rec", "a.mp3"), "no sound", TestContext.Current.CancellationToken);
        await _requests.StartAsync(TestContext.Current.CancellationToken);

        var first = await _requests.GetAsync("a.mp3", Urgency.Asked, TestContext.Current.CancellationToken);
        var second = await _requests.GetAsync("a.mp3", Urgency.Asked, TestContext.Current.CancellationToken);
        await SoundAsync("a.mp3", "mp3");
        var third = await _requests.GetAsync("a.mp3", Urgency.Asked, TestContext.Current.CancellationToken);

        Assert.Null(first.Levels);
        Assert.NotEmpty(first.Sentence!);
        Assert.Equal(first, second);
        Assert.NotNull(third.Levels);
        Assert.Equal(["failed", "done"], _progress.Where(p => p.State != "running").Select(p => p.State), StringComparer.Ordinal);
        Assert.Contains("no such recording", (await _requests.GetAsync("gone.mp3", Urgency.Asked, TestContext.Current.CancellationToken)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_is_still_known_when_levels_are_read_again()
    {
        var whole = await SoundAsync("a.flac", "flac");
        await using (var file = whole.OpenWrite())
        {
            file.SetLength(file.Length / 2);
        }

        await _requests.StartAsync(TestContext.Current.CancellationToken);
        var measured = await _requests.GetAsync("a.flac", Urgency.Asked, TestContext.Current.CancellationToken);
        var again = await _requests.GetAsync("a.flac", Urgency.Asked, TestContext.Current.CancellationToken);

        Assert.InRange(measured.DamagedFrom!.Value, 1, 4);
        Assert.Equal(measured.DamagedFrom, again.DamagedFrom);
        Assert.NotNull(again.Sentence);
    }

    [Fact]
    public async Task Levels_that_cannot_be_kept_are_given_all_the_same_and_trouble_is_told_once()
    {
        await File.WriteAllTextAsync(_directory.File("levels"), "no folder", TestContext.Current.CancellationToken);
        await SoundAsync("a.mp3", "mp3");
        await SoundAsync("b.mp3", "mp3");
        await _requests.StartAsync(TestContext.Current.CancellationToken);

        Assert.NotNull((await _requests.GetAsync("a.mp3", Urgency.Asked, TestContext.Current.CancellationToken)).Levels);
        Assert.NotNull((await _requests.GetAsync("b.mp3", Urgency.Asked, TestContext.Current.CancellationToken)).Levels);

        Assert.Contains("could not be kept", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    /// <summary>Five seconds of the test sound.</summary>
    private async Task<FileInfo> SoundAsync(string name, string format)
    {
        var path = _directory.File("rec", name);
        string[] input = ["-v", "error", "-y", "-nostdin", "-filter_complex", TestAudio.Graph(), "-t", "5"];
        await Processes.CheckAsync("ffmpeg", [.. input, .. TestAudio.Codec(format), path]);
        return new FileInfo(path);
    }
}
