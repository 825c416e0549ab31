using System.Text.Json.Serialization;

namespace Isr.Recording.Journal;

/// <summary>
/// A fact that the files cannot tell. <see cref="At"/> is when it was written down; times inside are UTC, or
/// local with their offset where that is said. Every kind is described in docs/formats.md.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ProgramStarted), "program-started")]
[JsonDerivedType(typeof(ProgramStopped), "program-stopped")]
[JsonDerivedType(typeof(ProgramKilled), "program-killed")]
[JsonDerivedType(typeof(RecoveryFinished), "recovered")]
[JsonDerivedType(typeof(SourceConfigured), "source-configured")]
[JsonDerivedType(typeof(SourceRemoved), "source-removed")]
[JsonDerivedType(typeof(SourceConnected), "connected")]
[JsonDerivedType(typeof(SourceDisconnected), "disconnected")]
[JsonDerivedType(typeof(FileOpened), "opened")]
[JsonDerivedType(typeof(FileClosed), "closed")]
[JsonDerivedType(typeof(FileSealed), "sealed")]
[JsonDerivedType(typeof(FileMended), "mended")]
[JsonDerivedType(typeof(FileMoved), "moved")]
[JsonDerivedType(typeof(GapFound), "gap")]
[JsonDerivedType(typeof(GapHealed), "healed")]
[JsonDerivedType(typeof(StallFound), "stall")]
[JsonDerivedType(typeof(TitleHeard), "title")]
[JsonDerivedType(typeof(ClockStepped), "clock-stepped")]
[JsonDerivedType(typeof(ClockSynchronised), "clock-synchronised")]
[JsonDerivedType(typeof(StartCorrected), "start-corrected")]
[JsonDerivedType(typeof(FileDeleted), "deleted")]
[JsonDerivedType(typeof(FileRestored), "restored")]
[JsonDerivedType(typeof(FilePurged), "purged")]
[JsonDerivedType(typeof(AlarmBegan), "alarm-began")]
[JsonDerivedType(typeof(AlarmEnded), "alarm-ended")]
internal abstract record JournalEntry
{
    public DateTimeOffset At { get; init; }
}

internal sealed record ProgramStarted(string Version, int Pid, string Zone, string Clock) : JournalEntry;

internal sealed record ProgramStopped : JournalEntry;

/// <summary>The run before ended without its end being written down. Written by the next start.</summary>
/// <param name="LastAlive">When it last showed itself.</param>
internal sealed record ProgramKilled(DateTimeOffset LastAlive) : JournalEntry;

/// <summary>Every file that earlier runs left open is finished now; nothing before this line needs that any more.</summary>
/// <param name="Files">How many there were.</param>
internal sealed record RecoveryFinished(int Files) : JournalEntry;

/// <summary>A source that this run records; a run that lacks it no longer does.</summary>
internal sealed record SourceConfigured(string Source, string Type, IReadOnlyList<string> Urls) : JournalEntry;

/// <summary>A source that the run before recorded and this one does not.</summary>
/// <param name="Source">Which source.</param>
/// <param name="Since">End of the run before: from then on nothing is expected of it.</param>
internal sealed record SourceRemoved(string Source, DateTimeOffset Since) : JournalEntry;

internal sealed record SourceConnected(string Source, string Url, string? Name, string? ContentType) : JournalEntry;

/// <param name="Source">Which source.</param>
/// <param name="Cause">A word of <see cref="GapCause"/>.</param>
/// <param name="Sentence">What happened.</param>
internal sealed record SourceDisconnected(string Source, string Cause, string Sentence) : JournalEntry;

/// <param name="Source">Which source.</param>
/// <param name="File">Relative to the recordings folder, or absolute outside it.</param>
/// <param name="Start">When its first sample sounded, local with its offset.</param>
/// <param name="Codec">As <see cref="Audio.AudioCodec"/> names it.</param>
/// <param name="SampleRate">Samples per second and channel.</param>
/// <param name="Channels">0 when the stream does not say.</param>
/// <param name="Clock">"unsynchronised" when the start may be wrong; null when it is known to be right.</param>
internal sealed record FileOpened(string Source, string File, DateTimeOffset Start, string Codec, int SampleRate, int Channels, string? Clock) : JournalEntry;

