using System.CommandLine;
using Isr.Analysis;
using Isr.Analysis.Worker;
using Isr.Commands;
using Isr.Recording;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Isr.Tests.Analysis;

public sealed class LevelWriterTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LevelFeed _feed = new();
    private readonly CollectedLog<LevelWriter> _log = new();
    private readonly LevelStore _store;
    private readonly LevelRequests _requests;
    private readonly LevelWriter _writer;

    public LevelWriterTests()
    {
        Directory.CreateDirectory(_directory.File("rec"));
        _store = new LevelStore(new AnalysisOptions(_directory.File("rec"), _directory.File("levels")));
        _requests = new LevelRequests(_store, new DecodingWorker(TimeProvider.System, new CollectedLog<DecodingWorker>()), TimeProvider.System, new CollectedLog<LevelRequests>());
        _writer = new LevelWriter(_feed, _store, new GrowingRecordings(_requests, new LiveMeters(), TimeProvider.System), _requests, _log);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync(CancellationToken.None);
        _writer.Dispose();
        await _requests.StopAsync(CancellationToken.None);
        _requests.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Finished_levels_are_kept_for_the_recording_as_it_is()
    {
        await _writer.StartAsync(TestContext.Current.CancellationToken);
        var file = Recording("sub/a.wav", 1000);
        _feed.Publish(new FileFinished(file.FullName, 1000, 0, TestLevels.Of(100)));

        await KeptAsync(file, "sub/a.wav");
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task What_changed_since_or_lies_elsewhere_or_is_gone_is_left_alone()
    {
        await _writer.StartAsync(TestContext.Current.CancellationToken);
        var grown = Recording("grown.wav", 1001);
        File.WriteAllBytes(_directory.File("outside.wav"), new byte[1000]);
        _feed.Publish(new FileFinished(grown.FullName, 1000, 0, TestLevels.Of(100)));
        _feed.Publish(new FileFinished(_directory.File("outside.wav"), 1000, 0, TestLevels.Of(100)));
        _feed.Publish(new FileFinished(_directory.File("rec", "gone.wav"), 1000, 0, TestLevels.Of(100)));
        var last = Recording("last.wav", 1000);
        _feed.Publish(new FileFinished(last.FullName, 1000, 0, TestLevels.Of(100)));

        await KeptAsync(last, "last.wav");
        Assert.Equal(_directory.File("levels", "last.wav.levels"), Assert.Single(Directory.EnumerateFileSystemEntries(_directory.File("levels"))));
    }

    [Fact]
    public async Task Trouble_is_told_once_and_over_when_it_is_over()
    {
        // Where the folder should be is a file.
        File.WriteAllText(_directory.File("levels"), "");
        var file = Recording("a.wav", 1000);
        for (var i = 0; i < 5; i++)
        {
            _feed.Publish(new FileFinished(file.FullName, 1000, 0, TestLevels.Of(100)));
        }

        await _writer.StartAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => _feed.Reader.Count == 0 && _log.Lines.Count > 0, TimeSpan.FromSeconds(10), "the writer");
        File.Delete(_directory.File("levels"));
        _feed.Publish(new FileFinished(file.FullName, 1000, 0, TestLevels.Of(100)));
        await KeptAsync(file, "a.wav");

        Assert.Contains("a.wav could not be kept", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_end_all_that_came_is_kept()
    {
        await _writer.StartAsync(TestContext.Current.CancellationToken);
        var files = Enumerable.Range(0, 40).Select(i => Recording($"{i}.wav", 1000)).ToList();
        foreach (var file in files)
        {
            _feed.Publish(new FileFinished(file.FullName, 1000, 0, TestLevels.Of(100)));
        }

        _feed.Complete();
        await _writer.StopAsync(TestContext.Current.CancellationToken);

        Assert.All(files, f => Assert.NotNull(_store.TryRead(f.Name, f.Length, f.LastWriteTimeUtc)));
        Assert.Equal(0, _feed.Dropped);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_program_keeps_levels_where_it_is_told(bool isTold)
    {
        var options = new CommonOptions();
        var command = new Command("run");
        options.AddTo(command, withPage: true);
        await File.WriteAllTextAsync(_directory.File("config.ini"), "[radio]\ntype = stream\nurl = http://127.0.0.1:1/\n", TestContext.Current.CancellationToken);
        string[] words = ["--config", _directory.File("config.ini"), "--dir", _directory.File("rec"), .. isTold ? (string[])["--analyses-dir", _directory.File("kept")] : []];
        var settings = RunCommand.LoadSettings(options.Read(command.Parse(words)), RunParts.All)! with { Sources = [] };

        using var host = RunCommand.Build(settings, new WebOptions { Port = 0 }, RunParts.All, log: null);
        await host.StartAsync(TestContext.Current.CancellationToken);
        host.Services.GetRequiredService<LevelFeed>().Publish(new FileFinished(Recording("a.wav", 1000).FullName, 1000, 0, TestLevels.Of(100)));
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(File.Exists(isTold ? _directory.File("kept", "a.wav.levels") : _directory.File("rec", ".isr", "levels", "a.wav.levels")));
    }

    private FileInfo Recording(string name, int bytes)
    {
        var path = _directory.File("rec", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[bytes]);
        return new FileInfo(path);
    }

    private Task KeptAsync(FileInfo file, string name) => Wait.UntilAsync(
        () => _store.TryRead(name, file.Length, file.LastWriteTimeUtc) is not null, TimeSpan.FromSeconds(10), () => string.Join('\n', _log.Lines));
}
