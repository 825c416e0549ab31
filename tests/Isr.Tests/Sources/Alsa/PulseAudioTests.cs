using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Alsa;

public sealed class PulseAudioTests : IDisposable
{
    private static readonly string[] s_words =
        ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disallow-exit", "--realtime=no", "--high-priority=no", "-F"];

    private readonly TemporaryDirectory _folder = new();

    private string Socket => _folder.File("native");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_server_that_dies_is_heard_again_when_it_is_back()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/pulseaudio"), "PulseAudio is not installed (package pulseaudio)");
        await AlsaRig.DefineAsync($"pcm.isrpulse {{ type pulse server \"unix:{Socket}\" device \"rig.monitor\" }}");
        await File.WriteAllTextAsync(
            _folder.File("rig.pa"),
            $"""
            load-module module-native-protocol-unix auth-anonymous=1 socket={Socket}
            load-module module-null-sink sink_name=rig rate=48000 channels=2

            """,
            TestContext.Current.CancellationToken);

        await using var run = new AlsaRun(TestSettings.Soundcard("mic", "isrpulse"), isCounted: false).Supervise();
        await run.EndsAsync(EndCause.Unreachable, "isrpulse cannot be opened: connection refused");
        await using (var server = Start())
        {
            await run.HearsAsync(1);
            server.Kill();
            await run.EndsAsync(EndCause.Broken, "isrpulse failed: input/output error");
        }

        await using var second = Start();
        await run.HearsAsync(1, connection: 2);
        await run.StopAsync();

        Assert.Equal(0, run.Monitor.Current.Overruns);
    }

    private Processes Start()
    {
        // It does not replace the socket of one that was killed.
        File.Delete(Socket);
        return Processes.Start(
            "/usr/bin/pulseaudio", [.. s_words, _folder.File("rig.pa")],
            environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _folder.Path, ["PULSE_RUNTIME_PATH"] = _folder.Path, ["DBUS_SESSION_BUS_ADDRESS"] = "none" });
    }
}
