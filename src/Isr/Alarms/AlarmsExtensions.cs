using Isr.Alarms.Health;
using Isr.Alarms.Webhooks;
using Isr.Catalog.Retention;
using Isr.Configuration;
using Isr.Instruments;
using Isr.Recording.Journal;
using Isr.Recording.Status;

namespace Isr.Alarms;

internal static class AlarmsExtensions
{
    /// <summary>Alarms of what this process records, and whom they are sent to. Needs the recorder, <see cref="RetentionSurvey"/> and <see cref="HealthWatch"/>.</summary>
    public static IHostApplicationBuilder AddAlarms(this IHostApplicationBuilder builder, Settings settings)
    {
        var alarms = settings.General.Alarms;
        var state = settings.General.StateDirectory;
        builder.Services.AddSingleton<AlarmFigures>();
        builder.Services.AddInstruments<AlarmInstruments>();
        builder.Services.AddSingleton(provider => new WebhookClient(WebhookSecret.Of(alarms).Secret, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(provider => new WebhookSpool(
            state,
            [.. alarms.Webhooks.DistinctBy(WebhookTarget.KeyOf, StringComparer.Ordinal).Select(url => new WebhookTarget(url))],
            provider.GetRequiredService<AlarmFigures>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<WebhookSpool>>()));
        builder.Services.AddSingleton(provider => new AlarmBook(
            state,
            provider.GetRequiredService<JournalWriter>(),
            provider.GetRequiredService<StatusFile>(),
            provider.GetRequiredService<WebhookSpool>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AlarmBook>>()));

        // What waits is taken up before alarms add to it.
        builder.Services.AddHostedService<WebhookSender>();
        builder.Services.AddHostedService<AlarmWatch>();
        if (alarms.Heartbeat is { } heartbeat)
        {
            builder.Services.AddHostedService(provider => new HeartbeatSender(
                new WebhookTarget(heartbeat),
                provider.GetRequiredService<WebhookClient>(),
                provider.GetRequiredService<HealthWatch>(),
                provider.GetRequiredService<AlarmBook>(),
                provider.GetRequiredService<AlarmFigures>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<HeartbeatSender>>()));
        }

        return builder;
    }

    /// <summary>Lists of alarms, of this recorder or another.</summary>
    public static IHostApplicationBuilder AddAlarmList(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AlarmList>();
        return builder;
    }
}
