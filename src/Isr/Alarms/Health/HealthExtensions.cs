namespace Isr.Alarms.Health;

internal static class HealthExtensions
{
    /// <summary>Watches over recorder, disks and sources, of this process or another.</summary>
    public static IHostApplicationBuilder AddHealthWatch(this IHostApplicationBuilder builder, HealthOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<HealthWatch>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<HealthWatch>());
        return builder;
    }
}
