using System.Globalization;
using Isr.Instruments;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.StaticAssets;

namespace Isr.Web;

/// <summary>
/// How long requests waited for their answers to begin, by route and status. What a listener's slow line makes of an answer is not the program's time,
/// and a live stream has no end.
/// </summary>
internal sealed class RequestTimes(TimeProvider time)
{
    /// <summary>The page's own files are one route, and so are all addresses that there are not.</summary>
    private const string Files = "files";
    private const string None = "none";

    public DurationHistogram Durations { get; } = new(
        "isr_http_request_duration_seconds", "Seconds until the answer to a request began.", [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10], "route", "status");

    /// <summary>Middleware, before all that may answer.</summary>
    public Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        var began = time.GetTimestamp();
        context.Response.OnStarting(() =>
        {
            Record(context, began);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private void Record(HttpContext context, long began)
    {
        var route = RouteOf(context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint);
        Durations.Record(time.GetElapsedTime(began), route, context.Response.StatusCode.ToString(CultureInfo.InvariantCulture));
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } activity)
        {
            // https://opentelemetry.io/docs/specs/semconv/http/http-spans/
            activity.DisplayName = $"{context.Request.Method} {route}";
            activity.SetTag("http.request.method", context.Request.Method);
            activity.SetTag("http.route", route);
            activity.SetTag("http.response.status_code", context.Response.StatusCode);
        }
    }

    /// <summary>Routes as they are written, with the names of their parts: there are as many as the program has, whatever is asked for.</summary>
    private static string RouteOf(Endpoint? endpoint) =>
        endpoint is not RouteEndpoint { RoutePattern.RawText: { } route } ? None
        : endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null ? Files
        : route;
}
