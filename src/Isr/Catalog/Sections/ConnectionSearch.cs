using Isr.Analysis;
using Isr.Audio.Detection;

namespace Isr.Catalog.Sections;

/// <summary>
/// Finds the sections in the level files of one connection, on all cores: each takes some files at a time, and opens those
/// beside them once more, on which floors and rises depend. What was found loud is then joined in order.
/// </summary>
/// <param name="store">Where the levels are.</param>
/// <param name="parameters">What makes a section.</param>
/// <param name="files">Each continues the one before.</param>
/// <param name="isLeftOut">Files whose levels count as absent.</param>
internal sealed class ConnectionSearch(LevelStore store, DetectionParameters parameters, List<SourceFile> files, Predicate<SourceFile> isLeftOut)
{
    /// <summary>Files of a piece: so many that two more to open do not matter, so few that the cores end together.</summary>
    private const int LeastFiles = 8;
    private const int MostFiles = 32;

    /// <summary>Pieces for each core before they are joined: what is kept until then stays small.</summary>
    private const int PiecesOfCore = 4;

    /// <summary>The sections, or null when levels turned out to be damaged.</summary>
    /// <param name="first">The first file.</param>
    /// <param name="next">The file behind the last.</param>
    /// <param name="absent">Receives files that have no levels.</param>
    /// <param name="damaged">Receives names of files whose levels are damaged.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IReadOnlyList<RunSection>? TryFind(int first, int next, Dictionary<string, SourceFile> absent, HashSet<string> damaged, CancellationToken cancellationToken)
    {
        var join = new SectionJoin(parameters);
        var atOnce = Environment.ProcessorCount * PiecesOfCore;
        var size = Math.Clamp((next - first + atOnce - 1) / atOnce, LeastFiles, MostFiles);
        SearchedRun? last = null;
        for (var from = first; from < next; from += atOnce * size)
        {
            foreach (var piece in SearchAll(from, Math.Min(next, from + (atOnce * size)), size, (first, next), cancellationToken))
            {
                damaged.UnionWith(piece.Damaged);
                foreach (var file in piece.Absent)
                {
                    absent[file.Name] = file;
                }

                foreach (var run in piece.Runs)
                {
                    last = Join(join, last, run);
                }
            }

            if (damaged.Count > 0)
            {
                return null;
            }
        }

        Finish(join, last);
        return join.Sections;
    }

    private static SearchedRun Join(SectionJoin join, SearchedRun? last, SearchedRun run)
    {
        if (last is not { GoesOn: true } || !run.IsContinued)
        {
            Finish(join, last);
            last = null;
        }

        foreach (var stretch in run.Found)
        {
            join.Take(stretch);
        }

        return run with { Found = [], End = run.End ?? last?.End };
    }

    private static void Finish(SectionJoin join, SearchedRun? last)
    {
        if (last?.End is { } end)
        {
            join.Finish(end);
        }
    }

    private Piece[] SearchAll(int from, int to, int size, (int First, int Next) all, CancellationToken cancellationToken)
    {
        var pieces = new Piece[(to - from + size - 1) / size];
        if (pieces.Length == 1)
        {
            pieces[0] = Search(from, to, all, cancellationToken);
            return pieces;
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, pieces.Length, options, i => pieces[i] = Search(from + (i * size), Math.Min(to, from + ((i + 1) * size)), all, cancellationToken));
        return pieces;
    }

    private Piece Search(int first, int next, (int First, int Next) all, CancellationToken cancellationToken)
    {
        var piece = new Piece();
        LoudSearch? search = null;
        SectionPart? end = null;
        var (rate, isContinued) = (0, false);
        try
        {
            for (var i = first; i < next; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var part = Open(i);
                if (part is null && files[i].Size is not null)
                {
                    piece.Absent.Add(files[i]);
                }

                if (search is not null && part?.SampleRate != rate)
                {
                    piece.Take(search, isContinued, end, goesOn: false);
                    search = null;
                }

                if (part is null)
                {
                    continue;
                }

                if (search is null)
                {
                    (search, end, rate) = (new LoudSearch(parameters), null, part.SampleRate);
                    isContinued = i == first && AddBefore(search, part, i, all.First);
                }

                end = part.Windows > 0 ? part : end;
                search.Add(part);
            }

            if (search is not null)
            {
                var goesOn = AddBehind(search, rate, next, all.Next);
                piece.Take(search, isContinued, end, goesOn);
            }

            return piece;
        }
        finally
        {
            search?.Dispose();
        }
    }

    /// <summary>Adds what the first blocks of a recording depend on. False when its run begins with it.</summary>
    private bool AddBefore(LoudSearch search, SectionPart part, int index, int first)
    {
        var before = new Stack<SectionPart>();
        var (windows, blocks) = (0, 0);
        while (--index >= first && (windows < LoudSearch.RiseOf(part) || blocks < LoudSearch.Neighbours) && OpenOf(part.SampleRate, index) is { } earlier)
        {
            (windows, blocks) = (windows + earlier.Windows, blocks + earlier.Blocks);
            before.Push(earlier);
        }

        var isContinued = before.Count > 0;
        while (before.TryPop(out var earlier))
        {
            search.Add(earlier, isSearched: false);
        }

        return isContinued;
    }

    /// <summary>Adds what the last blocks depend on. False when the run ends with them.</summary>
    private bool AddBehind(LoudSearch search, int rate, int index, int next)
    {
        var goesOn = false;
        for (var blocks = 0; index < next && blocks < LoudSearch.Neighbours && OpenOf(rate, index) is { } later; index++)
        {
            goesOn = true;
            blocks += later.Blocks;
            search.Add(later, isSearched: false);
        }

        return goesOn;
    }

    private LevelFilePart? OpenOf(int rate, int index)
    {
        var part = Open(index);
        if (part is null || part.SampleRate == rate)
        {
            return part;
        }

        part.Dispose();
        return null;
    }

    private LevelFilePart? Open(int index)
    {
        var file = files[index];
        return isLeftOut(file) ? null : store.TryOpenPart(file.Name, file.Size ?? 0, file.Mtime, new DateTime(file.Recorded.Start, DateTimeKind.Utc));
    }

    /// <param name="IsContinued">It began with an earlier piece.</param>
    /// <param name="Found">What is loud, in order.</param>
    /// <param name="End">The last recording that has windows.</param>
    /// <param name="GoesOn">It ends with a later piece.</param>
    private sealed record SearchedRun(bool IsContinued, IReadOnlyList<LoudStretch> Found, SectionPart? End, bool GoesOn);

    /// <summary>What was found in some files.</summary>
    private sealed class Piece
    {
        public List<SearchedRun> Runs { get; } = [];

        public List<SourceFile> Absent { get; } = [];

        public List<string> Damaged { get; } = [];

        public void Take(LoudSearch search, bool isContinued, SectionPart? end, bool goesOn)
        {
            search.Finish();
            if (search.Unreadable is LevelFilePart damaged)
            {
                Damaged.Add(damaged.RelativePath);
            }

            Runs.Add(new SearchedRun(isContinued, search.Found, end, goesOn));
        }
    }
}
