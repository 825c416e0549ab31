using Isr.Catalog.Coverage;

namespace Isr.Catalog.Levels;

/// <summary>
/// A span of time divided into points, and what sounded in each: of files of which none sounded at the same time as another. What is put in counts for the point
/// of its middle, and for the others that it touches only where they have nothing of their own: so no point is empty in which something sounded, however short
/// points are, and nothing loud is seen twice, however long they are.
/// </summary>
internal sealed class LevelLane(Interval span, int points)
{
    private readonly double[] _squares = new double[points];
    private readonly double[] _weights = new double[points];
    private readonly short[] _minimum = new short[points];
    private readonly short[] _maximum = new short[points];
    private readonly bool[] _isOwn = new bool[points];

    /// <summary>When the last file in it ends.</summary>
    public long End { get; set; } = long.MinValue;

    /// <param name="from">Ticks of UTC.</param>
    /// <param name="to">Later than that.</param>
    /// <param name="minimum">In 1/32768 of full scale, as is the maximum.</param>
    /// <param name="maximum">At least the minimum.</param>
    /// <param name="rms">In any unit.</param>
    /// <param name="weight">How many windows it stands for.</param>
    public void Add(long from, long to, short minimum, short maximum, double rms, int weight)
    {
        if (to <= span.From || from >= span.To)
        {
            return;
        }

        var middle = from + ((to - from) / 2);
        var own = middle < span.From || middle >= span.To ? -1 : PointAt(middle);
        var last = PointAt(Math.Min(to, span.To) - 1);
        for (var point = PointAt(Math.Max(from, span.From)); point <= last; point++)
        {
            Put(point, point == own, minimum, maximum, rms * rms * weight, weight);
        }
    }

    public bool Has(int point) => _weights[point] > 0;

    public short Minimum(int point) => _minimum[point];

    public short Maximum(int point) => _maximum[point];

    /// <summary>The square of the RMS of all that was put in.</summary>
    public double Square(int point) => _squares[point] / _weights[point];

    /// <summary>Half open; ticks of a year times all points are less than 64 bits hold.</summary>
    private int PointAt(long at) => (int)((at - span.From) * points / span.Length);

    private void Put(int point, bool isOwn, short minimum, short maximum, double squares, int weight)
    {
        if (_isOwn[point] && !isOwn)
        {
            return;
        }

        if (_weights[point] == 0 || _isOwn[point] != isOwn)
        {
            (_squares[point], _weights[point], _minimum[point], _maximum[point], _isOwn[point]) = (0, 0, short.MaxValue, short.MinValue, isOwn);
        }

        _squares[point] += squares;
        _weights[point] += weight;
        _minimum[point] = Math.Min(_minimum[point], minimum);
        _maximum[point] = Math.Max(_maximum[point], maximum);
    }
}
