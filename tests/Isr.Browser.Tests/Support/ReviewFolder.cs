using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Isr.Analysis;
using Isr.Audio;
using Isr.Audio.Levels;
using Isr.Catalog.Coverage;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Support;

/// <summary>
/// A folder of recordings with a true journal and levels, as a recorder would have left it: three sources for the whole of a day, two of them for
/// five hours of the evening before. Most files are hard links of a few, which have one mtime.
/// </summary>
internal sealed partial class ReviewFolder
{
    public const string Garden = "garden";
    public const string Street = "street";
    public const string Radio = "radio";
    public const string GapSentence = $"{Card} was unplugged: plug it in again";

    private const string Stream = "http://radio.example/stream.mp3";
    private const string Card = "hw:CARD=USB,DEV=0";
    private const int BurstsPerHour = 6;

    /// <summary>Over the hour at <see cref="AcrossHour"/>: half in one file, half in the next.</summary>
    private static readonly Burst s_across = new(3597.2, 6, 990, 0.3);
    private const int AcrossHour = 22;

    private static readonly ConcurrentDictionary<Sound, Lazy<Task<Made>>> s_made = [];

    private readonly List<JournalEntry> _entries = [];
    private readonly Dictionary<Sound, List<(string Name, DateTimeOffset End)>> _files = [];
    private readonly List<ReviewBurst> _bursts = [];

    private ReviewFolder(string recordings, DateOnly day, TimeZoneInfo zone)
    {
        (Recordings, Day, Zone) = (recordings, day, zone);
        GapStart = Local(LocalDays.ToUtc(day.ToDateTime(new TimeOnly(8, 6)), zone));
        GapEnd = GapStart.AddMinutes(19);
    }

    public string Recordings { get; }

    public string StateDirectory => Path.Combine(Recordings, ".isr");

    /// <summary>The whole day.</summary>
    public DateOnly Day { get; }

    public TimeZoneInfo Zone { get; }

    /// <summary>What is missing of <see cref="Street"/>, local.</summary>
    public DateTimeOffset GapStart { get; }

    public DateTimeOffset GapEnd { get; }

    /// <summary>Everything that stands out, in order.</summary>
    public IReadOnlyList<ReviewBurst> Bursts => _bursts;

