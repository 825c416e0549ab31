using System.Runtime.InteropServices;

namespace Isr.Audio.Detection;

/// <summary>
/// Finds the sections of recordings that follow on one another without a gap, at one sample rate; of one alone as well. A
/// block's floor and its loudest window tell whether anything in it is loud; only then are its levels read, so that a quiet
/// night costs next to nothing. Levels are compared as whole numbers: decibels rise with them.
/// </summary>
/// <param name="parameters">What makes a section.</param>
public sealed class SectionRun(DetectionParameters parameters) : IDisposable
{
    /// <summary>The noise floor is the least of so many blocks on either side.</summary>
    private const int Neighbours = 2;

    /// <summary>Over so long the rise of a level is taken.</summary>
    private const double OnsetSeconds = 0.5;

    private readonly List<RunSection> _sections = [];

    /// <summary>Those whose levels may still be wanted.</summary>
    private readonly List<SectionPart> _parts = [];

    /// <summary>Floors of the blocks from two before the next one to the last.</summary>
    private readonly List<uint> _floors = [];
    private int _nextFloor;
    private (int Part, int Block) _next;

    /// <summary>The levels of a block, from <see cref="_rise"/> on; up to there those of the windows before it, so far as there are any.</summary>
    private uint[] _levels = [];
    private uint[] _earlier = [];
    private int _before;
    private (SectionPart? Part, int Block) _read;

    /// <summary>Windows over which the rise is taken, and the seconds of one.</summary>
    private int _rise;
    private double _window;

    private SectionPart? _end;
    private OpenSection? _open;

    /// <summary>The part whose levels could not be read; the run is of no use then.</summary>
    public SectionPart? Unreadable { get; private set; }

    /// <summary>The last section went on where the last recording ended; known when the run is finished.</summary>
    public bool EndsInSection { get; private set; }

    /// <summary>Adds the recording that follows. The run owns it and disposes it when its levels are no longer wanted.</summary>
    public void Add(SectionPart part)
    {
        if (part.Windows == 0 || Unreadable is not null)
        {
            part.Dispose();
            return;
        }

        if (_end is null)
        {
            _window = (double)part.WindowSamples / part.SampleRate;
            _rise = (int)Math.Max(1, Math.Round(OnsetSeconds / _window));
            _levels = new uint[_rise + part.BlockWindows];
            _earlier = new uint[part.BlockWindows];
        }
        else
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(part.SampleRate, _end.SampleRate, nameof(part));
        }

        _end = part;
        _parts.Add(part);
        for (var i = 0; i < part.Blocks; i++)
        {
            _floors.Add(part.Block(i).Floor);
        }

