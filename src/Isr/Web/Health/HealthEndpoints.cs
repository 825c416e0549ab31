using Isr.Access;
using Isr.Alarms.Health;
using Isr.Catalog;
using Isr.Instruments;
using Isr.Recording.Status;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Web.Health;

internal static class HealthEndpoints
{
    public static IHostApplicationBuilder AddHealth(this IHostApplicationBuilder builder, HealthOptions options)
    {
        builder.AddHealthWatch(options);
        builder.Services.AddSingleton<Heartbeat>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Heartbeat>());
        if (!builder.Services.Any(service => service.ServiceType == typeof(StatusFile)))
        {
            // The page alone tells what another process's recorder writes down.
            builder.Services.AddSingleton<IInstruments>(provider => new StatusInstruments(() => provider.GetRequiredService<ActiveFiles>().Read().Status, provider.GetRequiredService<TimeProvider>()));
        }

        return builder;
    }

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods("/healthz", methods, Health)
            .ForEverybody()
            .WithSummary("Whether recorder, disk and sources are well.")
            .Produces<HealthReport>(StatusCodes.Status200OK)
            .Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
        routes.MapMethods("/healthz/live", methods, Live)
            .ForEverybody()
            .WithSummary("Whether the program lives: what does not answer 200 here is to be started anew.")
            .Produces<HealthReport>(StatusCodes.Status200OK)
            .Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
        routes.MapMethods("/healthz/ready", methods, Ready)
            .ForEverybody()
            .WithSummary("Whether the program has started: its folder is there, every source has begun.")
            .Produces<HealthReport>(StatusCodes.Status200OK)
            .Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
        routes.MapMethods("/metrics", methods, ShowMetricsAsync)
            .ForListenersOrLoopback()
            .WithSummary("All that is counted, in Prometheus' text format.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        return routes;
    }

    private static JsonHttpResult<HealthReport> Health(HealthWatch watch, HttpContext context) => Tell(watch.Report(), context);

    private static JsonHttpResult<HealthReport> Live(Heartbeat heart, HttpContext context) => Tell(
        HealthReport.Of(heart.IsAlive
            ? new HealthCheck("program", HealthReport.Ok, "The program lives.")
            : new HealthCheck("program", HealthReport.Failing, $"What is to be done every second was not done for {Heartbeat.Longest.TotalSeconds:0} s.")),
        context);

    private static JsonHttpResult<HealthReport> Ready(HealthWatch watch, IHostApplicationLifetime lifetime, HttpContext context) =>
        Tell(watch.Readiness(lifetime.ApplicationStopping.IsCancellationRequested), context);

    private static JsonHttpResult<HealthReport> Tell(HealthReport report, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            report, HealthJson.Default.HealthReport, statusCode: report.Status == HealthReport.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task ShowMetricsAsync(InstrumentTable table, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = MetricsText.ContentType;
        table.Write(context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
