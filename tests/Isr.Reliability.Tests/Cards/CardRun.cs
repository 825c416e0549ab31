using Isr.Recording.Status;
using Isr.Sources;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Cards;

/// <summary>One recorder with cards that fail in every way, run once for all tests of a class.</summary>
public sealed class CardRun : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    private readonly Dictionary<string, AlsaDevice> _devices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _over = new(StringComparer.Ordinal);
    private IsrProgram? _program;

    internal ProgramFolder Folder { get; } = new();

    internal Dictionary<string, SourceStatus> Last { get; } = new(StringComparer.Ordinal);

    /// <summary>How long a source was not recorded after its fault was over.</summary>
    internal async Task<(CardFiles Files, double BackAfter)> FilesOfAsync(string name)
    {
        var files = await CardFiles.ReadAsync(Folder, name, _devices[name]);
        if (!_over.TryGetValue(name, out var over))
        {
            return (files, 0);
        }

        var first = files.Files.SelectMany(f => f.Numbers).First(number => _devices[name].CapturedAt(number, CardFiles.Rate) > over);
        return (files, TimeProvider.System.GetElapsedTime(over, _devices[name].CapturedAt(first, CardFiles.Rate)).TotalSeconds);
    }

    public async ValueTask InitializeAsync()
    {
        string[] names = ["witness", "witness-flac", "overrun", "unplugged", "error", "suspended", "busy", "silent", "jump"];
        foreach (var name in names)
        {
            _devices[name] = await AlsaRig.AddAsync(new AlsaDeviceOptions { Ppm = name.StartsWith("witness", StringComparison.Ordinal) ? 50 : 0 });
        }

        await File.WriteAllTextAsync(
            Folder.Config,
            $"[general]\noutput_directory = {Folder.Recordings}\nsplit_minutes = 0.1\nretry_delay_seconds = 1\nsample_rate = 48000\n" + string.Concat(names.Select(name =>
                $"[{name}]\ntype = soundcard\ndevice = {_devices[name].Pcm}\nformat = {(name == "witness-flac" ? "flac" : "wav")}\noutput_directory = {Path.Combine(Folder.Recordings, name)}\n")),
            TestContext.Current.CancellationToken);
        _devices["busy"].Set("busy");
        await using (_program = IsrProgram.Start(Folder, ["record"], environment: await AlsaRig.EnvironmentAsync()))
        {
            await UntilAsync(names.Where(n => n != "busy"), SourceState.Recording);
            await FaultRun.ForAsync(1);
            _devices["unplugged"].Set("nodev");
            _devices["suspended"].Set("suspended");
            _devices["silent"].Set("silence");
            await _devices["overrun"].DoAsync("overrun");
            await _devices["error"].DoAsync("io");
            await _devices["jump"].DoAsync("jump 24000");
            await FaultRun.ForAsync(3);
            await _devices["overrun"].DoAsync("overrun");
            End("busy", "suspended");
            await FaultRun.ForAsync(1);
            End("unplugged");

            // The cards' buffers hold four seconds: nothing of it may be missing.
            _program.Send(Signal.Stop);
            await FaultRun.ForAsync(1.5);
            _program.Send(Signal.Continue);
            await FaultRun.ForAsync(5);
            End("silent");
            await UntilAsync(names, SourceState.Recording);
            await FaultRun.ForAsync(5);
            foreach (var source in Status.Sources!)
            {
                Last[source.Name] = source;
            }

            var (result, _) = await _program.EndAsync(Signal.Terminate);
            Assert.True(result.ExitCode == 0, $"isr ended with {result.ExitCode}: {result.Errors}");
        }
    }

    internal string LogOf(string source) =>
        string.Join('\n', File.ReadLines(Folder.File("recorder.log")).Where(line => line.Contains($"[{source}]", StringComparison.Ordinal)));

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private RecorderStatus Status => RecorderStatus.Read(Folder.Recordings, TimeProvider.System);

    private void End(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _devices[name].Set("ok");
            _over[name] = TimeProvider.System.GetTimestamp();
        }
    }

    private Task UntilAsync(IEnumerable<string> names, SourceState state) => Wait.UntilAsync(
        () => _program!.HasExited
            ? throw new InvalidOperationException($"isr ended: {_program.Errors}")
            : names.All(name => Status.Sources?.FirstOrDefault(s => s.Name == name)?.State == state),
        s_patience,
        () => $"not all are {state}: {string.Join(", ", (Status.Sources ?? []).Select(s => $"{s.Name} {s.State} {s.Error}"))}");
}
