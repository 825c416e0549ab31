using Isr.Recording.Status;
using Isr.Sources;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests;

/// <summary>One recorder as a process, a folder of its own, a server for its sources, and a witness among these.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    private readonly List<(string Name, Uri Url, string? Directory)> _sources = [];
    private IsrProgram? _program;

    public FaultRun() => Witness = Add(new NumberedStation("witness").MapHealthy(Server));

    public ProgramFolder Folder { get; } = new();

    public FaultServer Server { get; } = new();

    /// <summary>A healthy source beside all faults.</summary>
    public NumberedStation Witness { get; }

    public IsrProgram Program => _program!;

    /// <summary>Minutes of a file.</summary>
    public double SplitMinutes { get; init; } = 0.1;

    /// <summary>The recorder serves its page as well.</summary>
    public bool WithPage { get; init; }

    /// <summary>More lines for [general].</summary>
    public string General { get; init; } = "";

    public RecorderStatus Status => RecorderStatus.Read(Folder.Recordings, TimeProvider.System);

    public NumberedStation Add(NumberedStation station, Uri? url = null, string? directory = null)
    {
        Add(station.Name, url ?? Server.Url("/" + station.Name), directory);
        return station;
    }

    /// <param name="name">Of the source.</param>
    /// <param name="url">Where it plays.</param>
    /// <param name="directory">Where it is recorded; a folder of its name in the recordings where left out.</param>
    public void Add(string name, Uri url, string? directory = null) => _sources.Add((name, url, directory));

    /// <summary>Starts the recorder; also again after its end.</summary>
    public async Task StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var general = FormattableString.Invariant($"[general]\noutput_directory = {Folder.Recordings}\nsplit_minutes = {SplitMinutes}\nretry_delay_seconds = 1\n{General}\n");
        var sources = _sources.Select(s => $"[{s.Name}]\ntype = stream\nurl = {s.Url}\noutput_directory = {s.Directory ?? Path.Combine(Folder.Recordings, s.Name)}\n");
        await File.WriteAllTextAsync(Folder.Config, general + string.Concat(sources), TestContext.Current.CancellationToken);
        await (_program?.DisposeAsync() ?? default);
        _program = IsrProgram.Start(Folder, [WithPage ? "run" : "record"], WithPage, environment);
    }

    public SourceStatus? StatusOf(string source) => Status.Sources?.FirstOrDefault(s => s.Name == source);

    public Task UntilAsync(string source, SourceState state) => UntilAsync(
        () => StatusOf(source)?.State == state, () => $"{source} is {StatusOf(source)?.State.ToString() ?? "unknown"}, not {state}");

    public Task UntilAsync(Func<bool> condition, Func<string> describe) => Wait.UntilAsync(
        () => _program!.HasExited ? throw new InvalidOperationException($"isr ended: {_program.Errors}") : condition(), s_patience, describe);

    /// <summary>Waits in the programme's own time.</summary>
    public static Task ForAsync(double seconds)
    {
        var end = NumberedStation.Time + seconds;
        return Wait.UntilAsync(() => NumberedStation.Time >= end, TimeSpan.FromSeconds(seconds + 10), "time passes");
    }

    /// <summary>What the program's log says of a source.</summary>
    public string LogOf(string source) =>
        string.Join('\n', File.ReadLines(Folder.File("recorder.log")).Where(line => line.Contains($"[{source}]", StringComparison.Ordinal)));

    /// <summary>Ends the recorder in order and returns how many seconds that took.</summary>
    public async Task<double> StopAsync(Signal signal = Signal.Terminate)
    {
        var (result, took) = await _program!.EndAsync(signal);
        Assert.True(result.ExitCode == 0, $"isr ended with {result.ExitCode}: {result.Errors}");
        return took.TotalSeconds;
    }

    /// <summary>The witness lost nothing; what was sent in the last second may not have been read yet.</summary>
    public FoundFrames CheckWitness() => Witness.Find(Folder).IsWhole("witness", inFlight: 16);

    public async ValueTask DisposeAsync()
    {
        await (_program?.DisposeAsync() ?? default);
        await Server.DisposeAsync();
        Folder.Dispose();
    }
}
