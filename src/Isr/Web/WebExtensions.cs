using System.Net;
using Isr.Access;
using Isr.Audio.Detection;
using Isr.Catalog;
using Isr.Instruments;
using Isr.Serving;
using Isr.Web.Description;
using Isr.Web.Events;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Isr.Web;

internal static class WebExtensions
{
    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; media-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    /// <summary>What the page never asks a browser for.</summary>
    private const string Permissions = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), midi=()";

    /// <summary>A connection takes one of the files that a process may have open, and the recording needs some, too.</summary>
    private const int MaxConnections = 1000;

    /// <summary>How long answers may go on after the program was told to end.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

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
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            Listen(kestrel, options);
        });
        builder.Services.AddRouting();
        builder.Services.AddApiDescription();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<HostNames>();
        builder.Services.AddSingleton<RequestTimes>();
        builder.Services.AddInstruments<WebInstruments>();
        builder.Services.AddSingleton<LiveEvents>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LiveEvents>());
        return builder;
    }

    public static WebApplication UseWeb(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<RequestTimes>().MeasureAsync);
        app.Use(EndWithProgramAsync);
        app.UseProxies(app.Services.GetRequiredService<AccessOptions>());
        app.Use(GuardAsync);
        app.UseStatusCodePages(context => Problem.Of(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        // A defect: the log has it, the answer does not.
        app.UseExceptionHandler(error => error.Run(context => Problem.Of(StatusCodes.Status500InternalServerError).ExecuteAsync(context)));
        app.UseCallers();
        app.UseDefaultFiles();
        // Named here, so that it sees "/" as the default file that it has become.
        app.UseRouting();
        app.UseAccess();
        app.MapStaticAssets().ForEverybody();
        app.MapAccess();
        app.MapGet("/api/config", (CatalogOptions options) => TypedResults.Json(options.Detection, WebJson.Default.DetectionParameters))
            .WithSummary("What makes a section, where nothing else is asked for.")
            .Produces<DetectionParameters>()
            .ForListeners();
        app.MapEvents();
        app.MapApiDescription();
        app.Map("/api/{**rest}", () => Problem.Of(StatusCodes.Status404NotFound, "There is no such address in this API.")).ExcludeFromDescription().ForListeners();
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
}
