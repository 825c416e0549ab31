using Isr.Catalog.Coverage;
using Isr.Recording.Status;

namespace Isr.Catalog.Evidence;

/// <summary>What of the archive is to be proven.</summary>
internal sealed record EvidenceRequest
{
    /// <summary>Files that hold something of this span, in ticks of UTC; the journal is always read whole.</summary>
    public Interval? Span { get; init; }

    /// <summary>Files of one source; null is all.</summary>
    public string? Source { get; init; }

    public bool IsQuick { get; init; }

    /// <summary>The beginning of a value that must be in the chain.</summary>
    public string? Head { get; init; }

    /// <summary>Audio files that the journal does not know are no fault.</summary>
    public bool IgnoresAdded { get; init; }
}

/// <summary>How far it has come.</summary>
/// <param name="Files">Files that were looked at.</param>
/// <param name="OfFiles">How many there are.</param>
/// <param name="Bytes">Bytes that were read.</param>
/// <param name="OfBytes">How many there are.</param>
internal readonly record struct EvidenceProgress(int Files, int OfFiles, long Bytes, long OfBytes);

/// <summary>
/// Proves an archive against its journal: the journal's lines, the chain of hashes, every file. It only reads, takes no lock, and needs nothing
/// that a copy of the folder on another computer does not have.
/// </summary>
/// <param name="folder">The recordings folder.</param>
/// <param name="stateDirectory">Where its journal is.</param>
/// <param name="time">The clock.</param>
internal sealed class ArchiveVerifier(string folder, string stateDirectory, TimeProvider time)
{
    /// <summary>So long the recorder may take to write down what it has done.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A file so new may be in no line yet, while a recorder is alive.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(1);

    private readonly List<(EvidenceFile File, Proof Proof)> _proofs = [];

    /// <summary>The sources that the journal knows, once it was read.</summary>
    public IReadOnlySet<string> Sources { get; private set; } = new HashSet<string>(StringComparer.Ordinal);

