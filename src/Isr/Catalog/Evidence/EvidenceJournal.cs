using System.Buffers;
using System.Globalization;
using Isr.Recording.Journal;

namespace Isr.Catalog.Evidence;

/// <summary>
/// Reads the whole journal, and then what is added to it: every line's own checksum, its place, the chain of hashes, and what it says of
/// the recordings. Nothing in it is believed before it was looked at; a hostile one costs time, not memory.
/// </summary>
internal sealed class EvidenceJournal(string stateDirectory, string? wanted)
{
    private const int BlockBytes = 256 * 1024;
    private const int MaxLineBytes = 64 * 1024;
    private const int CrcDigits = 8;

    /// <summary>More of these are counted and not told one by one.</summary>
    private const int MostTold = 1000;

    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789abcdef"u8);

    private readonly Dictionary<string, Day> _days = new(StringComparer.Ordinal);
    private readonly List<EvidenceFinding> _findings = [];
    private readonly EvidenceChain _chain = new(stateDirectory, wanted);
    private int _untold;

    private static ReadOnlySpan<byte> CrcMember => ",\"crc\":\""u8;

    private static ReadOnlySpan<byte> LineStart => "{\"event\":\""u8;

    public EvidenceFiles Files { get; } = new();

    /// <summary>When the first line was written down; null while there is none.</summary>
    public DateTimeOffset? Began { get; private set; }

    /// <summary>Whole lines.</summary>
    public long Lines { get; private set; }

    /// <summary>Reads on from where it was.</summary>
    /// <exception cref="IOException">A day file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A day file may not be read.</exception>
    public void Read(CancellationToken cancellationToken)
    {
        foreach (var path in JournalReader.Days(stateDirectory))
        {
            var name = JournalCover.NameOf(path);
            if (!_days.TryGetValue(name, out var day))
            {
                _days[name] = day = new Day(name);
            }

            Read(path, day, cancellationToken);
        }
    }

    /// <summary>What was found wrong, told once all was read.</summary>
    /// <param name="isWritten">A recorder is alive: half a line at the end is being written.</param>
    public (JournalEvidence Journal, IReadOnlyList<EvidenceFinding> Findings) Finish(bool isWritten)
    {
        foreach (var day in _days.Values)
        {
            if (day.Torn is { } torn)
            {
                Tell(FindingKind.Journal, $"{torn} is damaged.");
            }

            if (day.Rest.Length > 0 && !IsTorn(day.Rest))
            {
                Tell(FindingKind.Journal, $"{day.Name} line {day.Number + 1}, the last one, is damaged.");
            }
            else if (day.Rest.Length > 0 && !isWritten)
            {
                Note(FindingKind.Torn, $"{day.Name} ends with half a line, as a crash leaves it.");
            }
        }

        var (breaks, head) = _chain.Finish();
        foreach (var sentence in breaks)
        {
            Tell(FindingKind.Chain, sentence);
        }

        if (wanted is not null && _chain.Wanted is null)
        {
            Tell(FindingKind.Head, $"The value {wanted} is not in the chain: the journal was written anew since it was noted, or it is another archive's.");
        }
        else if (_chain.Wanted is { } seen)
        {
            Note(FindingKind.Head, $"The value {wanted} is in the chain: written down at {EvidenceText.Moment(seen.At)} with {seen.File}. Nothing before it was changed since.");
        }

        if (_untold > 0)
        {
            Tell(FindingKind.Journal, string.Create(CultureInfo.InvariantCulture, $"{_untold} more things like that are wrong with the journal."), always: true);
        }

        var unsealed = _days.Values.Sum(day => _chain.Covered(day.Name) is var (from, to) ? day.Ends.Count(end => end <= from || end > to) : 0);
        return (new JournalEvidence(_days.Count, Lines, unsealed, _chain.Links, head?.Chain, head?.At), _findings);
    }

    private void Read(string path, Day day, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[BlockBytes];
        var kept = 0;
        while (RandomAccess.Read(file, buffer.AsSpan(kept), day.Position + kept) is > 0 and var read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = buffer.AsSpan(0, kept + read);
            while (block.IndexOf((byte)'\n') is >= 0 and var end)
            {
                day.Position += end + 1;
                day.Number++;
                Take(block[..end], day);
                block = block[(end + 1)..];
            }

            if (block.Length > MaxLineBytes)
            {
                Tell(FindingKind.Journal, $"{day.Name} line {day.Number + 1} is longer than any that isr writes.");
                day.Position += block.Length;
                block = default;
            }

            block.CopyTo(buffer);
            kept = block.Length;
        }

        day.Rest = buffer[..kept];
    }

