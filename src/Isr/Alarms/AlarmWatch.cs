using System.Threading.Channels;
using Isr.Alarms.Rules;
using Isr.Catalog.Coverage;
using Isr.Catalog.Retention;
using Isr.Configuration;
using Isr.Recording;
using Isr.Recording.Disk;
using Isr.Recording.Status;
using Isr.Sources;

namespace Isr.Alarms;

/// <summary>
/// Looks at all sources once a second, and asks the rules. What must be asked of disks is looked at by another task, so that one which hangs does not
/// keep alarms from being raised.
/// </summary>
internal sealed partial class AlarmWatch(
    Settings settings, AlarmBook book, StatusFile status, LiveMeters meters, RetentionSurvey survey, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<AlarmWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_diskPeriod = TimeSpan.FromSeconds(10);

    /// <summary>The first look comes so long after the start, too: what a crash left open is finished by then.</summary>
    private static readonly TimeSpan s_coveragePeriod = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, WatchedSource> _sources = new(StringComparer.Ordinal);
    private readonly Channel<Facts> _facts = Channel.CreateUnbounded<Facts>();
    private readonly JournalCoverage _coverage = new(settings.General.StateDirectory, time);
    private readonly MeterReading _reading = new();
    private DiskRule? _disk;
    private string? _saidFailure;
    private string? _saidDefect;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        book.Load();
        foreach (var source in settings.Sources)
        {
            _sources[source.Name] = new WatchedSource(source, meters.For(source.Name), kind => book.Find(kind, source.Name) is not null);
        }

        _disk = settings.General.Alarms.DiskDays is { } days ? new DiskRule(days, settings.General.Keep.FreeBytes, book.Find(AlarmKind.Disk, null) is not null) : null;
        var rules = _sources.Values.SelectMany(source => source.Rules).Append(_disk).OfType<AlarmRule>().Select(rule => (rule.Kind, rule.Source)).ToHashSet();
        foreach (var alarm in book.Active.Where(alarm => !rules.Contains((alarm.Kind, alarm.Source))).ToList())
        {
            book.End(alarm, TimeSpan.Zero, _ => alarm.Source is { } name && !_sources.ContainsKey(name) ? $"{name} is no longer recorded." : $"This is no longer watched: {alarm.Sentence}");
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();

        // Sources that the end of the program stops are not dead.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        await Task.WhenAll(WatchAsync(stopping.Token), Task.Run(() => LookAsync(stopping.Token), CancellationToken.None), book.KeepAsync(stopping.Token));
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        var last = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = time.GetTimestamp();
                var by = time.GetElapsedTime(last, now);
                last = now;
                TryObserve(by);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void TryObserve(TimeSpan by)
    {
        try
        {
            foreach (var source in status.Sources)
            {
                if (_sources.TryGetValue(source.Name, out var watched))
                {
                    Observe(watched, source, by);
                }
            }

            while (_facts.Reader.TryRead(out var facts))
            {
                Observe(facts);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A defect here must not end the program, which records.
            if (e.Message != _saidDefect)
            {
                _saidDefect = e.Message;
                LogDefect(e);
            }
        }
    }

    private void Observe(WatchedSource watched, SourceStatus source, TimeSpan by)
    {
        var hasSound = watched.Meter.TryTake(ref watched.Position, _reading);
        if (hasSound && watched.Silence is { } silence && silence.Observe(SilenceRule.LevelOf(_reading), _reading.Windows * SourceMeter.WindowLength, watched.Meter.Behind))
        {
            Tell(silence);
        }

        if (watched.Dead is { } dead && dead.Observe(source, by))
        {
            Tell(dead);
        }

        // A soundcard's are counted without a gap; a stream's are known where it is measured alone.
        var clipped = watched.IsSoundcard ? source.Clipped - watched.Clipped : hasSound ? _reading.Clipped : 0;
        watched.Clipped = source.Clipped;
        if (watched.Clipping is { } clipping && clipping.Observe(clipped, by))
        {
            Tell(clipping);
        }
    }

    private void Observe(Facts facts)
    {
        if (_disk is { } disk && facts.Disk is { } room && disk.Observe(room, facts.By))
        {
            Tell(disk);
        }

        foreach (var (source, figures) in facts.Coverage ?? new Dictionary<string, CoverageFigures>(StringComparer.Ordinal))
        {
            if (_sources.TryGetValue(source, out var watched) && watched.Coverage is { } coverage && coverage.Observe(figures, facts.By))
            {
                Tell(coverage);
            }
        }
    }

    private void Tell(AlarmRule rule)
    {
        if (rule.IsActive)
        {
            book.Begin(rule);
        }
        else if (book.Find(rule.Kind, rule.Source) is { } alarm)
        {
            book.End(alarm, rule.Ago, rule.Ending);
        }
    }

    /// <summary>Asks disks and journal, and hands over what they say.</summary>
    private async Task LookAsync(CancellationToken stoppingToken)
    {
        string[] folders = [.. settings.Sources.Select(source => source.OutputDirectory).Prepend(settings.General.OutputDirectory).Distinct(StringComparer.Ordinal)];
        var needsCoverage = _sources.Values.Any(source => source.Coverage is not null);
        var lastDisk = time.GetTimestamp();
        var lastCoverage = lastDisk;
        using var timer = new PeriodicTimer(s_diskPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (_disk is not null)
                {
                    var room = new DiskFacts(DiskSpace.LeastFree(folders), survey.Latest);
                    _facts.Writer.TryWrite(new Facts(time.GetElapsedTime(lastDisk)) { Disk = room });
                    lastDisk = time.GetTimestamp();
                }

                if (needsCoverage && time.GetElapsedTime(lastCoverage) >= s_coveragePeriod && ReadCoverage() is { } coverage)
                {
                    _facts.Writer.TryWrite(new Facts(time.GetElapsedTime(lastCoverage)) { Coverage = coverage });
                    lastCoverage = time.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private IReadOnlyDictionary<string, CoverageFigures>? ReadCoverage()
    {
        try
        {
            _coverage.Follow();
            _saidFailure = null;
            return _coverage.Look(status.Sources.Select(source => source.File).OfType<string>().ToHashSet(StringComparer.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (e.Message != _saidFailure)
            {
                _saidFailure = e.Message;
                LogNotRead(e.Message);
            }

            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal cannot be read, so that there is no alarm of what is missing: {Reason}")]
    private partial void LogNotRead(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Alarms could not be looked after; it is tried again every second")]
    private partial void LogDefect(Exception defect);

    /// <param name="By">How long since the last time.</param>
    private sealed record Facts(TimeSpan By)
    {
        public DiskFacts? Disk { get; init; }

        public IReadOnlyDictionary<string, CoverageFigures>? Coverage { get; init; }
    }

    /// <summary>A source's rules, and how far its figures were taken.</summary>
    private sealed class WatchedSource(SourceSettings source, SourceMeter meter, Func<string, bool> isActive)
    {
        /// <summary>Where its meter was read up to.</summary>
        public long Position = meter.Position;

        public SourceMeter Meter => meter;

        public bool IsSoundcard { get; } = source.Type == SourceType.Soundcard;

        /// <summary>Of its counter.</summary>
        public long Clipped { get; set; }

        public SilenceRule? Silence { get; } = source.Alarms.Silence is { } after ? new SilenceRule(source.Name, source.Alarms.SilenceDbfs, after, isActive(AlarmKind.Silent)) : null;

        public DeadRule? Dead { get; } = source.Alarms.Dead is { } after ? new DeadRule(source.Name, after, isActive(AlarmKind.Dead)) : null;

        public ClippingRule? Clipping { get; } = source.Alarms.Clipping is { } limit ? new ClippingRule(source.Name, limit, isActive(AlarmKind.Clipping)) : null;

        public CoverageRule? Coverage { get; } = source.Alarms.Coverage is { } percent ? new CoverageRule(source.Name, percent, isActive(AlarmKind.Coverage)) : null;

        public IEnumerable<AlarmRule> Rules => new AlarmRule?[] { Silence, Dead, Clipping, Coverage }.OfType<AlarmRule>();
    }
}
