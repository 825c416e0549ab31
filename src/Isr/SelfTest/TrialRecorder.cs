using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Isr.Interop;
using Isr.Recording.Journal;
using Isr.Recording.Time;

namespace Isr.SelfTest;

/// <summary>A recorder as a process of its own, over a folder of the self-test. It ends with the process that started it, however that ends.</summary>
internal sealed class TrialRecorder : IAsyncDisposable
{
    /// <summary>`isr` with this word records by a configuration until its standard input ends.</summary>
    public const string Word = "selftest-recorder";

    private const int KeptLines = 20;

    /// <summary>What the program promises for its end, and a little for a computer that is busy.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Queue<string> _lines = new();

    private TrialRecorder(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(KeepAsync(process.StandardOutput), KeepAsync(process.StandardError));
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The end of what it said, in one line.</summary>
    public string LastWords
    {
        get
        {
            lock (_lines)
            {
                return string.Join(" | ", _lines);
            }
        }
    }

    /// <param name="config">Its configuration.</param>
    /// <param name="clock">The file that sets its clock; null for the computer's own.</param>
    /// <param name="zone">Its time zone; null for the computer's own.</param>
    /// <param name="fileBytes">No file of it may become larger; null for no limit.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static TrialRecorder Start(string config, string? clock = null, string? zone = null, long? fileBytes = null)
    {
        string[] limit = fileBytes is { } bytes ? ["--limit", bytes.ToString(CultureInfo.InvariantCulture)] : [];
        var start = OwnProgram.With([Word, "--config", config, .. limit]);
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment.Remove(TestClock.Variable);
        if (clock is not null)
        {
            start.Environment[TestClock.Variable] = clock;
        }

        if (zone is not null)
        {
            start.Environment["TZ"] = zone;
        }

        return new TrialRecorder(Process.Start(start)!);
    }

    /// <summary>Ends it at once, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Has it finish its files and end; whether it did, and well.</summary>
    public async Task<bool> StopAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(s_patience, TimeProvider.System);
            return _process.ExitCode == 0;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private async Task KeepAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > KeptLines)
                {
                    _lines.Dequeue();
                }
            }
        }
    }
}

/// <summary>The folder that a recorder of the self-test records into.</summary>
internal sealed class TrialFolder
{
    private TrialFolder(string path, string config) => (Path, Config) = (path, config);

    public string Path { get; }

    public string Config { get; }

    public string StateDirectory => System.IO.Path.Combine(Path, ".isr");

    public List<JournalEntry> Journal => [.. JournalReader.Days(StateDirectory).SelectMany(JournalReader.Read)];

    /// <exception cref="IOException">The disk takes nothing.</exception>
    public static TrialFolder Make(string parent, string name, double splitMinutes, IEnumerable<(string Source, Uri Url)> sources)
    {
        var path = Directory.CreateDirectory(System.IO.Path.Combine(parent, name)).FullName;
        var config = System.IO.Path.Combine(parent, name + ".ini");
        var text = string.Create(CultureInfo.InvariantCulture, $"[general]\noutput_directory = {path}\nsplit_minutes = {splitMinutes}\nretry_delay_seconds = 1\nlog_file =\n")
            + string.Concat(sources.Select(s => $"[{s.Source}]\ntype = stream\nurl = {s.Url}\nfilename_pattern = {s.Source}/%Y%m%d_%H%M%S\n"));
        File.WriteAllText(config, text);
        return new TrialFolder(path, config);
    }

    /// <summary>The files of a source, in the order in which they were opened.</summary>
    public List<string> FilesOf(string source) => [.. Journal.OfType<FileOpened>().Where(o => o.Source == source).Select(o => System.IO.Path.Combine(Path, o.File))];
}
