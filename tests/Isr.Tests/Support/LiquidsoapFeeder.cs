namespace Isr.Tests.Support;

/// <summary>A real liquidsoap that feeds several mounts; each new title begins a new logical stream where the mount is Ogg.</summary>
internal sealed class LiquidsoapFeeder : IAsyncDisposable
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private Processes? _process;

    private LiquidsoapFeeder()
    {
    }

    /// <summary>Starts it and waits until its mounts are live.</summary>
    /// <param name="icecast">Where the mounts are.</param>
    /// <param name="titleSeconds">A new title every so often.</param>
    /// <param name="mounts">Their paths, and their encoders as liquidsoap's language has them.</param>
    public static async Task<LiquidsoapFeeder> StartAsync(IcecastServer icecast, int titleSeconds, params (string Mount, string Encoder)[] mounts)
    {
        var feeder = new LiquidsoapFeeder();
        try
        {
            await feeder.LaunchAsync(icecast, titleSeconds, mounts);
            return feeder;
        }
        catch
        {
            await feeder.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task LaunchAsync(IcecastServer icecast, int titleSeconds, (string Mount, string Encoder)[] mounts)
    {
        var sound = _directory.File("sound.wav");
        await File.WriteAllBytesAsync(sound, await TestAudio.CodedAsync("wav"), TestContext.Current.CancellationToken);
        var outputs = mounts.Select(m =>
            $"output.icecast({m.Encoder}, host=\"127.0.0.1\", port={icecast.Port}, password=\"{IcecastServer.Password}\", mount=\"{m.Mount.TrimStart('/')}\", s)\n");

        // Noise on top, since the sound comes round again.
        var script = $$"""
            settings.init.allow_root.set(true)
            settings.log.stdout.set(true)
            settings.log.file.set(false)
            s = mksafe(add([single("{{sound}}"), amplify(0.05, noise())]))
            s = insert_metadata(s)
            n = ref(0)
            thread.run(every={{titleSeconds}}., {begin n := !n + 1
              s.insert_metadata([("title","song #{!n}"),("artist","lq")]) end})
            {{string.Concat(outputs)}}
            """;
        var path = _directory.File("feed.liq");
        await File.WriteAllTextAsync(path, script, TestContext.Current.CancellationToken);
        _process = Processes.Start("liquidsoap", [path]);
        foreach (var (mount, _) in mounts)
        {
            await Wait.UntilAsync(
                async () => _process.HasExited ? throw new InvalidOperationException($"liquidsoap ended: {_process.Text}{_process.Errors}") : await icecast.IsLiveAsync(mount),
                s_startTimeout,
                () => $"{mount} did not go live: {_process.Text}");
        }
    }
}
