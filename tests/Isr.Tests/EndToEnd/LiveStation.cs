using Isr.Tests.Support;

[assembly: AssemblyFixture(typeof(Isr.Tests.EndToEnd.LiveStation))]

namespace Isr.Tests.EndToEnd;

/// <summary>One Icecast with one live mount, for all tests that only listen; it starts with the first of them.</summary>
public sealed class LiveStation : IAsyncDisposable
{
    private readonly Lazy<Task<IcecastServer>> _icecast = new(StartAsync);

    public async Task<Uri> UrlAsync() => (await _icecast.Value).Url("/live.mp3");

    public async ValueTask DisposeAsync()
    {
        if (_icecast.IsValueCreated)
        {
            await (await _icecast.Value).DisposeAsync();
        }
    }

    private static async Task<IcecastServer> StartAsync()
    {
        var icecast = await IcecastServer.StartAsync();
        await icecast.FeedAsync("/live.mp3");
        return icecast;
    }
}
