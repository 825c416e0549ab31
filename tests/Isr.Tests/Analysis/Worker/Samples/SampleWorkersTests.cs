using System.Diagnostics;
using Isr.Analysis.Worker.Samples;
using Isr.Codecs;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis.Worker.Samples;

public sealed class SampleWorkersTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CollectedLog<SampleWorkers> _log = new();
    private readonly SampleWorkers _workers;
    private readonly TestSound _sound = TestSound.Make(44100, 2, 16, 20);
    private byte[] _flac = [];

    public SampleWorkersTests() => _workers = new SampleWorkers(TimeProvider.System, _log);

    public async ValueTask InitializeAsync()
    {
        await _sound.FlacAsync(_directory.File("a.flac"));
        _flac = await File.ReadAllBytesAsync(_directory.File("a.flac"));
    }

    public async ValueTask DisposeAsync()
    {
        await _workers.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task One_process_decodes_piece_after_piece_and_is_gone_at_the_end()
    {
        Assert.Equal(_sound.Bytes(2)[(4 * 1000)..(4 * 51_000)], await DecodeAsync(1000, 50_000));
        var id = _workers.IdleProcessId!.Value;
        Assert.Equal(_sound.Bytes(2)[(4 * 881_000)..], await DecodeAsync(881_000, 5000));
        Assert.Equal(id, _workers.IdleProcessId);
        Assert.Equal("900", (await File.ReadAllTextAsync($"/proc/{id}/oom_score_adj", TestContext.Current.CancellationToken)).Trim());
        Assert.Equal("0", (await File.ReadAllTextAsync($"/proc/{id}/stat", TestContext.Current.CancellationToken)).Split(") ")[1].Split(' ')[16]);

        await _workers.DisposeAsync();

        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public async Task A_process_that_is_killed_at_work_costs_one_answer()
    {
        var sink = new Sink(() => Kill(_workers.WorkingProcessIds.Single()));
        var sentence = await _workers.DecodeAsync(new SampleRequest(0, 800_000, 44100), _flac, sink, TestContext.Current.CancellationToken);

        Assert.Contains("died", sentence, StringComparison.Ordinal);
        Assert.Equal(_sound.Bytes(2)[..4000], await DecodeAsync(0, 1000));
        Assert.Contains(_log.Lines, line => line.Contains("ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_died_while_it_waited_costs_nothing()
    {
        await DecodeAsync(0, 1000);
        Kill(_workers.IdleProcessId!.Value);

        Assert.Equal(_sound.Bytes(2)[..4000], await DecodeAsync(0, 1000));
    }

    [Fact]
    public async Task Who_leaves_takes_no_place()
    {
        for (var i = 0; i <= Environment.ProcessorCount; i++)
        {
            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _workers.DecodeAsync(new SampleRequest(0, 800_000, 44100), _flac, new Sink(leaving.Cancel), leaving.Token));
        }

        Assert.Equal(_sound.Bytes(2)[..4000], await DecodeAsync(0, 1000));
    }

    private static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
        process.WaitForExit();
    }

    private async Task<byte[]> DecodeAsync(long first, long count)
    {
        var sink = new Sink(null);
        Assert.Null(await _workers.DecodeAsync(new SampleRequest(first, count, 44100), _flac, sink, TestContext.Current.CancellationToken));
        return [.. sink.Bytes];
    }

    private sealed class Sink(Action? first) : IPcmSink
    {
        public List<byte> Bytes { get; } = [];

        public void Begin(PcmFormat format) => Assert.Equal(44100, format.SampleRate);

        public void Take(ReadOnlySpan<byte> samples)
        {
            if (Bytes.Count == 0)
            {
                first?.Invoke();
            }

            Bytes.AddRange(samples);
        }
    }
}
