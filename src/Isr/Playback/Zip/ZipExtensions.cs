namespace Isr.Playback.Zip;

internal static class ZipExtensions
{
    public static IHostApplicationBuilder AddZips(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ZipOrders>();
        return builder;
    }
}