    private void Take(ReadOnlySpan<byte> line, Day day)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{day.Name} line {day.Number}");
        if (!JournalLine.TryUnseal(line, out _))
        {
            if (day.Torn is { } other)
            {
                Tell(FindingKind.Journal, $"{other} is damaged.");
            }

            // What follows shows whether a crash left it so.
            day.Torn = IsTorn(line) ? place : null;
            if (day.Torn is null)
            {
                Tell(FindingKind.Journal, $"{place} is damaged.");
            }

            return;
        }

        Lines++;
        day.Ends.Add(day.Position);
        if (!JournalLine.TryParse(line, out var entry))
        {
            Note(FindingKind.Journal, $"{place} is of a kind that this version does not know: a later one wrote it, or nobody of ours.");
            day.Torn = null;
            return;
        }

        if (day.Torn is { } torn)
        {
            // The next run's first line, or one of a page that tidied up before that.
            if (entry is ProgramStarted or KeepingEntry)
            {
                Note(FindingKind.Torn, $"{torn} is half a line, as a crash leaves it.");
            }
            else
            {
                Tell(FindingKind.Journal, $"{torn} is damaged.");
            }

            day.Torn = null;
        }

        if (entry.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) != day.Name)
        {
            Tell(FindingKind.Journal, $"{place} was written down at {EvidenceText.Moment(entry.At)}, which is another day: it does not belong there.");
        }

        Began = Began is { } began && began < entry.At ? began : entry.At;
        Take(entry, place);
    }

    private void Take(JournalEntry entry, string place)
    {
        if (entry is FileSealed seal)
        {
            if (seal is not { File: not null, Sha256: not null, Chain: not null })
            {
                Tell(FindingKind.Journal, $"{place} seals nothing: it lacks a name, a hash or the chain.");
                return;
            }

            foreach (var sentence in _chain.Take(seal, place))
            {
                Tell(FindingKind.Journal, sentence);
            }
        }

        if (Files.Take(entry) is { } impossible)
        {
            Tell(FindingKind.Journal, $"{place} {impossible}: lines before it were removed.");
        }
    }

    /// <summary>
    /// Whether a crash can have left this of a line: its beginning, and not its checksum. A line that is damaged by a byte has all of
    /// its length.
    /// </summary>
    private static bool IsTorn(ReadOnlySpan<byte> line)
    {
        var start = Math.Min(line.Length, LineStart.Length);
        if (!line[..start].SequenceEqual(LineStart[..start]))
        {
            return false;
        }

        var crc = line.LastIndexOf(CrcMember);
        if (crc >= 0)
        {
            // As far as to the quote behind the digits it may have come; a whole line lacks its line feed alone.
            var rest = line[(crc + CrcMember.Length)..];
            return rest.Length <= CrcDigits + 1 || (rest.Length == CrcDigits + 2 && JournalLine.TryUnseal(line, out _));
        }

        // A checksum whose name is damaged.
        return !(line.Length > CrcDigits + 3 && line.EndsWith("\"}"u8) && line[^(CrcDigits + 3)] == (byte)'"' && line[^(CrcDigits + 2)..^2].IndexOfAnyExcept(s_digits) < 0);
    }

    private void Tell(string kind, string sentence, bool always = false)
    {
        if (_findings.Count < MostTold || always)
        {
            _findings.Add(new EvidenceFinding(kind, null, sentence, IsFault: true));
        }
        else
        {
            _untold++;
        }
    }

    private void Note(string kind, string sentence)
    {
        if (_findings.Count < MostTold)
        {
            _findings.Add(new EvidenceFinding(kind, null, sentence, IsFault: false));
        }
    }

    /// <summary>How far a day file was read.</summary>
    private sealed class Day(string name)
    {
        public string Name => name;

        /// <summary>Bytes behind the last whole line.</summary>
        public long Position { get; set; }

        /// <summary>Of the last line, from 1.</summary>
        public long Number { get; set; }

        /// <summary>Where a line stands that may be torn; null when there is none.</summary>
        public string? Torn { get; set; }

        /// <summary>What stands behind the last line feed.</summary>
        public byte[] Rest { get; set; } = [];

        /// <summary>Where each whole line ends.</summary>
        public List<long> Ends { get; } = [];
    }
}

/// <summary>Words of sentences.</summary>
internal static class EvidenceText
{
    public static string Moment(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
