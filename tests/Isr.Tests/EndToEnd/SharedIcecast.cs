using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedIcecast))]

namespace Isr.Tests.EndToEnd;

/// <summary>One Icecast for all tests that do not mistreat it, started when the first of them asks.</summary>
public sealed class SharedIcecast : IAsyncLifetime
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly HashSet<string> _mounts = new(StringComparer.Ordinal);
    private IcecastServer? _server;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>The address of a mount that plays as long as the tests run.</summary>
    internal async Task<Uri> MountAsync(string path, string format = "mp3", int kilobits = 128, int seed = 1)
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _server ??= await IcecastServer.StartAsync();
            if (_mounts.Add(path))
            {
                await _server.FeedAsync(path, format, kilobits, seed);
            }

            return _server.Url(path);
        }
        finally
        {
            _gate.Release();
        }
    }
}
