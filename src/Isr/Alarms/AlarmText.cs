using System.Globalization;
using Isr.Configuration;

namespace Isr.Alarms;

/// <summary>What alarms are configured, in words.</summary>
internal static class AlarmText
{
    public static IEnumerable<string> Of(Settings settings)
    {
        var alarms = settings.General.Alarms;
        string[] kinds =
        [
            .. Kind("dead", limits => limits.Dead is not null),
            .. Kind("silent", limits => limits.Silence is not null),
            .. Kind("clipping", limits => limits.Clipping is not null),
            .. Kind("coverage", limits => limits.Coverage is not null),
            .. alarms.DiskDays is { } days ? new[] { string.Create(CultureInfo.InvariantCulture, $"disk (full in {days:0.###} days)") } : [],
        ];
        yield return kinds.Length == 0 ? "No alarms." : $"Alarms: {string.Join(", ", kinds)}.";
        yield return alarms.Webhooks.Count == 0
            ? "Nobody is told of alarms: webhook_url is not set."
            : $"Alarms are sent to {string.Join(" and ", alarms.Webhooks.Select(AlarmSettings.ShownUrl))}, "
                + (alarms.WebhookSecret is null && alarms.WebhookSecretFile is null ? "not signed: webhook_secret is not set." : "signed. `isr alarms test` tries it.");
        if (alarms.Heartbeat is { } heartbeat)
        {
            yield return $"While all is well {AlarmSettings.ShownUrl(heartbeat)} is fetched every minute.";
        }

        IEnumerable<string> Kind(string kind, Func<AlarmLimits, bool> isOn)
        {
            var count = settings.Sources.Count(source => isOn(source.Alarms));
            return count == 0 ? [] : [count == settings.Sources.Count ? kind : $"{kind} (of {count} of {settings.Sources.Count} sources)"];
        }
    }
}
