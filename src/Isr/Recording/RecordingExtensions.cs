using Isr.Configuration;
using Isr.Instruments;
using Isr.Recording.Disk;
using Isr.Recording.Journal;
using Isr.Recording.Recovery;
using Isr.Recording.Status;
using Isr.Recording.Time;

namespace Isr.Recording;

internal static class RecordingExtensions
{
    public static IHostApplicationBuilder AddRecording(this IHostApplicationBuilder builder, Settings settings)
    {
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(settings.General);
        builder.Services.AddSingleton(provider => provider.GetRequiredService<TimeProvider>() is var time && time is TestClock test
            ? new WallClock(test, () => test.State)
            : new WallClock(time, SystemClockState.Read));
        builder.Services.AddSingleton<RecordingFolder>();
        builder.Services.AddSingleton<DiskWriters>();
        builder.Services.AddSingleton(provider => new JournalWriter(
            settings.General.StateDirectory, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<JournalWriter>>()));
        builder.Services.AddSingleton(provider => new FileSealer(
            settings.General.StateDirectory, provider.GetRequiredService<JournalWriter>(), provider.GetRequiredService<ILogger<FileSealer>>()));
        builder.Services.AddSingleton<Ledger>();
        builder.Services.AddSingleton(provider => new RecordingPlaces(
            new FallbackMover(
                provider.GetRequiredService<RecordingFolder>(),
                provider.GetRequiredService<Ledger>(),
                settings.General.StateDirectory,
                provider.GetRequiredService<ILogger<FallbackMover>>()),
            provider.GetRequiredService<ILogger<RecordingPlace>>()));
        builder.Services.AddSingleton<RecordingTally>();
        builder.Services.AddSingleton<DiskWatch>();
        builder.Services.AddSingleton<StatusFile>();
        builder.Services.AddSingleton<RecorderHeart>();
        builder.Services.AddSingleton<LevelFeed>();
        builder.Services.AddSingleton<LiveMeters>();
        builder.Services.AddSingleton<RecordingServices>();
        builder.Services.AddSingleton<CrashRecovery>();
        builder.Services.AddHostedService<Recorder>();
        builder.Services.AddHostedService<FolderRights>();
        // Knows its folders when the recorder has started.
        builder.Services.AddHostedService(provider => provider.GetRequiredService<DiskWatch>());
        builder.Services.AddInstruments<RecordingInstruments>();
        builder.Services.AddSingleton<IInstruments>(provider => new StatusInstruments(provider.GetRequiredService<StatusFile>().Current, provider.GetRequiredService<TimeProvider>()));
        return builder;
    }

    /// <summary>The clock of everything.</summary>
    public static IServiceCollection AddTime(this IServiceCollection services) =>
        services.AddSingleton<TimeProvider>(_ => TestClock.FromEnvironment() ?? TimeProvider.System);
}