    /// <exception cref="IOException">The journal cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The journal may not be read.</exception>
    public EvidenceReport Run(EvidenceRequest request, Action<EvidenceProgress> progress, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var journal = new EvidenceJournal(stateDirectory, request.Head);
        journal.Read(cancellationToken);
        Sources = journal.Files.Sources;
        var status = RecorderStatus.Read(folder, time);
        var isAlive = status.Pid is not null;
        var active = status.Active.ToHashSet(StringComparer.Ordinal);
        var isWanted = Wanted(request);
        var files = journal.Files.All.Where(isWanted).OrderBy(file => file.Start).ThenBy(file => file.Name, StringComparer.Ordinal).ToList();
        var known = journal.Files.All.Count();
        var prover = new FileProver(folder, request.IsQuick, time.LocalTimeZone);
        Prove(files.Where(file => file.End is not null || !active.Contains(file.Name)).ToList(), prover, request, progress, cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
        {
            LookAgain(journal, prover, isAlive, cancellationToken);
        }

        var findings = new List<EvidenceFinding>();
        var (added, older) = request.Source is null && !cancellationToken.IsCancellationRequested ? FindAdded(journal, request, isAlive) : ([], 0);
        var renamed = request.IsQuick ? [] : FindRenamed(prover, added, cancellationToken);
        var found = renamed.Values.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        var counts = Count(files, active, renamed, findings) with { Known = known, Purged = journal.Files.Purged, Older = older, Bytes = prover.Bytes };
        foreach (var file in added.Where(file => !found.Contains(file.Name)))
        {
            counts = counts with { Added = counts.Added + 1 };
            findings.Add(new EvidenceFinding(
                FindingKind.Added, file.Name, $"is not in the journal: {file.Size} bytes, last written at {Local(file.Mtime)}", IsFault: !request.IgnoresAdded));
        }

        var (facts, ofJournal) = journal.Finish(isAlive);
        var isStopped = cancellationToken.IsCancellationRequested;
        EvidenceFinding[] all = [.. ofJournal.Concat(findings).OrderByDescending(finding => finding.IsFault)];
        return new EvidenceReport(
            !isStopped && !all.Any(finding => finding.IsFault), request.IsQuick, isStopped, Math.Round(time.GetElapsedTime(began).TotalSeconds, 3), facts, counts, all);
    }

    private static Func<EvidenceFile, bool> Wanted(EvidenceRequest request) => file =>
        (request.Source is null || file.Source == request.Source)
        && (request.Span is not { } span || (file.Start.UtcTicks < span.To && (file.End is not { } end || end.UtcTicks > span.From)));

    private void Prove(List<EvidenceFile> files, FileProver prover, EvidenceRequest request, Action<EvidenceProgress> progress, CancellationToken cancellationToken)
    {
        var bytes = request.IsQuick ? 0 : files.Where(file => file.Sha256 is not null).Sum(file => file.Bytes);
        var proving = Task.Factory.StartNew(
            () => prover.ProveAll(files, (file, proof) => _proofs.Add((file, proof)), cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!proving.Wait(s_pause, CancellationToken.None))
        {
            progress(new EvidenceProgress(_proofs.Count, files.Count, prover.Bytes, bytes));
        }

        progress(new EvidenceProgress(_proofs.Count, files.Count, prover.Bytes, bytes));
    }

    /// <summary>
    /// What is wrong may have been made so by the recorder meanwhile, which writes it down a moment later: deleted by its limits, moved out of the
    /// fallback directory, hashed. Each is looked at once more where the journal has come to say something else of it.
    /// </summary>
    private void LookAgain(EvidenceJournal journal, FileProver prover, bool isAlive, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var doubtful = _proofs.Where(p => !p.Proof.IsGood || p.File.Sha256 is null).Select(p => (p.File, p.File.State, p.Proof.IsGood)).ToList();
        do
        {
            journal.Read(cancellationToken);
            for (var i = doubtful.Count - 1; i >= 0; i--)
            {
                var (file, before, _) = doubtful[i];
                if (file.State != before)
                {
                    _proofs.RemoveAll(p => p.File == file);
                    if (!file.IsPurged)
                    {
                        _proofs.Add((file, prover.Prove(file, cancellationToken)));
                    }

                    doubtful.RemoveAt(i);
                }
            }
        }
        while (isAlive && doubtful.Any(d => !d.IsGood) && time.GetElapsedTime(began) < s_patience && !cancellationToken.WaitHandle.WaitOne(s_pause));
    }

    /// <summary>Audio files in the folder that no line tells of, and how many lay there before the journal began.</summary>
    private (List<ScannedFile> Added, int Older) FindAdded(EvidenceJournal journal, EvidenceRequest request, bool isAlive)
    {
        var found = RecordingScan.Files(folder).ToList();

        // After the files were listed: a line may come a moment after its file.
        journal.Read(CancellationToken.None);
        var active = RecorderStatus.Read(folder, time).Active.ToHashSet(StringComparer.Ordinal);
        var fresh = isAlive ? time.GetUtcNow().UtcDateTime - s_fresh : DateTime.MaxValue;
        var strange = found.Where(file => !journal.Files.Knows(file.Name) && !active.Contains(file.Name) && file.Mtime < fresh && File.Exists(file.Path)).ToList();
        var added = strange.Where(file => journal.Began is { } began && file.Mtime >= began.UtcDateTime).ToList();
        return (added.Where(file => request.Span is not { } span || (file.Mtime.Ticks >= span.From && file.Mtime.Ticks < span.To)).OrderBy(file => file.Name, StringComparer.Ordinal).ToList(), strange.Count - added.Count);
    }

    /// <summary>What is missing under one name and there under another, byte for byte.</summary>
    private Dictionary<EvidenceFile, ScannedFile> FindRenamed(FileProver prover, List<ScannedFile> added, CancellationToken cancellationToken)
    {
        var missing = _proofs.Where(p => p.Proof.Outcome == ProofOutcome.Missing && p.File.Sha256 is not null).Select(p => p.File).ToList();
        var sizes = missing.Select(file => file.Bytes).ToHashSet();
        var byHash = new Dictionary<string, Queue<ScannedFile>>(StringComparer.Ordinal);
        var buffer = new byte[64 * 1024];
        foreach (var candidate in added.Where(file => sizes.Contains(file.Size)).TakeWhile(_ => !cancellationToken.IsCancellationRequested))
        {
            try
            {
                var sha256 = prover.HashOf(candidate.Path, buffer, cancellationToken);
                if (!byHash.TryGetValue(sha256, out var same))
                {
                    byHash[sha256] = same = new Queue<ScannedFile>();
                }

                same.Enqueue(candidate);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
            {
                // It stays one that is not in the journal.
            }
        }

        var renamed = new Dictionary<EvidenceFile, ScannedFile>();
        foreach (var file in missing)
        {
            if (byHash.TryGetValue(file.Sha256!, out var same) && same.TryDequeue(out var now))
            {
                renamed[file] = now;
            }
        }

        return renamed;
    }

    private FileCounts Count(List<EvidenceFile> files, HashSet<string> active, Dictionary<EvidenceFile, ScannedFile> renamed, List<EvidenceFinding> findings)
    {
        var counts = new FileCounts { Recording = files.Count(file => file.End is null && active.Contains(file.Name)) };
        foreach (var (file, proof) in _proofs.OrderBy(p => p.File.Start).ThenBy(p => p.File.Name, StringComparer.Ordinal))
        {
            counts = counts with { Checked = counts.Checked + 1, InTrash = counts.InTrash + (file.Item is null ? 0 : 1) };
            if (renamed.TryGetValue(file, out var now))
            {
                counts = counts with { Renamed = counts.Renamed + 1 };
                Add(FindingKind.Renamed, $"is there byte for byte as {now.Name}, which the journal does not say; a running isr writes such renames down", true);
                continue;
            }

            switch (proof.Outcome)
            {
                case ProofOutcome.Missing:
                    counts = counts with { Missing = counts.Missing + 1 };
                    Add(FindingKind.Missing, $"{proof.Sentence}; the journal does not say that it was deleted", true);
                    break;
                case ProofOutcome.Changed:
                    counts = counts with { Changed = counts.Changed + 1 };
                    Add(FindingKind.Changed, proof.Sentence!, true);
                    break;
                case ProofOutcome.Unreadable:
                    counts = counts with { Unreadable = counts.Unreadable + 1 };
                    Add(FindingKind.Unreadable, proof.Sentence!, true);
                    break;
                case ProofOutcome.Present when file.End is null:
                    counts = counts with { Unfinished = counts.Unfinished + 1 };
                    Add(FindingKind.Unfinished, file.IsGivenUp
                        ? "was left open by a crash, and could not be finished: nothing is known of its bytes"
                        : "was left open, by a crash or by a recorder on another computer: the next start of isr finishes it", false);
                    break;
                case ProofOutcome.Present when file.Sha256 is null:
                    counts = counts with { Unsealed = counts.Unsealed + 1 };
                    Add(FindingKind.Unsealed, "was closed and never hashed, as when the program ends in between: it has its length, and its bytes cannot be proven", false);
                    break;
                case ProofOutcome.Present:
                    counts = counts with { Present = counts.Present + 1 };
                    break;
                default:
                    counts = counts with { Proven = counts.Proven + 1 };
                    break;
            }

            void Add(string kind, string sentence, bool isFault) => findings.Add(new EvidenceFinding(kind, file.Name, sentence, isFault));
        }

        return counts;
    }

    private string Local(DateTime utc) => EvidenceText.Moment(TimeZoneInfo.ConvertTime(new DateTimeOffset(utc, TimeSpan.Zero), time.LocalTimeZone));
}