        Advance(Neighbours);
    }

    /// <summary>All sections, in order; nothing may be added any more.</summary>
    public IReadOnlyList<RunSection> Finish()
    {
        Advance(0);
        if (_open is not null)
        {
            EndsInSection = !_open.IsOverAt(_end!, _end!.Windows - 1, _window, parameters.MinGap);
            Close(EndsInSection ? _end : null);
        }

        Dispose();
        return _sections;
    }

    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }

        _parts.Clear();
    }

    /// <summary>Looks at all blocks but so many of the last.</summary>
    private void Advance(int butLast)
    {
        while (_nextFloor + butLast < _floors.Count && Unreadable is null)
        {
            var part = _parts[_next.Part];
            var neighbours = CollectionsMarshal.AsSpan(_floors)[Math.Max(0, _nextFloor - Neighbours)..Math.Min(_floors.Count, _nextFloor + Neighbours + 1)];
            var floor = neighbours[0];
            foreach (var neighbour in neighbours)
            {
                floor = Math.Min(floor, neighbour);
            }

            Look(part, _next.Block, floor);
            _nextFloor++;
            _next = _next.Block + 1 < part.Blocks ? (_next.Part, _next.Block + 1) : (_next.Part + 1, 0);
        }

        var past = Math.Max(0, _nextFloor - Neighbours);
        _floors.RemoveRange(0, past);
        _nextFloor -= past;
        Release();
    }

    /// <summary>Lets go of what lies further back than a rise.</summary>
    private void Release()
    {
        var windows = _next.Part < _parts.Count ? _next.Block * _parts[_next.Part].BlockWindows : 0;
        var kept = _next.Part;
        while (kept > 0 && windows < _rise)
        {
            windows += _parts[--kept].Windows;
        }

        for (var i = 0; i < kept; i++)
        {
            _parts[i].Dispose();
        }

        _parts.RemoveRange(0, kept);
        _next.Part -= kept;
    }

    /// <summary>Looks for loud windows in the next block.</summary>
    private void Look(SectionPart part, int block, uint floorLevel)
    {
        var floor = Math.Max(Decibels.Of(floorLevel), Decibels.LeastFloor);
        var limit = floor + parameters.Margin;
        var loudest = part.Block(block).Loudest;
        if (Decibels.Of(loudest) < limit)
        {
            return;
        }

        if (!TryRead(part, block))
        {
            Unreadable = part;
            return;
        }

        var loud = Decibels.LeastWith(limit, loudest);
        var levels = _levels.AsSpan(_rise, part.WindowsIn(block));
        var at = levels.IndexOfAnyInRange(loud, uint.MaxValue);
        while (at >= 0)
        {
            var count = levels[at..].IndexOfAnyExceptInRange(loud, uint.MaxValue);
            count = count < 0 ? levels.Length - at : count;
            Take(part, (block * part.BlockWindows) + at, count, Decibels.Of(Largest(levels.Slice(at, count))) - floor, Onset(at, count, floor));
            var quiet = levels[(at + count)..].IndexOfAnyInRange(loud, uint.MaxValue);
            at = quiet < 0 ? quiet : at + count + quiet;
        }
    }

    /// <summary>Takes loud windows that follow on one another.</summary>
    private void Take(SectionPart part, int first, int count, double peak, double onset)
    {
        if (_open is not null)
        {
            // The last window before them is quiet, or it is the last loud one itself, to which it is no time.
            var (before, window) = first > 0 ? (part, first - 1) : (_parts[_next.Part - 1], _parts[_next.Part - 1].Windows - 1);
            if (_open.IsOverAt(before, window, _window, parameters.MinGap))
            {
                Close(stillOpenAt: null);
            }
        }

        _open ??= new OpenSection(part, first);
        _open.Extend(part, first + count - 1, peak, onset);
    }

    private void Close(SectionPart? stillOpenAt)
    {
        if (_open!.ToSection(_window, parameters.MinDuration, stillOpenAt) is { } section)
        {
            _sections.Add(section);
        }

        _open = null;
    }

    /// <summary>The largest rise at so many windows of the block that was read.</summary>
    private double Onset(int first, int count, double floor)
    {
        var onset = double.NegativeInfinity;
        var fromFloor = Math.Clamp(_rise - _before - first, 0, count);
        foreach (var level in _levels.AsSpan(_rise + first, fromFloor))
        {
            onset = Math.Max(onset, Decibels.Of(level) - floor);
        }

        var levels = _levels.AsSpan(_rise + first + fromFloor, count - fromFloor);
        var before = _levels.AsSpan(first + fromFloor, levels.Length);
        for (var i = 0; i < levels.Length; i++)
        {
            onset = Math.Max(onset, Decibels.Of(levels[i]) - Decibels.Of(before[i]));
        }

        return onset;
    }

    private static uint Largest(ReadOnlySpan<uint> levels)
    {
        var largest = 0u;
        foreach (var level in levels)
        {
            largest = Math.Max(largest, level);
        }

        return largest;
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
            return (_parts[index], block - 1);
        }

        return --index < 0 ? (null, 0) : (_parts[index], _parts[index].Blocks - 1);
    }
}
