using System.Runtime.InteropServices;

namespace Isr.Audio.Detection;

/// <summary>
/// Finds what is loud in recordings that follow on one another without a gap, at one sample rate. A
/// block's floor and its loudest window tell whether anything in it is loud; only then are its levels read, so that a quiet
/// night costs next to nothing. Levels are compared as whole numbers: decibels rise with them.
/// Where a run is searched in pieces, each is given the recordings around it, too.
/// </summary>
/// <param name="parameters">What makes a section.</param>
public sealed class LoudSearch(DetectionParameters parameters) : IDisposable
{
    /// <summary>The noise floor is the least of so many blocks on either side.</summary>
    public const int Neighbours = 2;

    /// <summary>Over so long the rise of a level is taken.</summary>
    private const double OnsetSeconds = 0.5;

    /// <summary>Seconds: what is longer or shorter by that is so for certain, whatever is rounded.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>Those whose levels may still be wanted.</summary>
    private readonly List<(SectionPart Part, bool IsSearched)> _parts = [];

    /// <summary>Floors of the blocks from two before the next one to the last.</summary>
    private readonly List<uint> _floors = [];
    private int _nextFloor;
    private (int Part, int Block) _next;

    /// <summary>The levels of a block, from <see cref="_rise"/> on; up to there those of the windows before it, so far as there are any, and the floor.</summary>
    private uint[] _levels = [];
    private uint[] _earlier = [];
    private int _before;
    private (SectionPart? Part, int Block) _read;

    /// <summary>The noise floor of the block looked at last, and the least level that is loud above it, once that was wanted.</summary>
    private (uint Level, double Decibels, uint Loud) _floor;

    private uint[] _rises = [];
    private ulong[] _loud = [];
    private ulong[] _spread = [];

    private readonly List<LoudStretch> _found = [];

    /// <summary>Windows over which the rise is taken.</summary>
    private int _rise;

    /// <summary>So many quiet windows end no section.</summary>
    private int _joined;

    /// <summary>So many end one for certain, and so many loud ones between are none.</summary>
    private int _alone;
    private int _tooShort;
    private double _marginFactor;
    private int _sampleRate;

    /// <summary>What was found and not taken away yet, in order.</summary>
    public IReadOnlyList<LoudStretch> Found => _found;

    /// <summary>The part whose levels could not be read; the search is of no use then.</summary>
    public SectionPart? Unreadable { get; private set; }

    /// <summary>How many windows before a recording its rises depend on.</summary>
    public static int RiseOf(SectionPart part) => RiseOf((double)part.WindowSamples / part.SampleRate);

