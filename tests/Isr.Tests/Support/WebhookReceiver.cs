using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Support;

/// <summary>A message as it came.</summary>
internal sealed record ReceivedMessage(DateTimeOffset At, string Method, string Path, string? Signature, string? Delivery, string? Authorization, byte[] Body, int Answered)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>"dead began radio".</summary>
    public string What => $"{Json.GetProperty("kind").GetString()} {Json.GetProperty("state").GetString()} {Json.GetProperty("source").GetString()}".TrimEnd();

    public string Id => Json.GetProperty("id").GetString()!;

    public override string ToString() => $"{At:HH:mm:ss.fff} {Method} {Path} {Delivery} {Signature} -> {Answered} {Encoding.UTF8.GetString(Body)}";
}

/// <summary>Who receives webhooks and heartbeats: a real server on loopback, which answers as it is told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedMessage> _received = [];
    private volatile bool _hangs;
    private volatile int _status = StatusCodes.Status204NoContent;

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>Everything that came, in order.</summary>
    public IReadOnlyList<ReceivedMessage> Received => [.. _received];

    /// <summary>What was taken.</summary>
    public IReadOnlyList<ReceivedMessage> Taken => [.. _received.Where(message => message.Answered is >= 200 and < 300)];

    /// <summary>What is answered from now on.</summary>
    public int Status { get => _status; set => _status = value; }

    /// <summary>Decides by the message instead, where it is set.</summary>
    public Func<ReceivedMessage, int>? Decide { get; set; }

    /// <summary>Answers nothing, ever, while it is set.</summary>
    public bool Hangs { get => _hangs; set => _hangs = value; }

    public int Port { get; private set; }

    public Uri Url(string path = "/hook") => new($"http://127.0.0.1:{Port}{path}");

    /// <param name="port">0 for any that is free.</param>
    public static async Task<WebhookReceiver> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(new IPEndPoint(IPAddress.Loopback, port)));
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        receiver.Port = new Uri(app.Urls.Single()).Port;
        return receiver;
    }

    public Task UntilReceivedAsync(int count, string what = "") => Wait.UntilAsync(
        () => Received.Count >= count, TimeSpan.FromSeconds(30), () => $"{Received.Count} of {count} messages came. {what}\n{string.Join('\n', Received)}");

    public Task UntilTakenAsync(int count, TimeSpan? limit = null) => Wait.UntilAsync(
        () => Taken.Count >= count, limit ?? TimeSpan.FromSeconds(30), () => $"{Taken.Count} of {count} messages were taken.\n{string.Join('\n', Received)}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers;
        var message = new ReceivedMessage(
            TimeProvider.System.GetUtcNow(), context.Request.Method, context.Request.Path, headers["Isr-Signature"], headers["Isr-Delivery"], headers.Authorization, body.ToArray(), 0);
        var status = Decide?.Invoke(message) ?? Status;
        _received.Enqueue(message with { Answered = Hangs ? 0 : status });
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }

        context.Response.StatusCode = status;
        if (status is >= 300 and < 400)
        {
            context.Response.Headers.Location = "/elsewhere";
        }
    }
}
