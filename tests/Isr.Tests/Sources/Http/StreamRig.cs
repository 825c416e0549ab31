using Isr.Configuration;
using Isr.Sources;
using Isr.Sources.Http;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Http;

/// <summary>A fault server, and the real parts that connect to it.</summary>
internal sealed class StreamRig : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly StreamClient _client;
    private readonly ConnectionWatch _watch;

    private StreamRig(TimeProvider time)
    {
        _client = new StreamClient(time);
        _watch = new ConnectionWatch(time);
    }

    public FaultServer Server { get; } = new();

    /// <summary>What the sources logged.</summary>
    public CollectedLog<StreamSource> Log { get; } = new();

    /// <summary>By which a backup's source looks whether the main address is back.</summary>
    public TimeProvider Retries { get; set; } = TimeProvider.System;

    public string? Username { get; init; }

    public string Password { get; init; } = "";

    public SourceFormat Format { get; init; } = SourceFormat.Auto;

    public static async Task<StreamRig> StartAsync(
        TimeProvider? time = null, string? username = null, string password = "", SourceFormat format = SourceFormat.Auto)
    {
        var rig = new StreamRig(time ?? TimeProvider.System) { Username = username, Password = password, Format = format };
        await rig._watch.StartAsync(TestContext.Current.CancellationToken);
        return rig;
    }

    public StreamSource Source(params Uri[] urls) => new(
        TestSettings.Stream("radio", "/nowhere", urls) with { Username = Username, Password = Password, Format = Format },
        _client,
        _watch,
        Retries,
        Log);

    /// <summary>Connects to a path of the server, until the sink has enough or the connection ends.</summary>
    public Task<ConnectionEnd> RunAsync(string path, CollectingSink sink) => RunAsync(sink, Server.Url(path));

    public async Task<ConnectionEnd> RunAsync(CollectingSink sink, params Uri[] urls) =>
        await Source(urls).RunAsync(sink, sink.Enough).WaitAsync(s_patience, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
        _client.Dispose();
        await Server.DisposeAsync();
    }
}
