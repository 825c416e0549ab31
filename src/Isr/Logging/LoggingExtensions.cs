using Isr.Configuration;

namespace Isr.Logging;

internal static class LoggingExtensions
{
    /// <summary>The framework speaks only of what it could not do; its daily business is not the recorder's diary.</summary>
    public static IHostApplicationBuilder AddDiary(this IHostApplicationBuilder builder, GeneralSettings settings, LogFile? file)
    {
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(settings.LogLevel);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System", LogLevel.Warning);
        builder.Services.AddSingleton<ILoggerProvider>(provider => new DiaryLoggerProvider(provider.GetRequiredService<TimeProvider>(), file, settings.LogFormat));
        return builder;
    }
}
