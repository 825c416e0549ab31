using Isr.Access;
using Isr.Alarms.Health;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Web.Health;

internal static class HealthEndpoints
{
    public static IHostApplicationBuilder AddHealth(this IHostApplicationBuilder builder, HealthOptions options)
    {
        builder.AddHealthWatch(options);
        builder.Services.AddSingleton<Metrics>();
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
        routes.MapMethods("/metrics", methods, ShowMetrics)
            .ForListenersOrLoopback()
            .WithSummary("All that is counted, in Prometheus' text format.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        return routes;
    }

    private static JsonHttpResult<HealthReport> Health(HealthWatch watch, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var report = watch.Report();
        return TypedResults.Json(
            report, HealthJson.Default.HealthReport, statusCode: report.Status == HealthReport.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static ContentHttpResult ShowMetrics(Metrics metrics, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(metrics.Read(), MetricsText.ContentType);
    }
}
