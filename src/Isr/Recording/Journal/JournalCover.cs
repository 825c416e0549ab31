using System.Security.Cryptography;

namespace Isr.Recording.Journal;

/// <summary>
/// Hashes what was added to the journal since the last time, so that the chain of hashes holds all of its lines and not those
/// alone that seal a file. It reads the day files as they lie on the disk; half a line at the end is left for the next time.
/// </summary>
internal sealed class JournalCover
{
    private const int BlockBytes = 64 * 1024;

    private readonly string _stateDirectory;
    private readonly Dictionary<string, long> _covered;

    private JournalCover(string stateDirectory, string chain, Dictionary<string, long> covered) =>
        (_stateDirectory, LastChain, _covered) = (stateDirectory, chain, covered);

    /// <summary>The chain's last value; empty where nothing was sealed yet.</summary>
    public string LastChain { get; }

    /// <summary>Goes on from the last seal in the journal. What lies in days before it counts as hashed.</summary>
    public static JournalCover Begin(string stateDirectory)
    {
        var days = JournalReader.Days(stateDirectory);
        var covered = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = days.Count - 1; i >= 0; i--)
        {
            covered.TryAdd(NameOf(days[i]), 0);
            var seals = JournalReader.Read(days[i]).OfType<FileSealed>().ToList();
            foreach (var stretch in seals.SelectMany(seal => seal.Journal ?? []).OfType<JournalStretch>())
            {
                covered[stretch.Day] = Math.Max(covered.GetValueOrDefault(stretch.Day), stretch.To);
            }

            if (seals.Count > 0)
            {
                foreach (var day in days.Take(i).Where(day => !covered.ContainsKey(NameOf(day))))
                {
                    covered[NameOf(day)] = new FileInfo(day).Length;
                }

                return new JournalCover(stateDirectory, seals[^1].Chain, covered);
            }
        }

        return new JournalCover(stateDirectory, "", covered);
    }

    /// <summary>What was added since the last call, in the order of the days; null where nothing was, or where it cannot be read.</summary>
    public IReadOnlyList<JournalStretch>? Advance()
    {
        var stretches = new List<JournalStretch>();
        try
        {
            foreach (var path in JournalReader.Days(_stateDirectory))
            {
                var day = NameOf(path);
                var from = _covered.GetValueOrDefault(day);
                if (new FileInfo(path).Length <= from)
                {
                    continue;
                }

                var (length, sha256) = Hash(path, from);
                if (length > 0)
                {
                    stretches.Add(new JournalStretch(day, from, from + length, sha256));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next seal holds it.
            return null;
        }

        stretches.ForEach(stretch => _covered[stretch.Day] = stretch.To);
        return stretches.Count == 0 ? null : stretches;
    }

    public static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    /// <summary>The hash of the whole lines from a byte on, and how long they are.</summary>
    private static (long Length, string Sha256) Hash(string path, long from)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockBytes];
        var unfinished = new List<byte>();
        var length = 0L;
        for (var at = from; RandomAccess.Read(file, block, at) is > 0 and var read; at += read)
        {
            var bytes = block.AsSpan(0, read);
            var end = bytes.LastIndexOf((byte)'\n') + 1;
            if (end > 0)
            {
                hash.AppendData([.. unfinished]);
                hash.AppendData(bytes[..end]);
                length += unfinished.Count + end;
                unfinished.Clear();
            }

            unfinished.AddRange(bytes[end..]);
        }

        return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
