using System.Security.Cryptography;
using Isr.Recording.Journal;

namespace Isr.Catalog.Evidence;

/// <summary>
/// Computes the chain of hashes anew. As a rule each seal follows on the one before it in the files; where the clock was set back over midnight
/// the chain runs through the day files in another order, so that its pieces are put together at the end.
/// </summary>
/// <param name="stateDirectory">Where the journal is.</param>
/// <param name="wanted">The beginning of a value that must be in the chain; null when none is looked for.</param>
internal sealed class EvidenceChain(string stateDirectory, string? wanted)
{
    /// <summary>More breaks than this are told, and not tried to be put together.</summary>
    private const int MostPieces = 2000;

    private readonly List<Piece> _pieces = [];
    private readonly Dictionary<string, List<(long From, long To, string Place)>> _stretches = new(StringComparer.Ordinal);

    /// <summary>How many values it has.</summary>
    public long Links { get; private set; }

    /// <summary>When the value that was looked for was written down, and for which file; null while it was not seen.</summary>
    public (DateTimeOffset At, string File)? Wanted { get; private set; }

    /// <summary>Which bytes of a day file it holds; nothing of a day that it does not know.</summary>
    public (long From, long To) Covered(string day) => _stretches.TryGetValue(day, out var stretches) ? (stretches.Min(s => s.From), stretches.Max(s => s.To)) : default;

    /// <summary>Takes the next seal; sentences for what is wrong with the lines that it holds.</summary>
    public IEnumerable<string> Take(FileSealed seal, string place)
    {
        Links++;
        if (_pieces.Count > 0 && FileSealer.Next(_pieces[^1].Last.Chain, seal.File, seal.Sha256, seal.Journal) == seal.Chain)
        {
            _pieces[^1].Last = seal;
        }
        else
        {
            _pieces.Add(new Piece(seal, place) { Last = seal });
        }

        if (Wanted is null && wanted is not null && seal.Chain.StartsWith(wanted, StringComparison.OrdinalIgnoreCase))
        {
            Wanted = (seal.At, seal.File);
        }

        return (seal.Journal ?? []).Select(stretch => stretch is { Day: not null, Sha256: not null } ? Check(stretch, place) : $"{place} names lines without saying which.")
            .OfType<string>();
    }

    /// <summary>Puts the pieces together: sentences for where they do not fit, and the chain's last seal.</summary>
    public (IReadOnlyList<string> Breaks, FileSealed? Head) Finish()
    {
        if (_pieces.Count == 0)
        {
            return ([], null);
        }

        var breaks = _stretches.SelectMany(day => Holes(day.Key, day.Value)).ToList();
        var open = _pieces.ToList();
        if (open.FirstOrDefault(piece => FollowsOn("", piece)) is { } first)
        {
            first.IsFollowing = true;
        }

        foreach (var piece in _pieces.Count <= MostPieces ? _pieces : [])
        {
            if (!piece.IsFollowing && open.FirstOrDefault(other => other != piece && FollowsOn(other.Last.Chain, piece)) is { } before)
            {
                piece.IsFollowing = true;
                open.Remove(before);
            }
        }

        foreach (var piece in _pieces.Where(piece => !piece.IsFollowing))
        {
            breaks.Add(piece == _pieces[0]
                ? $"The chain does not begin where this journal begins, at {piece.Place} ({piece.First.File}): earlier lines were removed, or that line was changed."
                : $"The chain is broken at {piece.Place} ({piece.First.File}): between it and the seal before it lines were changed or removed.");
        }

        // One that nothing follows on; with breaks there are more, and the last of them is meant.
        return (breaks, (open.Count > 0 ? open : _pieces)[^1].Last);
    }

    private static bool FollowsOn(string chain, Piece piece) => FileSealer.Next(chain, piece.First.File, piece.First.Sha256, piece.First.Journal) == piece.First.Chain;

    /// <summary>Null when these bytes are what they were when they were hashed.</summary>
    private string? Check(JournalStretch stretch, string place)
    {
        var isNamed = DateOnly.TryParseExact(stretch.Day, "yyyy-MM-dd", out _);
        var path = Path.Combine(JournalReader.DirectoryOf(stateDirectory), stretch.Day + ".jsonl");
        if (!isNamed || stretch.From < 0 || stretch.To <= stretch.From)
        {
            return $"{place} names lines that cannot be: {(isNamed ? $"bytes {stretch.From} to {stretch.To} of {stretch.Day}" : "of no day")}.";
        }

        if (!_stretches.TryGetValue(stretch.Day, out var known))
        {
            _stretches[stretch.Day] = known = [];
        }

        known.Add((stretch.From, stretch.To, place));
        try
        {
            return HashOf(path, stretch) is not { } sha256
                    ? $"{stretch.Day} is shorter than it was: {place} holds it up to byte {stretch.To}. Lines were removed."
                : sha256 == stretch.Sha256 ? null
                : $"{stretch.Day}: lines between byte {stretch.From} and byte {stretch.To} were changed, added or removed after {place} had hashed them.";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"{stretch.Day}.jsonl is missing: {place} holds it up to byte {stretch.To}.";
        }
    }

    /// <summary>Each byte is held once, from the first on: each seal goes on where the one before it ended.</summary>
    private static IEnumerable<string> Holes(string day, List<(long From, long To, string Place)> stretches)
    {
        stretches.Sort();
        for (var i = 1; i < stretches.Count; i++)
        {
            if (stretches[i].From != stretches[i - 1].To)
            {
                yield return $"{day}: what {stretches[i].Place} holds of it begins at byte {stretches[i].From}, and the seal before held it up to byte {stretches[i - 1].To}.";
            }
        }
    }

    private static string? HashOf(string path, JournalStretch stretch)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(file) < stretch.To)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> block = stackalloc byte[4096];
        for (var at = stretch.From; at < stretch.To;)
        {
            var read = RandomAccess.Read(file, block[..(int)Math.Min(block.Length, stretch.To - at)], at);
            if (read == 0)
            {
                return null;
            }

            hash.AppendData(block[..read]);
            at += read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Seals that follow on one another.</summary>
    private sealed class Piece(FileSealed first, string place)
    {
        public FileSealed First => first;

        /// <summary>Where its first one stands.</summary>
        public string Place => place;

        public required FileSealed Last { get; set; }

        /// <summary>What it follows on was found.</summary>
        public bool IsFollowing { get; set; }
    }
}
