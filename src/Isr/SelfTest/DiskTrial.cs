using System.Globalization;
using Isr.Recording.Disk;
using Isr.Recording.Interop;

namespace Isr.SelfTest;

/// <summary>How fast the disk is at what the recorder asks of it, and whether it keeps what it promises about names.</summary>
internal static class DiskTrial
{
    private const int BlockBytes = 1 << 20;
    private const int SmallBytes = 16 * 1024;

    /// <summary>What the trials take at most, and some room.</summary>
    private const long LeastBytes = 64 << 20;

    /// <summary>Of a stream of 128 kbit/s.</summary>
    private const double StreamBytesPerSecond = 16_000;

    /// <summary>Beyond this the recorder keeps audio in memory, as it may for minutes.</summary>
    private const double SlowMs = 1000;

    public static (DiskFigures? Figures, IReadOnlyList<TrialResult> Results) Run(string folder, bool isQuick, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            if (OutputProbe.Shortage(folder, LeastBytes) is { } shortage)
            {
                return (null, [new TrialResult("disk", TrialOutcome.Failed, $"{folder}: {shortage}.")]);
            }

            var free = DiskSpace.Of(folder).Free;
            var rate = MeasureRate(folder, Math.Min((isQuick ? 32 : 256) * (long)BlockBytes, (free ?? long.MaxValue) / 2), time, cancellationToken);
            var syncs = MeasureSyncs(folder, isQuick ? 20 : 100, TimeSpan.FromSeconds(isQuick ? 3 : 12), time, cancellationToken);
            var figures = new DiskFigures(
                Math.Round(rate / 1e6, 1), Math.Round(syncs[syncs.Count / 2], 2), Math.Round(syncs[Math.Min(syncs.Count - 1, syncs.Count * 99 / 100)], 2), free, (long)(rate / 2 / StreamBytesPerSecond));
            return (figures, [Speed(figures), Names(folder)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, [new TrialResult("disk", TrialOutcome.Failed, $"{folder} cannot be written: {e.Message}")]);
        }
    }

    private static TrialResult Speed(DiskFigures figures)
    {
        var sentence = string.Create(
            CultureInfo.InvariantCulture,
            $"writes {figures.MegabytesPerSecond:0} MB/s, makes small writes durable in {figures.SyncMedianMs:0.0} ms (slowest of a hundred {figures.SyncSlowestMs:0.0} ms), {(figures.FreeBytes ?? 0) / 1e9:0.0} GB free: half of it is enough for {figures.Streams} streams of 128 kbit/s.");
        return new TrialResult("disk", TrialOutcome.Ok, figures.SyncSlowestMs > SlowMs ? sentence + " It is slow at times: audio then waits in memory, up to three minutes of it." : sentence);
    }

    /// <summary>Bytes per second of one large file, durable at the end.</summary>
    private static double MeasureRate(string folder, long bytes, TimeProvider time, CancellationToken cancellationToken)
    {
        // What a disk that packs its blocks cannot make smaller.
        var block = new byte[BlockBytes];
        new Random(1).NextBytes(block);
        using var file = File.OpenHandle(Path.Combine(folder, "large"), FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
        var began = time.GetTimestamp();
        var written = 0L;
        for (; written + block.Length <= bytes; written += block.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RandomAccess.Write(file, block, written);
        }

        RandomAccess.FlushToDisk(file);
        return written / time.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Milliseconds of syncfs after a small write to each of four files, in order.</summary>
    private static List<double> MeasureSyncs(string folder, int rounds, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var block = new byte[SmallBytes];
        new Random(2).NextBytes(block);
        var files = Enumerable.Range(0, 4).Select(i => File.OpenHandle(Path.Combine(folder, $"small{i}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose)).ToList();
        try
        {
            var took = new List<double>();
            var began = time.GetTimestamp();
            for (var round = 0; round < rounds && (took.Count == 0 || time.GetElapsedTime(began) < limit); round++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                files.ForEach(file => RandomAccess.Write(file, block, (long)round * block.Length));
                var before = time.GetTimestamp();
                LibC.SyncFileSystem(files[0]);
                took.Add(time.GetElapsedTime(before).TotalMilliseconds);
            }

            took.Sort();
            return took;
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    /// <summary>That nothing which exists is overwritten rests on the first; the rest is for people to know.</summary>
    private static TrialResult Names(string folder)
    {
        const string Trial = "names on the disk";
        var path = Path.Combine(folder, "name");
        File.WriteAllText(path, "");
        try
        {
            File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write).Dispose();
            return new TrialResult(Trial, TrialOutcome.Failed, "a file that exists could be created anew: this disk does not keep names exclusive, and recordings on it may overwrite one another. Use another.");
        }
        catch (IOException)
        {
            // As it should be.
        }

        File.WriteAllText(path + "2", "");
        var rename = LibC.Rename(path, path + "2");
        if (rename == RenameOutcome.Done)
        {
            return new TrialResult(Trial, TrialOutcome.Failed, "a rename replaced a file that was there, though it was told not to: use another disk.");
        }

        var isCaseKept = !File.Exists(Path.Combine(folder, "NAME"));
        var sentence = (rename == RenameOutcome.Taken ? "nothing that exists is replaced, by creating or by renaming" : "nothing that exists is created anew; it cannot rename without replacing, so isr holds the new name by an empty file first")
            + (isCaseKept ? "." : "; it takes A and a for one name.");
        return new TrialResult(Trial, TrialOutcome.Ok, sentence) { Proves = "overwrites nothing that exists" };
    }
}