    /// <summary>Adds the recording that follows. The search owns it and disposes it when its levels are no longer wanted.</summary>
    /// <param name="part">The recording.</param>
    /// <param name="isSearched">Otherwise it is there for those beside it.</param>
    public void Add(SectionPart part, bool isSearched = true)
    {
        if (part.Windows == 0 || Unreadable is not null)
        {
            part.Dispose();
            return;
        }

        if (_sampleRate == 0)
        {
            var window = (double)part.WindowSamples / part.SampleRate;
            (_sampleRate, _rise) = (part.SampleRate, RiseOf(window));
            _marginFactor = Math.Pow(10, parameters.Margin / 20);
            _joined = (int)Math.Max(0, (parameters.MinGap - Tolerance) / window);
            _alone = (int)((parameters.MinGap + Tolerance) / window) + 1;
            _tooShort = (int)Math.Max(0, (parameters.MinDuration - Tolerance) / window);
            _levels = new uint[_rise + part.BlockWindows];
            _earlier = new uint[part.BlockWindows];
            _rises = new uint[part.BlockWindows];
            _loud = new ulong[LoudWindows.WordsOf(part.BlockWindows)];
            _spread = new ulong[_loud.Length];
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(part.SampleRate, _sampleRate, nameof(part));
        _parts.Add((part, isSearched));
        for (var i = 0; i < part.Blocks; i++)
        {
            _floors.Add(part.Block(i).Floor);
        }

        Advance(Neighbours);
    }

    /// <summary>Searches what is left; nothing may be added any more.</summary>
    public void Finish()
    {
        Advance(0);
        Dispose();
    }

    /// <summary>Has the join take what was found.</summary>
    internal void MoveTo(SectionJoin join)
    {
        foreach (var stretch in _found)
        {
            join.Take(stretch);
        }

        _found.Clear();
    }

    public void Dispose()
    {
        foreach (var (part, _) in _parts)
        {
            part.Dispose();
        }

        _parts.Clear();
    }

    private static int RiseOf(double window) => (int)Math.Max(1, Math.Round(OnsetSeconds / window));

    /// <summary>Looks at all blocks but so many of the last.</summary>
    private void Advance(int butLast)
    {
        while (_nextFloor + butLast < _floors.Count && Unreadable is null)
        {
            var (part, isSearched) = _parts[_next.Part];
            if (isSearched)
            {
                Look(part, _next.Block, LeastFloor());
            }

            _nextFloor++;
            _next = _next.Block + 1 < part.Blocks ? (_next.Part, _next.Block + 1) : (_next.Part + 1, 0);
        }

        var past = Math.Max(0, _nextFloor - Neighbours);
        _floors.RemoveRange(0, past);
        _nextFloor -= past;
        Release();
    }

    /// <summary>Of the next block and its neighbours.</summary>
    private uint LeastFloor()
    {
        var neighbours = CollectionsMarshal.AsSpan(_floors)[Math.Max(0, _nextFloor - Neighbours)..Math.Min(_floors.Count, _nextFloor + Neighbours + 1)];
        var least = neighbours[0];
        foreach (var floor in neighbours)
        {
            least = Math.Min(least, floor);
        }

        return least;
    }

    /// <summary>Lets go of what lies further back than a rise.</summary>
    private void Release()
    {
        var windows = _next.Part < _parts.Count ? _next.Block * _parts[_next.Part].Part.BlockWindows : 0;
        var kept = _next.Part;
        while (kept > 0 && windows < _rise)
        {
            windows += _parts[--kept].Part.Windows;
        }

        for (var i = 0; i < kept; i++)
        {
            _parts[i].Part.Dispose();
        }

        _parts.RemoveRange(0, kept);
        _next.Part -= kept;
    }

    /// <summary>Looks for loud windows in the next block.</summary>
    private void Look(SectionPart part, int block, uint floorLevel)
    {
        floorLevel = Math.Max(floorLevel, Decibels.LeastFloor);
        if (floorLevel != _floor.Level)
        {
            _floor = (floorLevel, Decibels.Of(floorLevel), 0);
        }

        var limit = _floor.Decibels + parameters.Margin;
        var loudest = part.Block(block).Loudest;
        if (_floor.Loud > 0 ? loudest < _floor.Loud : Decibels.Of(loudest) < limit)
        {
            return;
        }

        if (_floor.Loud == 0)
        {
            _floor.Loud = Decibels.LeastWith(limit, loudest, floorLevel * _marginFactor);
        }

        if (!TryRead(part, block))
        {
            Unreadable ??= part;
            return;
        }

        var levels = _levels.AsSpan(_rise, part.WindowsIn(block));
        var words = LoudWindows.WordsOf(levels.Length);
        var loud = _loud.AsSpan(0, words);
        var spread = _spread.AsSpan(0, words);

        // What has nothing so far back in the run rises from the floor.
        _levels.AsSpan(0, _rise - _before).Fill(floorLevel);
        LoudWindows.Mark(levels, _levels, _floor.Loud, loud, _rises);
        loud.CopyTo(spread);
        LoudWindows.Spread(spread, Math.Min(_joined, levels.Length));
        for (var (first, next, quiet) = (LoudWindows.Next(spread, 0, isSet: true), 0, 0); first < levels.Length; first = next)
        {
            var end = LoudWindows.Next(spread, first, isSet: false);
            var last = LoudWindows.Last(loud, Math.Min(end, levels.Length));
            next = LoudWindows.Next(spread, end, isSet: true);

            // Too short, and alone for certain: so is most of what is left where the shortest gap ends a section.
            if (quiet < _alone || next >= levels.Length || next - last - 1 < _alone || last - first >= _tooShort)
            {
                var peak = Decibels.Of(LoudWindows.Largest(levels[first..(last + 1)])) - _floor.Decibels;
                Take(part, (block * part.BlockWindows) + first, (block * part.BlockWindows) + last, peak, Onset(first, last));
            }

            quiet = next - last - 1;
        }
    }

    /// <summary>Takes loud windows, to those before them where these are not far.</summary>
    private void Take(SectionPart part, int first, int last, double peak, double onset)
    {
        if (_found.Count > 0)
        {
            ref var before = ref CollectionsMarshal.AsSpan(_found)[^1];
            if (before.Part == part && first - before.Last - 1 <= _joined)
            {
                before = before with { Last = last, Peak = Math.Max(before.Peak, peak), Onset = Math.Max(before.Onset, onset) };
                return;
            }
        }

        _found.Add(new LoudStretch(_next.Part > 0 ? _parts[_next.Part - 1].Part : null, part, first, last, peak, onset));
    }

    /// <summary>The largest rise at loud windows of the block that was read: exact only where the quotient may be the largest.</summary>
    private double Onset(int first, int last)
    {
        var rises = _rises.AsSpan(0, last + 1);
        var least = LoudWindows.Largest(rises[first..]) - LoudWindows.RiseError;
        var onset = double.NegativeInfinity;
        for (var at = first; at <= last; at++)
        {
            var next = rises[at..].IndexOfAnyInRange(least, uint.MaxValue);
            if (next < 0)
            {
                break;
            }

            at += next;
            onset = Math.Max(onset, Decibels.Of(_levels[_rise + at]) - Decibels.Of(_levels[at]));
        }

        return onset;
    }

    private bool TryRead(SectionPart part, int block)
    {
        if (!TryReadBefore(part, block) || !part.TryRead(block, _levels.AsSpan(_rise, part.WindowsIn(block))))
        {
            return false;
        }

        _read = (part, block);
        return true;
    }

    /// <summary>Has the levels of the windows before a block end where those of the block will begin.</summary>
    private bool TryReadBefore(SectionPart part, int block)
    {
        var index = _next.Part;
        if (_read.Part is { } read && _read == Before(ref index, block))
        {
            // Those that were looked at last, and what is still wanted of those before.
            var count = read.WindowsIn(_read.Block);
            _before = Math.Min(_rise, _before + count);
            _levels.AsSpan(_rise + count - _before, _before).CopyTo(_levels.AsSpan(_rise - _before));
            return true;
        }

        index = _next.Part;
        _before = 0;
        while (_before < _rise && Before(ref index, block) is (Part: { } earlier, Block: var previous))
        {
            var count = earlier.WindowsIn(previous);
            if (!earlier.TryRead(previous, _earlier.AsSpan(0, count)))
            {
                Unreadable = earlier;
                return false;
            }

            var wanted = Math.Min(_rise - _before, count);
            _earlier.AsSpan(count - wanted, wanted).CopyTo(_levels.AsSpan(_rise - _before - wanted));
            _before += wanted;
            block = previous;
        }

        return true;
    }

    /// <summary>The block before one of the part with that index, which is then that of the part before where it lies there.</summary>
    private (SectionPart? Part, int Block) Before(ref int index, int block)
    {
        if (block > 0)
        {
            return (_parts[index].Part, block - 1);
        }

        return --index < 0 ? (null, 0) : (_parts[index].Part, _parts[index].Part.Blocks - 1);
    }
}
