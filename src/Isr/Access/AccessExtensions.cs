using Isr.Access.SignIn;

namespace Isr.Access;

internal static class AccessExtensions
{
    public static IHostApplicationBuilder AddAccess(this IHostApplicationBuilder builder, AccessOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<PasswordStore>();
        builder.Services.AddSingleton<TokenStore>();
        builder.Services.AddSingleton<SessionStore>();
        builder.Services.AddSingleton<SignInLimit>();
        builder.Services.AddSingleton<SignInDesk>();
        builder.Services.AddSingleton<CallerFinder>();
        return builder;
    }

    /// <summary>Finds out who asks, before anything is looked for; who must sign in first is led there from the page.</summary>
    public static IApplicationBuilder UseCallers(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var caller = context.RequestServices.GetRequiredService<CallerFinder>().Find(context);
        context.Features.Set(caller);
        if (caller.Role > Role.None || context.Request.Path != "/" || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            return next(context);
        }

        var query = context.Request.QueryString.Value;
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = string.IsNullOrEmpty(query) ? "signin" : "signin?next=" + Uri.EscapeDataString("/" + query);
        return Task.CompletedTask;
    });

    /// <summary>Behind routing: every route answers only whom its rule lets in.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) => app.UseMiddleware<AccessGuard>();
}
