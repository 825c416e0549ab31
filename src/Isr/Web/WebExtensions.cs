using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using Isr.Access;
using Isr.Catalog;
using Isr.Serving;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Primitives;

namespace Isr.Web;

internal static class WebExtensions
{
    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; media-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    /// <summary>What the page never asks a browser for.</summary>
    private const string Permissions = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), midi=()";

    /// <summary>How long answers may go on after the program was told to end.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(15);

    public static WebApplicationBuilder AddWeb(this WebApplicationBuilder builder, WebOptions options)
    {
        builder.WebHost.UseStaticWebAssets();
        // Else an unpublished build has one more route, that answers for every file that is not there.
        builder.Configuration["DisableStaticAssetNotFoundRuntimeFallback"] = "true";
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A listener on a slow line is welcome.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
            Listen(kestrel, options);
        });
        builder.Services.AddRouting();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<HostNames>();
        builder.Services.AddSingleton<LiveEvents>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LiveEvents>());
        return builder;
    }

    public static WebApplication UseWeb(this WebApplication app)
    {
        app.Use(EndWithProgramAsync);
        app.UseProxies(app.Services.GetRequiredService<AccessOptions>());
        app.Use(GuardAsync);
        app.UseStatusCodePages(context => Problem.Of(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        app.UseCallers();
        app.UseDefaultFiles();
        // Named here, so that it sees "/" as the default file that it has become.
        app.UseRouting();
        app.UseAccess();
        app.MapStaticAssets().ForEverybody();
        app.MapAccess();
        app.MapGet("/api/config", (CatalogOptions options) => TypedResults.Json(options.Detection, WebJson.Default.DetectionParameters)).ForListeners();
        app.MapGet("/api/events", SendEventsAsync).ForListeners();
        app.Map("/api/{**rest}", () => Problem.Of(StatusCodes.Status404NotFound, "There is no such address in this API.")).ForListeners();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, WebOptions options)
    {
        if (options.EndPoint is { Address: var address } endPoint && !address.Equals(IPAddress.IPv6Any))
        {
            kestrel.Listen(endPoint);
        }
        else
        {
            kestrel.ListenAnyIP(options.Port);
        }
    }

    /// <summary>The server waits for its answers before it ends; a slow download would take all of that time.</summary>
    private static async Task EndWithProgramAsync(HttpContext context, RequestDelegate next)
    {
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var over = new CancellationTokenSource();
        using var isOver = over.Token.Register(context.Abort);
        using var isEnding = lifetime.ApplicationStopping.Register(() => over.CancelAfter(s_lastWords));
        await next(context);
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (!context.RequestServices.GetRequiredService<HostNames>().IsOwn(context.Request.Host.Host))
        {
            await Problem.Of(StatusCodes.Status403Forbidden, "This server does not answer to that host name: add it to hosts in [general] if it is one of yours.").ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    /// <summary>`levels=1` asks for all sources' levels, `levels=NAME`, as often as wanted, for some.</summary>
    private static LiveListener Listener(StringValues levels) => new()
    {
        WantsLevels = levels.Any(value => value is not (null or "" or "0")),
        Sources = levels.Contains("1", StringComparer.Ordinal) ? ReadOnlySet<string>.Empty : levels.OfType<string>().ToHashSet(StringComparer.Ordinal),
    };

    private static async Task SendEventsAsync(HttpContext context, LiveEvents events, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var listener = Listener(context.Request.Query["levels"]);
        events.Subscribe(listener, end.Token);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await context.Response.WriteAsync("retry: 3000\n\n", end.Token);
            var waiting = listener.WaitToReadAsync(end.Token).AsTask();
            while (true)
            {
                await context.Response.Body.FlushAsync(end.Token);
                if (await Task.WhenAny(waiting, Task.Delay(s_heartbeat, time, end.Token)) != waiting)
                {
                    end.Token.ThrowIfCancellationRequested();
                    await context.Response.WriteAsync(": still here\n\n", end.Token);
                    continue;
                }

                if (!await waiting)
                {
                    return;
                }

                while (listener.TryRead(out var item))
                {
                    await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"event: {item.Type}\ndata: {item.Data}\n\n"), end.Token);
                }

                waiting = listener.WaitToReadAsync(end.Token).AsTask();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
    }
}
