namespace Isr.Instruments;

internal enum InstrumentKind
{
    /// <summary>What goes up and down.</summary>
    Gauge,

    /// <summary>What only grows, from 0 at the start of whoever counts it; its name ends in `_total`.</summary>
    Counter,
}

/// <summary>Takes the values of one instrument as they are read.</summary>
internal interface IMeasurements
{
    /// <param name="value">In the unit that the instrument's name ends with.</param>
    /// <param name="labels">Names and their values, which may be anything.</param>
    void Add(double value, params ReadOnlySpan<(string Name, string Value)> labels);
}

/// <summary>
/// Something that is counted or measured, written down once for whoever wants to know it: the text of /metrics and OTLP show the same.
/// </summary>
/// <param name="Name">By Prometheus' conventions: the unit, a base unit, is its last word, before `_total` of a counter.</param>
/// <param name="Kind">How its values go on.</param>
/// <param name="Help">What it is, a sentence.</param>
/// <param name="Read">Gives its values as they are now. On any thread; it waits for nothing and walks no folder.</param>
internal sealed record Instrument(string Name, InstrumentKind Kind, string Help, Action<IMeasurements> Read)
{
    public static Instrument Gauge(string name, string help, Func<double> value) => new(name, InstrumentKind.Gauge, help, into => into.Add(value()));

    public static Instrument Gauge(string name, string help, Action<IMeasurements> read) => new(name, InstrumentKind.Gauge, help, read);

    public static Instrument Counter(string name, string help, Func<double> value) => new(name, InstrumentKind.Counter, help, into => into.Add(value()));

    public static Instrument Counter(string name, string help, Action<IMeasurements> read) => new(name, InstrumentKind.Counter, help, read);
}

/// <summary>What one feature counts and measures.</summary>
internal interface IInstruments
{
    IEnumerable<Instrument> All { get; }

    IEnumerable<DurationHistogram> Histograms => [];
}
