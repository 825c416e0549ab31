using Isr.Instruments;
using Isr.Recording.Live;

namespace Isr.Playback.Live;

internal sealed class LiveInstruments(LiveTaps taps) : IInstruments
{
    public IEnumerable<Instrument> All { get; } =
    [
        Instrument.Gauge("isr_live_listeners", "Who listen to a source as it comes.", into =>
        {
            foreach (var tap in taps.All)
            {
                into.Add(tap.Listeners, ("source", tap.Source));
            }
        }),
    ];
}
