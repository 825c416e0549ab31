using System.Collections.ObjectModel;
using Isr.Access;
using Microsoft.Extensions.Primitives;

namespace Isr.Web.Events;

/// <summary>Server-sent events (HTML Living Standard, section 9.2).</summary>
internal static class EventEndpoints
{
    /// <summary>Shorter than any proxy's patience.</summary>
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder routes) => routes.MapGet("/api/events", SendAsync)
        .WithSummary("Server-sent events: recordings that begin, end, move and go, states of sources, alarms, marks and labels that change, progress of analysis; with levels=1 or levels=NAME also levels. Last-Event-ID replays what was missed.")
        .Produces<string>(contentType: "text/event-stream")
        .ForListeners();

    private static async Task SendAsync(HttpContext context, LiveEvents events, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var levels = context.Request.Query["levels"];
        var listener = new LiveListener
        {
            WantsLevels = levels.Any(value => value is not (null or "" or "0")),
            Sources = levels.Contains("1", StringComparer.Ordinal) ? ReadOnlySet<string>.Empty : levels.OfType<string>().ToHashSet(StringComparer.Ordinal),
            LastId = LastIdOf(context.Request),
        };
        var lastId = events.Subscribe(listener, end.Token);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            // An id without an event: who is cut off before the first one says by it from where on.
            await context.Response.WriteAsync($"retry: 3000\nid: {lastId}\n\n", end.Token);
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
                    var id = item.Number > 0 ? $"id: {events.IdOf(item)}\n" : "";
                    await context.Response.WriteAsync($"{id}event: {item.Type}\ndata: {item.Data}\n\n", end.Token);
                }

                waiting = listener.WaitToReadAsync(end.Token).AsTask();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
    }

    /// <summary>A browser sends the header when it connects again; a page that begins anew may say it in the address.</summary>
    private static string? LastIdOf(HttpRequest request)
    {
        var header = request.Headers["Last-Event-ID"];
        var id = StringValues.IsNullOrEmpty(header) ? request.Query["last_event_id"] : header;
        return StringValues.IsNullOrEmpty(id) ? null : id.ToString();
    }
}
