using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>One Icecast with one live mount, for all tests of a class.</summary>
public sealed class LiveStation : IAsyncLifetime
{
    private IcecastServer? _icecast;

    public Uri Url => _icecast!.Url("/live.mp3");

    public async ValueTask InitializeAsync()
    {
        _icecast = await IcecastServer.StartAsync();
        await _icecast.FeedAsync("/live.mp3");
    }

    public ValueTask DisposeAsync() => _icecast?.DisposeAsync() ?? default;
}
