namespace Isr.Tests.Support;

/// <summary>A real ffmpeg that feeds a mount in real time.</summary>
internal sealed class IcecastFeeder : IAsyncDisposable
{
    private readonly Processes _process;

    private IcecastFeeder(Processes process) => _process = process;

    public bool HasEnded => _process.HasExited;

    /// <summary>What it complained of.</summary>
    public string Errors => _process.Errors;

    public static IcecastFeeder Start(string target, string format, int kilobits, int seed)
    {
        var type = format switch
        {
            "mp3" or "mono48" or "vbr" => "audio/mpeg",
            "adts" => "audio/aac",
            "flac" => "audio/flac",
            _ => "audio/ogg",
        };
        string[] input = ["-nostdin", "-hide_banner", "-v", "warning", "-re", "-f", "lavfi", "-i", TestAudio.Graph(seed)];
        return new IcecastFeeder(Processes.Start("ffmpeg", [.. input, .. TestAudio.Codec(format, kilobits), "-content_type", type, target]));
    }

    /// <summary>The source dies.</summary>
    public void Kill() => _process.Kill();

    /// <summary>The source freezes: connected, and silent. Returns when it does nothing more.</summary>
    public async Task FreezeAsync()
    {
        _process.Signal(Signal.Stop);
        await Wait.UntilAsync(() => _process.State == 'T', TimeSpan.FromSeconds(10), () => $"the feeder is in state {_process.State}");
    }

    /// <summary>The source goes on after <see cref="FreezeAsync"/>, making up for the time.</summary>
    public void Thaw() => _process.Signal(Signal.Continue);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