/// <param name="Source">Which source.</param>
/// <param name="File">As in <see cref="FileOpened"/>.</param>
/// <param name="End">When its last sample had sounded.</param>
/// <param name="Samples">Samples per channel of the stream in it, repeated frames not counted.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="How">"split", or why recording ended there: a word of <see cref="GapCause"/>.</param>
internal sealed record FileClosed(string Source, string File, DateTimeOffset End, long Samples, long Bytes, string How) : JournalEntry;

/// <param name="File">As in <see cref="FileOpened"/>.</param>
/// <param name="Sha256">Of the whole file, hexadecimal.</param>
/// <param name="Chain">
/// SHA-256 of the previous chain value, a line feed, the file, a line feed, its hash, and for each stretch of <see cref="Journal"/> a line feed
/// and the stretch: nothing in between can be changed or left out.
/// </param>
internal sealed record FileSealed(string File, string Sha256, string Chain) : JournalEntry
{
    /// <summary>The lines of the journal that came since the seal before; null in journals of earlier versions, and where there are none.</summary>
    public IReadOnlyList<JournalStretch?>? Journal { get; init; }
}

/// <summary>A file that a crash had left open was finished: its header is true, its last frame whole.</summary>
/// <param name="File">As in <see cref="FileOpened"/>.</param>
/// <param name="Cut">Bytes of a torn frame or page that were taken off its end.</param>
/// <param name="KeptAs">Where those bytes are, relative to the state directory; null when there were none.</param>
internal sealed record FileMended(string File, long Cut, string? KeptAs) : JournalEntry;

/// <summary>A file was moved from the fallback directory to where it belongs.</summary>
/// <param name="File">Its name until now, as in <see cref="FileOpened"/>.</param>
/// <param name="To">Its name from now on.</param>
internal sealed record FileMoved(string File, string To) : JournalEntry;

/// <param name="Source">Which source.</param>
/// <param name="From">End of what was recorded before.</param>
/// <param name="To">Start of what was recorded next.</param>
/// <param name="Seconds">Length; 0 or less when the new connection's burst reaches back over it.</param>
/// <param name="Cause">A word of <see cref="GapCause"/>.</param>
/// <param name="Sentence">What happened.</param>
internal sealed record GapFound(string Source, DateTimeOffset From, DateTimeOffset To, double Seconds, string Cause, string? Sentence) : JournalEntry
{
    /// <summary>"unknown": the clock says that both files hold some of the same audio, but nothing shows which.</summary>
    public string? Overlap { get; init; }
}

/// <summary>A new connection began with audio that was recorded already: that was dropped, and nothing is missing.</summary>
/// <param name="Source">Which source.</param>
/// <param name="Time">Where the two connections meet.</param>
/// <param name="Frames">How many frames came again.</param>
/// <param name="Seconds">How long they sound.</param>
/// <param name="Cause">Why the connection before ended: a word of <see cref="GapCause"/>.</param>
/// <param name="Sentence">What happened.</param>
internal sealed record GapHealed(string Source, DateTimeOffset Time, int Frames, double Seconds, string Cause, string? Sentence) : JournalEntry;

/// <summary>Sound that the source never sent, inside a file.</summary>
/// <param name="Source">Which source.</param>
/// <param name="File">The file, as in <see cref="FileOpened"/>.</param>
/// <param name="Sample">Samples of that file before it.</param>
/// <param name="From">When it began.</param>
/// <param name="Seconds">Its length: all later samples of the file sounded so much later.</param>
internal sealed record StallFound(string Source, string? File, long Sample, DateTimeOffset From, double Seconds) : JournalEntry;

/// <param name="Source">Which source.</param>
/// <param name="Sounds">When it begins to sound.</param>
/// <param name="Title">As sent.</param>
internal sealed record TitleHeard(string Source, DateTimeOffset Sounds, string Title) : JournalEntry;

/// <param name="Seconds">How far the wall clock was set; positive is forwards.</param>
internal sealed record ClockStepped(double Seconds) : JournalEntry;

