using Isr.Analysis.Worker;
using Isr.Audio.Levels;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis.Worker;

public sealed class DecodingWorkerTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CollectedLog<DecodingWorker> _log = new();
    private readonly DecodingWorker _worker;

    public DecodingWorkerTests() => _worker = new DecodingWorker(TimeProvider.System, _log);

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_file_is_measured_in_another_process()
    {
        var request = await WavAsync("a.wav", seconds: 3);

        var result = await MeasureAsync(request);

        Assert.NotEqual(Environment.ProcessId, _worker.ProcessId);
        Assert.True(LevelFile.TryRead(result.LevelFile.Span, out var key, out var levels), result.Sentence);
        Assert.Equal(new RecordingKey(request.Bytes, request.ModifiedUtc), key);
        Assert.Equal(3 * 48000, levels.Samples);
    }

    [Fact]
    public async Task What_cannot_be_decoded_gives_a_sentence()
    {
        await File.WriteAllTextAsync(_directory.File("text.mp3"), "no sound at all", TestContext.Current.CancellationToken);

        var result = await MeasureAsync(Request("text.mp3"));
        var gone = await MeasureAsync(new WorkerRequest(_directory.File("gone.mp3"), 1, DateTime.UnixEpoch));

        Assert.True(result.LevelFile.IsEmpty);
        Assert.NotEmpty(result.Sentence!);
        Assert.NotEmpty(gone.Sentence!);
    }

    [Fact]
    public async Task A_worker_that_dies_is_started_again_and_nothing_is_left_out()
    {
        var request = await WavAsync("a.wav", seconds: 1);
        await MeasureAsync(request);
        var first = _worker.ProcessId!.Value;
        await Processes.CheckAsync("kill", ["-9", $"{first}"]);
        await Wait.UntilAsync(() => _worker.ProcessId is null, TimeSpan.FromSeconds(10), "its end is seen");

        var result = await MeasureAsync(request);

        Assert.True(LevelFile.TryRead(result.LevelFile.Span, out _, out _), result.Sentence);
        Assert.NotEqual(first, _worker.ProcessId);
        Assert.Contains(_log.Lines, line => line.Contains("started again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_several_files_only_the_one_that_it_dies_of_twice_is_given_up()
    {
        // Long enough to be caught at it.
        var fatal = await WavAsync("fatal.wav", seconds: 7200);
        var harmless = await WavAsync("harmless.wav", seconds: 1);
        var deaths = 0;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var killed = _worker.DoAsync(WorkerMessageKind.Measure, fatal, _ => Kill(ref deaths), over.Token);
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MeasureAsync(harmless)));

        Assert.Contains("dies of this file", (await killed).Sentence, StringComparison.Ordinal);
        Assert.All(others, other => Assert.True(LevelFile.TryRead(other.LevelFile.Span, out _, out _), other.Sentence));
        Assert.True(deaths >= 2);
        Assert.Contains(_log.Lines, line => line.Contains("dies of " + fatal.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_leaves_stops_the_work_and_not_the_worker()
    {
        var request = await WavAsync("long.wav", seconds: 7200);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _worker.DoAsync(WorkerMessageKind.Measure, request, _ => leaving.Cancel(), leaving.Token));

        var id = _worker.ProcessId;
        Assert.NotNull(id);
        Assert.NotEmpty((await MeasureAsync(await WavAsync("next.wav", 1))).LevelFile.ToArray());
        Assert.Equal(id, _worker.ProcessId);
    }

    [Fact]
    public async Task It_is_gone_when_the_program_ends_and_weak_while_it_lives()
    {
        await MeasureAsync(await WavAsync("a.wav", seconds: 1));
        var id = _worker.ProcessId!.Value;
        var stat = (await File.ReadAllTextAsync($"/proc/{id}/stat", TestContext.Current.CancellationToken)).Split(") ")[1].Split(' ');
        Assert.Equal("10", stat[16]);
        Assert.Equal("900", (await File.ReadAllTextAsync($"/proc/{id}/oom_score_adj", TestContext.Current.CancellationToken)).Trim());
        Assert.Contains("Max data size             1073741824", await File.ReadAllTextAsync($"/proc/{id}/limits", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await _worker.DisposeAsync();

        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    private Task<WorkerResult> MeasureAsync(WorkerRequest request) =>
        _worker.DoAsync(WorkerMessageKind.Measure, request, null, TestContext.Current.CancellationToken);

    private void Kill(ref int deaths)
    {
        if (_worker.ProcessId is { } id)
        {
            deaths++;
            using var process = System.Diagnostics.Process.GetProcessById(id);
            process.Kill();
        }
    }

    private WorkerRequest Request(string name)
    {
        var file = new FileInfo(_directory.File(name));
        return new WorkerRequest(file.FullName, file.Length, file.LastWriteTimeUtc);
    }

    /// <summary>Silence of 48 kHz, mono, which takes no room on the disk.</summary>
    private async Task<WorkerRequest> WavAsync(string name, int seconds)
    {
        var bytes = seconds * 48000 * 2;
        await Processes.CheckAsync("ffmpeg", ["-v", "error", "-y", "-f", "s16le", "-ar", "48000", "-ac", "1", "-t", "0.01", "-i", "/dev/zero", _directory.File(name)]);
        await using var file = File.OpenWrite(_directory.File(name));
        var head = file.Length - 960;
        file.SetLength(head + bytes);
        file.Position = 4;
        file.Write(BitConverter.GetBytes((uint)(head + bytes - 8)));
        file.Position = head - 4;
        file.Write(BitConverter.GetBytes((uint)bytes));
        file.Close();
        return Request(name);
    }
}
