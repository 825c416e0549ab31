namespace Isr.Access;

internal static class AccessExtensions
{
    public static IHostApplicationBuilder AddAccess(this IHostApplicationBuilder builder, AccessOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<AuditLog>();
        return builder;
    }
}
