using Isr.Configuration;
using Isr.Sources;
using Isr.Sources.Http;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Support;

/// <summary>Runs the program's own stream source, with its client and its watch, as the program does.</summary>
internal sealed class StreamListener : IAsyncDisposable
{
    /// <summary>A password that stands in no sentence and no line of the log.</summary>
    public const string Password = OddServers.Password;

    private readonly StreamClient _client;
    private readonly ConnectionWatch _watch;
    private readonly LogLines _log = new();

    private StreamListener(TimeProvider time)
    {
        _client = new StreamClient(time);
        _watch = new ConnectionWatch(time);
    }

    public LogLines Log => _log;

    public static async Task<StreamListener> StartAsync(TimeProvider? time = null)
    {
        var listener = new StreamListener(time ?? TimeProvider.System);
        await listener._watch.StartAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    public Task<ConnectionEnd> RunAsync(Uri url, HeardStream sink) =>
        RunAsync([url], sink, username: null, TestContext.Current.CancellationToken);

    /// <summary>One run of the source, until its end.</summary>
    public async Task<ConnectionEnd> RunAsync(IReadOnlyList<Uri> urls, HeardStream sink, string? username, CancellationToken cancellationToken)
    {
        var source = new StreamSource(Settings(urls, username), _client, _watch, TimeProvider.System, _log.CreateFactory().CreateLogger<StreamSource>());
        var end = await source.RunAsync(sink, cancellationToken);

        Assert.Equal(sink.Frames.Count, sink.ArrivedFrames);
        foreach (var text in sink.Facts.Select(f => f.Url).Append(end.Sentence).Concat(_log.All))
        {
            Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
            Assert.DoesNotContain(text, char.IsControl);
        }

        return end;
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
        _client.Dispose();
        _log.Dispose();
    }

    private static SourceSettings Settings(IReadOnlyList<Uri> urls, string? username) =>
        TestSettings.Stream("radio", "/nowhere", [.. urls]) with { Username = username, Password = Password };
}
