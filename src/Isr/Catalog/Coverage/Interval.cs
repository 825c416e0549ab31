namespace Isr.Catalog.Coverage;

/// <summary>A stretch of time in ticks of UTC; its end is not part of it.</summary>
internal readonly record struct Interval(long From, long To)
{
    public long Length => Math.Max(0, To - From);

    public double Seconds => (double)Length / TimeSpan.TicksPerSecond;

    public Interval Within(Interval other) => new(Math.Max(From, other.From), Math.Min(To, other.To));

    /// <summary>What of <paramref name="whole"/> is in none of the parts.</summary>
    public static List<Interval> Subtract(Interval whole, IEnumerable<Interval> parts)
    {
        var rest = new List<Interval>();
        var from = whole.From;
        foreach (var part in parts.Where(p => p.Length > 0).OrderBy(p => p.From))
        {
            if (part.From > from)
            {
                rest.Add(new Interval(from, Math.Min(part.From, whole.To)));
            }

            from = Math.Max(from, part.To);
            if (from >= whole.To)
            {
                break;
            }
        }

        if (from < whole.To)
        {
            rest.Add(new Interval(from, whole.To));
        }

        rest.RemoveAll(r => r.Length == 0);
        return rest;
    }
}
