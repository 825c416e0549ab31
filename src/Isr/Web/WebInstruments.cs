using Isr.Instruments;
using Isr.Web.Events;

namespace Isr.Web;

internal sealed class WebInstruments(LiveEvents events, RequestTimes requests) : IInstruments
{
    public IEnumerable<Instrument> All { get; } = [Instrument.Gauge("isr_event_listeners", "Who are told what happens, as pages are.", () => events.Listeners)];

    public IEnumerable<DurationHistogram> Histograms { get; } = [requests.Durations];
}
