using System.Buffers;

namespace Isr.Instruments;

/// <summary>All that this process counts and measures, one table for all ways to tell it.</summary>
internal sealed class InstrumentTable(IEnumerable<IInstruments> features)
{
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);

    public IReadOnlyList<Instrument> All { get; } = [.. features.SelectMany(f => f.All)];

    public IReadOnlyList<DurationHistogram> Histograms { get; } = [.. features.SelectMany(f => f.Histograms)];

    /// <summary>
    /// Writes all of it as Prometheus has it. Put together first, in memory that is used again: an answer's own takes a lock for each word.
    /// </summary>
    public void Write(IBufferWriter<byte> output)
    {
        lock (_gate)
        {
            _buffer.ResetWrittenCount();
            var text = new MetricsText(_buffer);
            foreach (var instrument in All)
            {
                text.Write(instrument);
            }

            foreach (var histogram in Histograms)
            {
                text.Write(histogram);
            }

            output.Write(_buffer.WrittenSpan);
        }
    }
}
