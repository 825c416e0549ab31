namespace Isr.Catalog;

internal static class CatalogExtensions
{
    public static IHostApplicationBuilder AddCatalog(this IHostApplicationBuilder builder, CatalogOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<RecordingCatalog>();
        return builder;
    }
}
