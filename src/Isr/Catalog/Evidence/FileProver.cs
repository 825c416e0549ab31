using System.Security.Cryptography;
using Isr.Catalog.Evidence.Interop;
using Isr.Catalog.Keeping;
using Isr.Recording.Interop;

namespace Isr.Catalog.Evidence;

/// <summary>What a file was found to be.</summary>
internal enum ProofOutcome
{
    /// <summary>Its bytes give the hash that the journal has.</summary>
    Proven,

    /// <summary>There, and as long as it should be; not read.</summary>
    Present,
    Missing,
    Changed,
    Unreadable,
}

/// <param name="Outcome">What it is.</param>
/// <param name="Sentence">More of it; null where nothing is wrong.</param>
internal readonly record struct Proof(ProofOutcome Outcome, string? Sentence = null)
{
    public bool IsGood => Outcome is ProofOutcome.Proven or ProofOutcome.Present;
}

/// <summary>
/// Holds files against what the journal has of them, several at once, by SHA-256 in the processor's own instructions where it has them.
/// Each thread has a buffer of a megabyte and nothing more, whatever the files' sizes.
/// </summary>
/// <param name="folder">The recordings folder.</param>
/// <param name="isQuick">Presence and sizes alone.</param>
/// <param name="zone">For the times that are told.</param>
internal sealed class FileProver(string folder, bool isQuick, TimeZoneInfo zone)
{
    private const int BlockBytes = 1024 * 1024;

    /// <summary>More at once make a disk's head run to and fro; fewer leave cores idle where the disk has none.</summary>
    private const int MostAtOnce = 4;

    private long _bytes;

    /// <summary>Bytes that were read so far, of all files.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Proves files, each on some thread, in about the order given; the token breaks it off between two blocks.</summary>
    /// <param name="files">Which.</param>
    /// <param name="take">Told of each as it is known, by one thread at a time.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public void ProveAll(IReadOnlyList<EvidenceFile> files, Action<EvidenceFile, Proof> take, CancellationToken cancellationToken)
    {
        var next = -1;
        var gate = new Lock();
        Exception? failure = null;
        var threads = Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 2, MostAtOnce)).Select(i => new Thread(Work) { IsBackground = true, Name = $"verify {i}" }).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failure is not null)
        {
            throw new InvalidOperationException("Proving files failed.", failure);
        }

        void Work()
        {
            try
            {
                IdlePriority.Apply();
                var buffer = new byte[BlockBytes];
                while (!cancellationToken.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < files.Count)
                {
                    var proof = Prove(files[i], buffer, cancellationToken);
                    lock (gate)
                    {
                        take(files[i], proof);
                    }
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        }
    }

    public Proof Prove(EvidenceFile file, CancellationToken cancellationToken) => Prove(file, new byte[BlockBytes], cancellationToken);

    /// <summary>The SHA-256 of a file, hexadecimal.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public string HashOf(string path, byte[] buffer, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var at = 0L; RandomAccess.Read(file, buffer, at) is > 0 and var read; at += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            Interlocked.Add(ref _bytes, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private Proof Prove(EvidenceFile file, byte[] buffer, CancellationToken cancellationToken)
    {
        if (file.IsDisplaced)
        {
            return new Proof(ProofOutcome.Missing, "is missing: a later recording has its name, which isr gives to nothing that is there");
        }

        if (PathOf(file) is not { } path)
        {
            return new Proof(ProofOutcome.Missing, "is no name that isr gives: it leads out of the recordings folder, or into the trash by a way of its own");
        }

        var where = file.Item is null ? "" : " from the trash";
        try
        {
            // Looked at before it is opened: a pipe in its place would wait for ever.
            var info = new FileInfo(path);
            if (!info.Exists)
            {
                return new Proof(ProofOutcome.Missing, $"is missing{where}{(file.Item is null && Path.IsPathRooted(file.Name) ? "; it lay outside of the recordings folder" : "")}");
            }

            if (!LibC.IsRegularFile(path))
            {
                return new Proof(ProofOutcome.Changed, "is no file any more, but a link or something else in its place");
            }

            var modified = EvidenceText.Moment(TimeZoneInfo.ConvertTime(new DateTimeOffset(info.LastWriteTimeUtc), zone));
            if (file.End is not null && info.Length != file.Bytes)
            {
                return new Proof(ProofOutcome.Changed, $"has {info.Length} bytes, and {file.Bytes} when it was closed; last written at {modified}");
            }

            if (isQuick || file.Sha256 is not { } sha256)
            {
                return new Proof(ProofOutcome.Present);
            }

            return HashOf(path, buffer, cancellationToken) == sha256
                ? new Proof(ProofOutcome.Proven)
                : new Proof(ProofOutcome.Changed, $"has other bytes than when it was closed, {file.Bytes} of them as then; last written at {modified}, closed at {EvidenceText.Moment(TimeZoneInfo.ConvertTime(file.ClosedAt, zone))}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Proof(ProofOutcome.Missing, $"is missing{where}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Proof(ProofOutcome.Unreadable, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>Where it should be; null where no file of isr can be. A whole path is one of a fallback directory.</summary>
    private string? PathOf(EvidenceFile file) => file.Item is { } item
        ? MarkRules.IsId(item) ? Path.Combine(folder, ".trash", item + Path.GetExtension(file.Name).ToLowerInvariant()) : null
        : file.Name.Contains('\0', StringComparison.Ordinal) || file.Name.Split('/').Contains("..", StringComparer.Ordinal) ? null
        : Path.Combine(folder, file.Name);
}