internal sealed record ClockSynchronised : JournalEntry;

/// <summary>The true start of a file that was begun before the clock was known to be right.</summary>
internal sealed record StartCorrected(string File, DateTimeOffset Start) : JournalEntry;

/// <summary>
/// What people or retention did to a recording. It is written by whoever holds the state directory, a page without a recorder too, and so does
/// not show that anything was recorded then. What was deleted has been recorded: coverage counts it all the same.
/// </summary>
internal abstract record KeepingEntry : JournalEntry;

/// <summary>A recording was moved to the trash.</summary>
/// <param name="File">As in <see cref="FileOpened"/>.</param>
/// <param name="Item">What the trash calls it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="By">Who did it; null when nobody said.</param>
/// <param name="Why">A word: "asked".</param>
internal sealed record FileDeleted(string File, string Item, long Bytes, string? By, string Why) : KeepingEntry;

/// <summary>A recording came back from the trash.</summary>
/// <param name="File">Its name before it was deleted.</param>
/// <param name="Item">What the trash called it.</param>
/// <param name="To">Its name now.</param>
/// <param name="By">Who did it; null when nobody said.</param>
internal sealed record FileRestored(string File, string Item, string To, string? By) : KeepingEntry;

/// <summary>A recording was deleted for good.</summary>
/// <param name="File">As in <see cref="FileOpened"/>.</param>
/// <param name="Item">What the trash called it; null when it was not there.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="By">Who did it: "retention", or a person; null when nobody said.</param>
/// <param name="Why">"asked", or the key of the configuration by which it went, or "trash".</param>
internal sealed record FilePurged(string File, string? Item, long Bytes, string? By, string Why) : KeepingEntry;

/// <summary>What was noticed of recordings while they were made. Only the recorder writes it; coverage does not depend on it.</summary>
internal abstract record AlarmEntry : JournalEntry;

/// <param name="Id">The same at begin and end.</param>
/// <param name="Kind">"silent", "dead", "clipping", "coverage" or "disk".</param>
/// <param name="Source">Which source; null for what concerns all.</param>
/// <param name="Since">When it began; it was noticed when this was written.</param>
/// <param name="Sentence">What it is.</param>
/// <param name="Values">The figures in the sentence, by names that carry their units.</param>
internal sealed record AlarmBegan(string Id, string Kind, string? Source, DateTimeOffset Since, string Sentence, IReadOnlyDictionary<string, double>? Values) : AlarmEntry;

/// <param name="Id">As it began.</param>
/// <param name="Kind">As it began.</param>
/// <param name="Source">As it began.</param>
/// <param name="Since">As it began.</param>
/// <param name="Until">When it was over.</param>
/// <param name="Sentence">What became of it.</param>
internal sealed record AlarmEnded(string Id, string Kind, string? Source, DateTimeOffset Since, DateTimeOffset Until, string Sentence) : AlarmEntry;

/// <summary>The words for why something is missing.</summary>
internal static class GapCause
{
    public const string Split = "split";
    public const string Format = "format";

    /// <summary>A chained stream began anew, in the same format.</summary>
    public const string Link = "link";

    /// <summary>The stream itself shows that a part of it did not come.</summary>
    public const string Lost = "lost";

    /// <summary>A soundcard's buffer ran over.</summary>
    public const string Xrun = "xrun";
    public const string Clock = "clock";
    public const string Disk = "disk";
    public const string Stopped = "stopped";

    /// <summary>The program ended without finishing its files: kill -9, a crash, a power failure.</summary>
    public const string Killed = "killed";

    public static string Of(Sources.EndCause cause) => cause switch
    {
        Sources.EndCause.Unreachable => "unreachable",
        Sources.EndCause.Refused => "refused",
        Sources.EndCause.NotLive => "not-live",
        Sources.EndCause.Unsupported => "unsupported",
        Sources.EndCause.Ended => "ended",
        Sources.EndCause.Broken => "broken",
        Sources.EndCause.Silence => "silence",
        Sources.EndCause.Overrun => Xrun,
        Sources.EndCause.Switched => "switched",
        _ => Stopped,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
