using Isr.Instruments;

namespace Isr.Alarms;

/// <summary>Whether those who are to know of alarms are told. The alarms themselves are in status.json, and told with it.</summary>
internal sealed class AlarmInstruments(AlarmFigures figures) : IInstruments
{
    public IEnumerable<Instrument> All { get; } =
    [
        Instrument.Gauge("isr_webhook_waiting_messages", "Webhook messages that wait to be delivered.", () => figures.WebhooksWaiting),
        Instrument.Counter("isr_webhook_delivered_total", "Webhook messages that were taken by their receivers.", () => figures.WebhooksDelivered),
        Instrument.Counter("isr_webhook_failed_tries_total", "Tries to deliver one that failed.", () => figures.WebhookTriesFailed),
        Instrument.Counter("isr_webhook_given_up_total", "Webhook messages that were given up: too old, too many, or gone for good.", () => figures.WebhooksDropped),
        Instrument.Gauge("isr_heartbeat_active", "Whether heartbeats are sent, as all is well; 0 without heartbeat_url.", () => figures.IsBeating ? 1 : 0),
        Instrument.Counter("isr_heartbeat_answered_total", "Heartbeats that were answered.", () => figures.Heartbeats),
        Instrument.Counter("isr_heartbeat_failed_total", "Heartbeats that were not.", () => figures.HeartbeatsFailed),
    ];
}
