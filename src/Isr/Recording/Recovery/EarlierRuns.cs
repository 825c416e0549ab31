using System.Text.Json;
using Isr.Recording.Journal;
using Isr.Recording.Status;

namespace Isr.Recording.Recovery;

/// <summary>A file that a run before this one opened and never closed.</summary>
internal sealed record LeftOpenFile(string Source, string File, DateTimeOffset Start);

/// <summary>A source's last file.</summary>
/// <param name="File">Its name.</param>
/// <param name="End">When its last sample had sounded; null when a crash left it open.</param>
internal readonly record struct EarlierFile(string File, DateTimeOffset? End);

/// <summary>What the journal tells of the time before this run: read backwards, as far as something may be unfinished.</summary>
internal sealed class EarlierRuns
{
    /// <summary>Older days are not looked at.</summary>
    private const int MaxDays = 400;

    private readonly IReadOnlyList<(string Path, long Length)> _days;
    private readonly DateTimeOffset? _statusUpdated;
    private readonly Dictionary<string, int> _closed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _moved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _corrected = new(StringComparer.Ordinal);
    private readonly List<LeftOpenFile> _leftOpen = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lastSources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _ends = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Gap> _outages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EarlierFile> _lastFiles = new(StringComparer.Ordinal);
    private DateTimeOffset? _lastLine;
    private int _daysRead;
    private bool _isBeforeLastRun;
    private bool _wasRecovered;
    private bool _isDone;

    private EarlierRuns(IReadOnlyList<(string Path, long Length)> days, DateTimeOffset? statusUpdated) => (_days, _statusUpdated) = (days, statusUpdated);

    /// <summary>Files to be finished, the newest first.</summary>
    public IReadOnlyList<LeftOpenFile> LeftOpen => _leftOpen;

    /// <summary>Whether a file was opened, as far as was read back.</summary>
    public bool Knows(string file) => _known.Contains(file);

    /// <summary>What the last run recorded.</summary>
    public IReadOnlySet<string> LastSources => _lastSources;

    /// <summary>When each source's last finished file ended.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Ends => _ends;

    /// <summary>Why sources that were not recorded any more when the last run ended were not.</summary>
    public IReadOnlyDictionary<string, Gap> Outages => _outages;

    /// <summary>Each source's last file.</summary>
    public IReadOnlyDictionary<string, EarlierFile> LastFiles => _lastFiles;

    /// <summary>When the last run stopped as it should; null when it did not, or there was none.</summary>
    public DateTimeOffset? Stopped { get; private set; }

    /// <summary>When the last run showed itself last; null when there was none.</summary>
    public DateTimeOffset? LastAlive => _lastLine is { } line && _statusUpdated is { } status && status > line ? status : _lastLine;

    /// <summary>Remembers how far the journal goes and what status.json says, before this run writes to either.</summary>
    public static EarlierRuns Mark(string folder, string stateDirectory)
    {
        var days = JournalReader.Days(stateDirectory).TakeLast(MaxDays).Select(path => (path, new FileInfo(path) is { Exists: true } file ? file.Length : 0)).ToList();
        return new EarlierRuns(days, ReadUpdated(folder));
    }

    /// <summary>
    /// Reads further back, until nothing can be unfinished any more, and all sources' ends are known or too long ago.
    /// </summary>
    /// <param name="sources">Whose ends are wanted.</param>
    /// <param name="days">So many days at most.</param>
    /// <param name="cancellationToken">Stops it between two days.</param>
    public void Read(IEnumerable<string> sources, int days, CancellationToken cancellationToken)
    {
        var missing = sources.ToHashSet(StringComparer.Ordinal);
        for (; days > 0 && _daysRead < _days.Count && !(_isDone && missing.All(_ends.ContainsKey)); days--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (path, length) = _days[_days.Count - 1 - _daysRead++];
            var entries = JournalReader.ReadUpTo(path, length);
            for (var i = entries.Count - 1; i >= 0; i--)
            {
                Take(entries[i]);
            }
        }
    }

    private static DateTimeOffset? ReadUpdated(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, RecorderStatus.FileName)), StatusJson.Default.RecorderStatus)?.Updated?.ToUniversalTime();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private void Take(JournalEntry entry)
    {
        if (!_isBeforeLastRun)
        {
            TakeOfLastRun(entry);
        }

        if (entry is FileOpened { File: var name })
        {
            _known.Add(_moved.GetValueOrDefault(name, name));
        }

        switch (entry)
        {
            case SourceDisconnected { Cause: not GapCause.Stopped } ended:
                TakeOutage(ended);
                break;
            case FileClosed closed:
                if (_ends.TryAdd(closed.Source, closed.End) && closed.How is not (GapCause.Split or GapCause.Stopped or GapCause.Killed))
                {
                    _outages.TryAdd(closed.Source, new Gap(closed.How, null));
                }

                _closed[closed.File] = _closed.GetValueOrDefault(closed.File) + 1;
                break;
            case FileOpened opened when _lastFiles.TryAdd(opened.Source, EarlierFileOf(opened)) && _isDone:
                break;
            case not null when _isDone:
                break;
            case FileMoved moved:
                _moved[moved.File] = _moved.GetValueOrDefault(moved.To, moved.To);
                _closed[moved.File] = _closed.GetValueOrDefault(moved.File) + (_closed.Remove(moved.To, out var count) ? count : 0);
                break;
            case StartCorrected corrected:
                _corrected.TryAdd(corrected.File, corrected.Start);
                break;
            case FileOpened opened when _closed.GetValueOrDefault(opened.File) > 0:
                _closed[opened.File]--;
                break;
            case FileOpened opened:
                _leftOpen.Add(new LeftOpenFile(
                    opened.Source, _moved.GetValueOrDefault(opened.File, opened.File), _corrected.GetValueOrDefault(opened.File, opened.Start)));
                break;
            case RecoveryFinished:
                _wasRecovered = true;
                break;

            // The run that finished all files before it had begun to record by then.
            case ProgramStarted:
                _isDone = _wasRecovered;
                break;
        }
    }

    /// <summary>What ended a source: told after its last file, or, while that was on its way to the disk, a moment before.</summary>
    private void TakeOutage(SourceDisconnected ended)
    {
        var isLater = !_ends.ContainsKey(ended.Source);
        if (isLater || (_outages.TryGetValue(ended.Source, out var outage) && outage.Sentence is null && outage.Cause == ended.Cause))
        {
            _outages[ended.Source] = new Gap(ended.Cause, ended.Sentence);
        }
    }

    private EarlierFile EarlierFileOf(FileOpened opened) => new(
        _moved.GetValueOrDefault(opened.File, opened.File), _closed.GetValueOrDefault(opened.File) > 0 ? _ends.GetValueOrDefault(opened.Source) : null);

    private void TakeOfLastRun(JournalEntry entry)
    {
        if (entry is KeepingEntry)
        {
            // Somebody tidied up after the recorder had ended.
            return;
        }

        _lastLine = _lastLine is { } line && line > entry.At ? line : entry.At;
        switch (entry)
        {
            case ProgramStopped:
                Stopped ??= entry.At;
                break;
            case SourceConfigured configured:
                _lastSources.Add(configured.Source);
                break;
            case ProgramStarted:
                _isBeforeLastRun = true;
                break;
        }
    }
}
