using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Isr.Analysis.Growing;
using Isr.Analysis.Worker.Interop;
using Isr.Audio.Levels;

namespace Isr.Analysis.Worker;

/// <summary>
/// The worker's side: reads tasks, does each on threads of its own, answers. It ends with its input, so that it never outlives the program.
/// </summary>
internal sealed class WorkerProgram(Stream input, Stream output)
{
    private static readonly TimeSpan s_progressPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>A file that grows and that nobody asks for any more.</summary>
    private static readonly TimeSpan s_forgottenAfter = TimeSpan.FromMinutes(10);

    private readonly Channel<byte[]> _answers = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _tasks = new();
    private readonly ConcurrentDictionary<string, GrowingRecording> _growing = new(StringComparer.Ordinal);

    /// <summary>`isr worker`: tasks from standard input, answers to standard output.</summary>
    public static async Task<int> RunAsync()
    {
        ProcessLimits.Apply(yields: true);

        // Ctrl+C and service managers reach all processes of a program; it is the program that says when its worker ends.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        await new WorkerProgram(input, output).ServeAsync();
        return 0;
    }

    public async Task ServeAsync()
    {
        using var end = new CancellationTokenSource();
        var writing = WriteAsync();
        var running = new ConcurrentDictionary<Task, bool>();
        while (await WorkerMessage.ReadAsync(input, CancellationToken.None) is { } message)
        {
            switch (message.Kind)
            {
                case WorkerMessageKind.Measure or WorkerMessageKind.Grow when WorkerRequest.TryRead(message.Content.Span, out var request):
                    var stop = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                    _tasks[message.Task] = stop;
                    var task = Task.Run(() => DoAsync(message, request, stop), CancellationToken.None);
                    running[task] = true;
                    _ = task.ContinueWith(done => running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                    break;
                case WorkerMessageKind.Forget when WorkerRequest.TryRead(message.Content.Span, out var request):
                    _growing.TryRemove(request.Path, out _);
                    break;
                case WorkerMessageKind.Cancel when _tasks.TryGetValue(message.Task, out var source):
                    await source.CancelAsync();
                    break;
            }
        }

        // Children are ended with their tasks.
        await end.CancelAsync();
        await Task.WhenAll(running.Keys);
        _answers.Writer.Complete();
        await writing;
    }

    private async Task DoAsync(WorkerMessage message, WorkerRequest request, CancellationTokenSource stop)
    {
        try
        {
            var measured = message.Kind == WorkerMessageKind.Measure
                ? FileMeasurer.Measure(request.Path, Math.Clamp(request.Cores, 1, Environment.ProcessorCount), Reporter(message.Task), stop.Token)
                : await GrowAsync(request, Reporter(message.Task), stop.Token);
            measured.Levels?.DamagedFrom = measured.DamagedFrom;
            var file = measured.Levels is { } levels ? LevelFile.TryWrite(levels, new RecordingKey(request.Bytes, request.ModifiedUtc)) : null;
            var sentence = measured.Levels is not null && file is null ? "It has too many channels for its length: its levels cannot be kept." : measured.Sentence;
            Answer(message.Task, new WorkerResult(file ?? [], sentence));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // A defect, which must cost this file alone; the program logs what is written here.
            await Console.Error.WriteLineAsync($"{request.Path}: {e}");
            Answer(message.Task, new WorkerResult(default, $"It could not be decoded: {e.Message}"));
        }
        finally
        {
            _tasks.TryRemove(message.Task, out _);
            stop.Dispose();
        }
    }

    private async Task<MeasuredFile> GrowAsync(WorkerRequest request, Action<double> progress, CancellationToken cancellationToken)
    {
        foreach (var (path, other) in _growing)
        {
            if (path != request.Path && Stopwatch.GetElapsedTime(other.LastAsked) > s_forgottenAfter)
            {
                _growing.TryRemove(path, out _);
            }
        }

        var growing = _growing.GetOrAdd(request.Path, path => new GrowingRecording(path));
        var measured = await growing.GrowAsync(request.Bytes, request.IsFinal, progress, cancellationToken);
        if (request.IsFinal)
        {
            _growing.TryRemove(request.Path, out _);
        }

        return measured.Levels is { } levels && request.FromWindow > 0 ? measured with { Levels = levels.From(Math.Min(request.FromWindow, levels.Rms.Length)) } : measured;
    }

    /// <summary>Says now and then how far a task is; several threads may call it.</summary>
    private Action<double> Reporter(int task)
    {
        var last = 0L;
        return part =>
        {
            var (now, before) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref last));
            if ((before == 0 || Stopwatch.GetElapsedTime(before, now) > s_progressPeriod) && Interlocked.CompareExchange(ref last, now, before) == before)
            {
                var content = new byte[sizeof(double)];
                BinaryPrimitives.WriteDoubleLittleEndian(content, part);
                _answers.Writer.TryWrite(new WorkerMessage(WorkerMessageKind.Progress, task, content).ToBytes());
            }
        };
    }

    private void Answer(int task, WorkerResult result) =>
        _answers.Writer.TryWrite(new WorkerMessage(WorkerMessageKind.Result, task, result.ToBytes()).ToBytes());

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var answer in _answers.Reader.ReadAllAsync())
            {
                await output.WriteAsync(answer);
                await output.FlushAsync();
            }
        }
        catch (IOException)
        {
            // Nobody listens any more; the input ends likewise.
        }
    }
}
