using Isr.Analysis;
using Isr.Configuration;
using Isr.Recording;
using Isr.Recording.Journal;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Isr.Catalog.Keeping;

internal static class KeepingExtensions
{
    /// <summary>Marks, trash and deletion.</summary>
    /// <param name="builder">The program.</param>
    /// <param name="settings">Where recordings are.</param>
    /// <param name="isRecorder">This process holds the state directory; otherwise a recorder is asked.</param>
    public static IHostApplicationBuilder AddKeeping(this IHostApplicationBuilder builder, Settings settings, bool isRecorder)
    {
        var options = new KeepingOptions(settings.General.OutputDirectory, settings.General.StateDirectory);
        builder.Services.AddSingleton(options);
        builder.Services.TryAddSingleton(provider => new ActiveFiles(options.Folder, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<MarkStore>();
        builder.Services.AddSingleton<LabelStore>();
        builder.Services.AddSingleton<MarkWatch>();
        builder.Services.AddSingleton<TrashFolder>();
        builder.Services.AddSingleton<WrittenFiles>();
        builder.Services.AddSingleton<RecordingsMarker>();
        if (isRecorder)
        {
            builder.Services.AddSingleton(provider => Create(provider, provider.GetRequiredService<Ledger>().Append));
            builder.Services.AddSingleton<IKeeper>(provider => provider.GetRequiredService<Keeper>());
            builder.Services.AddHostedService<ControlSocket>();
        }
        else
        {
            builder.Services.AddSingleton<IKeeper>(provider => new RemoteKeeper(
                options,
                append => Create(provider, append),
                () => new JournalWriter(options.StateDirectory, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<JournalWriter>>()),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<RemoteKeeper>>()));
        }

        return builder;
    }

    private static Keeper Create(IServiceProvider provider, Action<JournalEntry> append) => new(
        provider.GetRequiredService<KeepingOptions>(),
        provider.GetRequiredService<TrashFolder>(),
        provider.GetRequiredService<MarkStore>(),
        provider.GetRequiredService<LabelStore>(),
        provider.GetRequiredService<WrittenFiles>(),
        provider.GetRequiredService<LevelStore>(),
        append);
}
