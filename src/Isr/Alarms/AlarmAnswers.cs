using System.Text.Json.Serialization;
using Isr.Recording.Status;

namespace Isr.Alarms;

/// <summary>An alarm as GET /api/alarms and `isr alarms` list it. Times are local, with their offsets.</summary>
/// <param name="Id">The same wherever it is told of.</param>
/// <param name="Kind">"silent", "dead", "clipping", "coverage" or "disk".</param>
/// <param name="Source">Which source; null for what concerns all.</param>
/// <param name="Since">When it began.</param>
/// <param name="Until">When it was over; null while it goes on.</param>
/// <param name="Sentence">What it is.</param>
/// <param name="Ending">What became of it; null while it goes on.</param>
internal sealed record AlarmItem(string Id, string Kind, string? Source, DateTimeOffset Since, DateTimeOffset? Until, string Sentence, string? Ending);

/// <param name="Active">What goes on now, the oldest first.</param>
/// <param name="Past">What was over within the span, the last to begin first.</param>
internal sealed record AlarmsAnswer(IReadOnlyList<AlarmItem> Active, IReadOnlyList<AlarmItem> Past);

/// <summary>What alarms.json in the state directory holds.</summary>
/// <param name="Active">Alarms that go on: a restart does not begin them anew.</param>
internal sealed record AlarmsKept(IReadOnlyList<ActiveAlarm> Active);

/// <summary>The body of a webhook message; a change here is a change of what others rely on.</summary>
/// <param name="Id">Of the alarm: the same at its begin and its end.</param>
/// <param name="Kind">"silent", "dead", "clipping", "coverage", "disk" or "test".</param>
/// <param name="State">"began" or "ended".</param>
/// <param name="Source">Which source; null for what concerns all.</param>
/// <param name="Since">When it began.</param>
/// <param name="Until">When it was over; null at its begin.</param>
/// <param name="Sentence">What it is, or what became of it.</param>
/// <param name="Values">The figures in the sentence; empty at its end.</param>
/// <param name="Host">The name of the computer.</param>
/// <param name="Version">Of the program.</param>
internal sealed record WebhookMessage(
    string Id, string Kind, string State, string? Source, DateTimeOffset Since, DateTimeOffset? Until, string Sentence,
    IReadOnlyDictionary<string, double> Values, string Host, string Version);

/// <summary>A webhook message that waits to be delivered, as it lies in webhooks/.</summary>
/// <param name="Delivery">A UUID; the same whenever it is tried.</param>
/// <param name="Target">Which address, by <see cref="Webhooks.WebhookTarget.KeyOf"/>: the address itself may be a secret.</param>
/// <param name="Alarm">Messages of one alarm are delivered in their order.</param>
/// <param name="Created">When it was written.</param>
/// <param name="Body">What is sent.</param>
internal sealed record WebhookKept(string Delivery, string Target, string Alarm, DateTimeOffset Created, string Body);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlarmsAnswer))]
[JsonSerializable(typeof(AlarmsKept))]
[JsonSerializable(typeof(WebhookMessage))]
[JsonSerializable(typeof(WebhookKept))]
internal sealed partial class AlarmJson : JsonSerializerContext;
