using System.Globalization;
using System.Security.Cryptography;
using Isr.Configuration;
using Isr.Naming;
using Isr.Recording;
using Isr.Recording.Disk;
using Isr.Recording.Journal;
using Isr.Recording.Status;
using Isr.Recording.Time;
using Isr.Sources;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Support;

/// <summary>
/// The recording part of the program in a temporary folder, with a clock that the test moves: everything is
/// real but the sources, which a test feeds through <see cref="FedSource"/>.
/// </summary>
internal sealed class RecordingHarness : IAsyncDisposable
{
    private const double ObservationSeconds = 1;

    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _stopSealing = new();
    private readonly ILoggerFactory _loggers;
    private readonly GeneralSettings _general;
    private double _sinceObservation;
    private bool _isFinished;

    /// <param name="start">Wall time at first, with its offset.</param>
    /// <param name="zone">The recorder's zone; UTC when left out.</param>
    /// <param name="clockState">What the kernel says of the clock at first.</param>
    public RecordingHarness(string start, string zone = "UTC", ClockState clockState = ClockState.Synchronised)
    {
        ClockState = clockState;
        Time = new ManualTimeProvider(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone));
        Clock = new WallClock(Time, () => ClockState);
        _loggers = Log.CreateFactory();
        _general = new GeneralSettings
        {
            OutputDirectory = _directory.File("recordings"),
            StateDirectory = _directory.File("state"),
            FilenamePattern = FileNamePattern.Default,
            LogLevel = LogLevel.Information,
            LogFile = null,
        };
        var folder = new RecordingFolder(_general, Clock);
        var journal = new JournalWriter(StateDirectory, Time, _loggers.CreateLogger<JournalWriter>());
        var sealer = new FileSealer(StateDirectory, journal, _loggers.CreateLogger<FileSealer>());
        var ledger = new Ledger(journal, sealer, Clock);
        Mover = new FallbackMover(folder, ledger, StateDirectory, _loggers.CreateLogger<FallbackMover>());
        Services = new RecordingServices(
            Clock,
            folder,
            new DiskWriters(Time, _loggers.CreateLogger<DiskWriter>()),
            new RecordingPlaces(Mover, _loggers.CreateLogger<RecordingPlace>(), TimeSpan.FromMilliseconds(100)),
            journal,
            sealer,
            ledger,
            new LiveMeters(),
            new LevelFeed(),
            new StatusFile(folder, Clock, Time, _loggers.CreateLogger<StatusFile>()),
            Time,
            _loggers);
        journal.Start();
        sealer.Start(_stopSealing.Token);
    }

    public ManualTimeProvider Time { get; }

    public WallClock Clock { get; }

    public LogLines Log { get; } = new();

    public RecordingServices Services { get; }

    public FallbackMover Mover { get; }

    /// <summary>What the kernel says of the clock.</summary>
    public ClockState ClockState { get; set; }

    public string Folder => _general.OutputDirectory;

    public string StateDirectory => _general.StateDirectory;

    /// <summary>The time by the wall.</summary>
    public DateTimeOffset Now => Time.GetUtcNow();

    private List<IFedSource> Sources { get; } = [];

    public FedSource AddSource(FrameSupply supply, string name = "radio", double splitMinutes = 60, string? folder = null, string? pattern = null, string? fallback = null, int skip = 0)
    {
        var (settings, monitor) = Configure(SourceType.Stream, SourceFormat.Auto, name, splitMinutes, folder, pattern, fallback);
        var source = new FedSource(this, Services.CreateStreamRecorder(settings, monitor), monitor, supply, skip);
        Sources.Add(source);
        return source;
    }

    public FedCard AddCard(string name = "mic", SourceFormat format = SourceFormat.Wav, int bits = 16, double ppm = 0, double splitMinutes = 60, string? folder = null, string? fallback = null)
    {
        var (settings, monitor) = Configure(SourceType.Soundcard, format, name, splitMinutes, folder, null, fallback);
        var card = new FedCard(this, Services.CreateCardRecorder(settings, monitor), monitor, bits, ppm);
        Sources.Add(card);
        return card;
    }

    private (SourceSettings Settings, SourceMonitor Monitor) Configure(
        SourceType type, SourceFormat format, string name, double splitMinutes, string? folder, string? pattern, string? fallback)
    {
        Assert.True(FileNamePattern.TryParse(pattern ?? FileNamePattern.DefaultText, out var compiled, out var mistake), mistake);
        var settings = new SourceSettings
        {
            Name = name,
            Line = 1,
            Type = type,
            Urls = type == SourceType.Stream ? [new Uri("http://radio.example/live")] : [],
            Username = null,
            Password = "",
            Format = format,
            OutputDirectory = folder ?? Folder,
            FallbackDirectory = fallback,
            SplitInterval = TimeSpan.FromMinutes(splitMinutes),
            FilenamePattern = compiled,
            MaxRetries = 0,
            RetryDelay = TimeSpan.FromSeconds(5),
            Device = "default",
            SampleRate = FedCard.Rate,
            Channels = 2,
            Bits = 16,
            Channel = null,
        };
        var monitor = new SourceMonitor(name, type.ToString().ToLowerInvariant(), Time);
        Services.Status.Add(monitor);
        return (settings, monitor);
    }

    /// <summary>Lets time pass; the two clocks are compared once a second, as the program does.</summary>
    public void Advance(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        _sinceObservation += seconds;
        while (_sinceObservation >= ObservationSeconds - 1e-9)
        {
            _sinceObservation -= ObservationSeconds;
            Clock.Observe();
        }
    }

    /// <summary>Waits until the disk has all that was given to it; not while it fails.</summary>
    public Task WrittenAsync() => Wait.UntilAsync(
        () => Sources.Sum(s => s.Monitor.Current.Bytes) <= Files().Sum(f => new FileInfo(f).Length),
        TimeSpan.FromSeconds(10),
        "all frames on the disk");

    /// <summary>Stops everything in the program's order.</summary>
    public async Task FinishAsync()
    {
        if (_isFinished)
        {
            return;
        }

        _isFinished = true;
        foreach (var source in Sources.Where(s => s.IsConnected))
        {
            source.Disconnect(ConnectionEnd.Stopped);
        }

        Assert.True(Services.Disks.Stop(TimeSpan.FromSeconds(30)));
        await Services.Sealer.StopAsync();
        Assert.True(Services.Places.Stop(TimeSpan.FromSeconds(30)));
        await Services.Journal.StopAsync();
    }

    /// <summary>Entries of one kind, in the journal's order.</summary>
    public List<T> Entries<T>()
        where T : JournalEntry => [.. JournalReader.Days(StateDirectory).SelectMany(JournalReader.Read).OfType<T>()];

    /// <summary>All files in the recordings folder, in the order of their names.</summary>
    public IReadOnlyList<string> Files() =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Where a file is now that the journal names so.</summary>
    public string PathNow(string name) => PathOf(Entries<FileMoved>().LastOrDefault(m => m.File == name)?.To ?? name);

    /// <summary>The frames of the stream that a file holds, without those that it repeats of the one before.</summary>
    public static List<ReadOnlyMemory<byte>> FramesOf(string path) => Path.GetExtension(path) == ".mp3"
        ? FrameSplitter.Mp3WithoutLeadIn(File.ReadAllBytes(path))
        : FrameSplitter.Adts(File.ReadAllBytes(path));

    /// <summary>Fails unless the source's files hold exactly the frames that it was fed, in order.</summary>
    /// <param name="source">Which source.</param>
    /// <param name="wasClockSet">The files' times do not tell their order.</param>
    public void HoldsAllOf(FedSource source, bool wasClockSet = false)
    {
        var recorded = Entries<FileOpened>()
            .Where(o => o.Source == source.Monitor.Current.Name)
            .OrderBy(o => wasClockSet ? default : o.Start)
            .SelectMany(o => FramesOf(PathNow(o.File)))
            .ToList();

        Assert.Equal(source.Fed.Count, recorded.Count);
        for (var i = 0; i < recorded.Count; i++)
        {
            Assert.True(recorded[i].Span.SequenceEqual(source.Fed[i].Frame.Data.Span), $"frame {i} of {recorded.Count} is another");
        }
    }

    /// <summary>Fails unless the files hold every frame of the programme that was fed, each once, in order.</summary>
    public void HoldsOnce(FedSource source)
    {
        var recorded = Entries<FileOpened>()
            .Where(o => o.Source == source.Monitor.Current.Name)
            .SelectMany(o => FramesOf(PathOf(o.File)))
            .Select(frame => Convert.ToHexString(SHA256.HashData(frame.Span)))
            .ToList();
        var fed = source.Fed.Select(f => Convert.ToHexString(SHA256.HashData(f.Frame.Data.Span))).Distinct(StringComparer.Ordinal).ToList();

        Assert.Equal(fed, recorded);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await FinishAsync();
        }
        finally
        {
            Services.Places.Dispose();
            Services.Disks.Dispose();
            Services.Journal.Dispose();
            Services.Status.Dispose();
            _stopSealing.Dispose();
            _loggers.Dispose();
            _directory.Dispose();
        }
    }
}
