using Isr.Catalog;
using Isr.Catalog.Coverage;
using Isr.Recording.Status;

namespace Isr.Alarms;

/// <summary>Alarms that are, by status.json, and that were, by the journal: the same whether this process records or another.</summary>
internal sealed class AlarmList(CatalogDatabase database, ActiveFiles active, TimeProvider time)
{
    /// <summary>More than a person reads; the newest.</summary>
    public const int MostPast = 1000;

    /// <summary>What goes on, whatever the span, and what went on at any time within it.</summary>
    public AlarmsAnswer Read(Interval span)
    {
        var now = active.Read().Status.Alarms ?? [];
        var ids = now.Select(alarm => alarm.Id).ToHashSet(StringComparer.Ordinal);
        var past = database.Alarms(span.From, span.To, MostPast).Where(alarm => !ids.Contains(alarm.Id))
            .Select(alarm => new AlarmItem(
                alarm.Id, alarm.Kind, alarm.Source, Local(alarm.Since), alarm.Until is { } until ? Local(until) : null, alarm.Sentence, alarm.Ending));
        return new AlarmsAnswer([.. now.Select(ItemOf)], [.. past]);
    }

    private static AlarmItem ItemOf(ActiveAlarm alarm) => new(alarm.Id, alarm.Kind, alarm.Source, alarm.Since, null, alarm.Sentence, null);

    private DateTimeOffset Local(long utcTicks) => TimeZoneInfo.ConvertTime(new DateTimeOffset(utcTicks, TimeSpan.Zero), time.LocalTimeZone);
}
