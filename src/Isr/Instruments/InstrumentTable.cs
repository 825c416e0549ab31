using System.Buffers;

namespace Isr.Instruments;

/// <summary>All that this process counts and measures, one table for all ways to tell it.</summary>
internal sealed class InstrumentTable(IEnumerable<IInstruments> features)
{
    public IReadOnlyList<Instrument> All { get; } = [.. features.SelectMany(f => f.All)];

    public IReadOnlyList<DurationHistogram> Histograms { get; } = [.. features.SelectMany(f => f.Histograms)];

    public void Write(IBufferWriter<byte> output)
    {
        var text = new MetricsText(output);
        foreach (var instrument in All)
        {
            text.Write(instrument);
        }

        foreach (var histogram in Histograms)
        {
            text.Write(histogram);
        }
    }
}
