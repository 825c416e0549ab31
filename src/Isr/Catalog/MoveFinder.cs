namespace Isr.Catalog;

/// <summary>
/// Finds out which of the names that went and came are one file's. Both need not be seen at once: what was looked at in between, by somebody
/// who asked, is remembered for a while.
/// </summary>
internal sealed class MoveFinder(TimeProvider time)
{
    private const int MostKept = 10_000;

    private static readonly TimeSpan s_keptFor = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<FileTrace, (string Name, long At)> _gone = [];
    private readonly Dictionary<FileTrace, (string Name, long At)> _came = [];

    /// <summary>Takes names that went and names that came; those that belong together, each once.</summary>
    public List<(string From, string To)> Find(IEnumerable<(string Name, FileTrace Trace)> gone, IEnumerable<(string Name, FileTrace Trace)> came)
    {
        lock (_gate)
        {
            var moves = new List<(string, string)>();
            Forget(_gone);
            Forget(_came);
            foreach (var (name, trace) in gone.Where(file => IsTelling(file.Trace)))
            {
                if (_came.Remove(trace, out var other) && other.Name != name)
                {
                    moves.Add((name, other.Name));
                }
                else
                {
                    _gone[trace] = (name, time.GetTimestamp());
                }
            }

            foreach (var (name, trace) in came.Where(file => IsTelling(file.Trace)))
            {
                if (_gone.Remove(trace, out var other) && other.Name != name)
                {
                    moves.Add((other.Name, name));
                }
                else if (_came.Count < MostKept)
                {
                    _came[trace] = (name, time.GetTimestamp());
                }
            }

            return moves;
        }
    }

    private static bool IsTelling(FileTrace trace) => trace is { Inode: not null, Size: > 0 };

    private void Forget(Dictionary<FileTrace, (string Name, long At)> files)
    {
        foreach (var (trace, file) in files)
        {
            if (time.GetElapsedTime(file.At) > s_keptFor)
            {
                files.Remove(trace);
            }
        }
    }
}