    /// <summary>The day before today.</summary>
    public static DateOnly Yesterday(TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), zone).Date).AddDays(-1);

    /// <param name="recordings">Where to; must not exist, or be empty.</param>
    /// <param name="day">The whole day.</param>
    /// <param name="zone">The recorder's.</param>
    public static async Task<ReviewFolder> WriteAsync(string recordings, DateOnly day, TimeZoneInfo zone)
    {
        var folder = new ReviewFolder(recordings, day, zone);
        folder.Plan();
        await folder.WriteAsync();
        return folder;
    }

    /// <summary>A local time of the day, the first of two that bear it.</summary>
    public DateTimeOffset At(int hour, int minute = 0, double seconds = 0) =>
        Local(LocalDays.ToUtc(Day.ToDateTime(new TimeOnly(hour, minute)), Zone)).AddSeconds(seconds);

    private DateTimeOffset Local(long utcTicks) => TimeZoneInfo.ConvertTime(new DateTimeOffset(utcTicks, TimeSpan.Zero), Zone);

    private void Plan()
    {
        var (midnight, next) = (Local(LocalDays.StartOf(Day, Zone)), Local(LocalDays.StartOf(Day.AddDays(1), Zone)));
        var evening = midnight.AddHours(-6);
        PlanRun(evening, evening.AddHours(5), lastEnd: null, Garden, Radio);
        PlanRun(midnight, next, lastEnd: evening.AddHours(5), Garden, Street, Radio);
        _bursts.Sort((a, b) => a.Start.CompareTo(b.Start));
    }

    private void PlanRun(DateTimeOffset from, DateTimeOffset to, DateTimeOffset? lastEnd, params string[] sources)
    {
        _entries.Add(new ProgramStarted("0.1.0", 1000, Zone.Id, "synchronised") { At = from });
        foreach (var source in sources)
        {
            var isStream = source == Radio;
            _entries.Add(new SourceConfigured(source, isStream ? "stream" : "soundcard", isStream ? [Stream] : []) { At = from });
            _entries.Add(new SourceConnected(source, isStream ? Stream : Card, null, isStream ? "audio/mpeg" : null) { At = from });
            if (lastEnd is { } end && source != Street)
            {
                var sentence = string.Create(CultureInfo.InvariantCulture, $"the program was not running from {end:yyyy-MM-dd HH:mm:ss} to {from:yyyy-MM-dd HH:mm:ss}");
                _entries.Add(new GapFound(source, end.ToUniversalTime(), from.ToUniversalTime(), (from - end).TotalSeconds, GapCause.Stopped, sentence) { At = from });
            }

            for (var utc = from.ToUniversalTime(); utc < to; utc = utc.AddHours(1))
            {
                PlanHour(source, Local(utc.Ticks), utc.AddHours(1) < to ? GapCause.Split : GapCause.Stopped);
            }

            _entries.Add(new SourceDisconnected(source, GapCause.Stopped, "stopped") { At = to.AddMilliseconds(5) });
        }

        _entries.Add(new ProgramStopped { At = to.AddMilliseconds(100) });
    }

    private void PlanHour(string source, DateTimeOffset start, string how)
    {
        var sound = source switch
        {
            Garden => start.Hour switch { AcrossHour - 1 => Sound.Hour(Garden, 10), AcrossHour => Sound.Hour(Garden, 11), var hour => Sound.Hour(Garden, hour % 3) },
            Street => Sound.Hour(Street, 20 + (start.Hour % 2)),
            _ => Sound.Hour(Radio, 0),
        };
        foreach (var burst in BurstsOf(sound).Where(b => b.Start >= 0))
        {
            if (source != Street || start.AddSeconds(burst.End) <= GapStart || start.AddSeconds(burst.Start) >= GapEnd)
            {
                _bursts.Add(new ReviewBurst(source, start.AddSeconds(burst.Start), burst.Seconds, burst.Hertz, burst.Level));
            }
        }

        if (source != Street || start > GapStart || start.AddHours(1) <= GapStart)
        {
            PlanFile(source, start, sound, how);
            return;
        }

        var at = (int)(GapStart - start).TotalSeconds;
        var back = (int)(GapEnd - start).TotalSeconds;
        PlanFile(source, start, sound with { To = at }, GapCause.Of(Sources.EndCause.Broken));
        _entries.Add(new SourceDisconnected(source, GapCause.Of(Sources.EndCause.Broken), GapSentence) { At = GapStart.AddMilliseconds(1) });
        _entries.Add(new SourceConnected(source, Card, null, null) { At = GapEnd.AddMilliseconds(-50) });
        _entries.Add(new GapFound(source, GapStart.ToUniversalTime(), GapEnd.ToUniversalTime(), (GapEnd - GapStart).TotalSeconds, GapCause.Of(Sources.EndCause.Broken), GapSentence) { At = GapEnd });
        PlanFile(source, GapEnd, sound with { From = back }, how);
    }

    private void PlanFile(string source, DateTimeOffset start, Sound sound, string how)
    {
        var codec = source == Radio ? AudioCodec.MpegLayer3 : AudioCodec.Flac;
        var stem = string.Create(CultureInfo.InvariantCulture, $"{source}/{start:yyyyMMdd_HHmmss}");
        var extension = codec == AudioCodec.Flac ? ".flac" : ".mp3";
        var files = _files.Values.SelectMany(f => f).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        var name = files.Contains(stem + extension) ? $"{stem}_2{extension}" : stem + extension;
        var end = Local(start.UtcTicks).AddSeconds(sound.To - sound.From);
        if (!_files.TryGetValue(sound, out var links))
        {
            _files[sound] = links = [];
        }

        links.Add((name, end));
        _entries.Add(new FileOpened(source, name, start, codec.ToString(), ReviewSound.Rate, 1, null) { At = start.AddMilliseconds(2) });

        // How long it is on the disk is not known yet.
        _entries.Add(new FileClosed(source, name, Local(end.UtcTicks), (long)(sound.To - sound.From) * ReviewSound.Rate, 0, how) { At = end.AddMilliseconds(2) });
    }

    private async Task WriteAsync()
    {
        foreach (var source in new[] { Garden, Street, Radio })
        {
            Directory.CreateDirectory(Path.Combine(Recordings, source));
        }

        var store = new LevelStore(new AnalysisOptions(Recordings, Path.Combine(StateDirectory, "levels")));
        var written = new ConcurrentDictionary<string, (long Bytes, string Hash)>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(_files, TestContext.Current.CancellationToken, async (sound, _) =>
        {
            var made = await s_made.GetOrAdd(sound.Key, key => new Lazy<Task<Made>>(() => MakeAsync(key))).Value;
            var file = new FileInfo(Path.Combine(Recordings, sound.Value[0].Name));
            await File.WriteAllBytesAsync(file.FullName, made.Bytes, TestContext.Current.CancellationToken);
            file.LastWriteTimeUtc = sound.Value.Max(l => l.End).UtcDateTime;

            // Links have one size and mtime, and so the same level file.
            var levels = LevelFile.TryWrite(made.Levels, new RecordingKey(file.Length, file.LastWriteTimeUtc))!;
            foreach (var (name, _) in sound.Value)
            {
                var path = Path.Combine(Recordings, name);
                Assert.True(path == file.FullName || Link(file.FullName, path) == 0, $"{path} cannot be linked");
                store.Write(name, levels);
                written[name] = (file.Length, made.Hash);
            }
        });
        WriteJournal(written);
    }

    private static async Task<Made> MakeAsync(Sound sound)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("sound");
        await (sound.Source == Radio
            ? ReviewSound.WriteMp3Async(path)
            : ReviewSound.WriteFlacAsync(ReviewSound.Hour(sound.Seed, BurstsOf(sound)).AsMemory((sound.From * ReviewSound.Rate)..(sound.To * ReviewSound.Rate)), path));
        var levels = FileMeasurer.Measure(path, cores: 1, null, TestContext.Current.CancellationToken).Levels!;
        Assert.Equal((long)(sound.To - sound.From) * ReviewSound.Rate, levels.Samples);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        return new Made(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)), levels);
    }

    private void WriteJournal(ConcurrentDictionary<string, (long Bytes, string Hash)> written)
    {
        var chain = "";
        var lines = new List<JournalEntry>();
        foreach (var entry in _entries.OrderBy(e => e.At))
        {
            if (entry is not FileClosed closed)
            {
                lines.Add(entry);
                continue;
            }

            lines.Add(closed with { Bytes = written[closed.File].Bytes });
            chain = FileSealer.Next(chain, closed.File, written[closed.File].Hash);
            lines.Add(new FileSealed(closed.File, written[closed.File].Hash, chain) { At = closed.At });
        }

        JournalFiles.Append(StateDirectory, lines.Select(l => l with { At = l.At.ToUniversalTime() }));
    }

    private static List<Burst> BurstsOf(Sound sound) => sound switch
    {
        { Source: Radio } => [],
        { Seed: 10 } => [.. ReviewSound.Bursts(10, BurstsPerHour), s_across],
        { Seed: 11 } => [s_across with { Start = s_across.Start - 3600 }, .. ReviewSound.Bursts(11, BurstsPerHour)],
        { Source: Street } => ReviewSound.Bursts(sound.Seed, BurstsPerHour * 2),
        _ => ReviewSound.Bursts(sound.Seed, BurstsPerHour),
    };

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string path, string other);

    /// <summary>What a file holds.</summary>
    /// <param name="Source">Whose hour.</param>
    /// <param name="Seed">Which of them.</param>
    /// <param name="From">Seconds of that hour.</param>
    /// <param name="To">Seconds of that hour.</param>
    private readonly record struct Sound(string Source, int Seed, int From, int To)
    {
        public static Sound Hour(string source, int seed) => new(source, seed, 0, 3600);
    }

    /// <summary>A file, made once for all folders.</summary>
    private sealed record Made(byte[] Bytes, string Hash, RecordingLevels Levels);
}

/// <summary>Something that stands out, where it truly is.</summary>
/// <param name="Source">Whose.</param>
/// <param name="Start">Local.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Hertz">Its pitch.</param>
/// <param name="Level">Its peak; 1 is full scale.</param>
internal readonly record struct ReviewBurst(string Source, DateTimeOffset Start, double Seconds, double Hertz, double Level)
{
    public DateTimeOffset End => Start.AddSeconds(Seconds);
}
