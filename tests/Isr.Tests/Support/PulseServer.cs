using System.Globalization;
using System.Net.Sockets;

namespace Isr.Tests.Support;

/// <summary>
/// A private PulseAudio with one null sink, whose monitor is a capture device that is paced in real time and gives what was
/// fed bit for bit. It has a folder of its own and touches nobody else's.
/// </summary>
internal sealed class PulseServer : IAsyncDisposable
{
    /// <summary>The PCM of <see cref="AlsaConfiguration()"/>.</summary>
    public const string Pcm = "rig";

    private const string Sink = "rig";

    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<Processes> _feeders = [];
    private readonly string _sinkFormat;
    private Processes? _process;

    private PulseServer(string sinkFormat) => _sinkFormat = sinkFormat;

    /// <summary>As ALSA's and PulseAudio's programs take it.</summary>
    public string Server => $"unix:{SocketPath}";

    /// <summary>What programs need that record from it by ALSA: where its configuration is, and no file of the user's.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ALSA_CONFIG_PATH"] = _directory.File("asound.conf"),
        ["PULSE_SERVER"] = Server,
        ["PULSE_COOKIE"] = _directory.File("cookie"),
        ["PULSE_RUNTIME_PATH"] = _directory.File("runtime"),
        ["HOME"] = _directory.File("home"),
        ["DBUS_SESSION_BUS_ADDRESS"] = "none",
    };

    private string SocketPath => _directory.File("native");

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="sampleRate">Of the sink, in Hz.</param>
    /// <param name="channels">Of the sink.</param>
    /// <param name="format">Of the sink, as PulseAudio names it: s16le, s24le, s32le.</param>
    public static async Task<PulseServer> StartAsync(int sampleRate = 48000, int channels = 2, string format = "s16le")
    {
        var server = new PulseServer(string.Create(CultureInfo.InvariantCulture, $"rate={sampleRate} channels={channels} format={format}"));
        try
        {
            Directory.CreateDirectory(server._directory.File("home"));
            await File.WriteAllTextAsync(server._directory.File("asound.conf"), server.AlsaConfiguration());
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>ALSA's own configuration and the sink's monitor as <see cref="Pcm"/>.</summary>
    public string AlsaConfiguration() => $"</usr/share/alsa/alsa.conf>\n{AlsaPcm(Pcm)}";

    /// <summary>The sink's monitor as a PCM of asound.conf.</summary>
    public string AlsaPcm(string name) => $"pcm.{name} {{ type pulse server \"{Server}\" device \"{Sink}.monitor\" }}\n";

    /// <summary>Replaces the configuration that <see cref="Environment"/> names.</summary>
    public void Configure(string asoundConf) => File.WriteAllText(_directory.File("asound.conf"), asoundConf);

    /// <summary>Plays a WAV file into the sink, from now on, once.</summary>
    public Processes Feed(string wavFile) => Add("paplay", ["--device", Sink, wavFile]);

    /// <summary>Plays samples into the sink: 16 bits, little endian.</summary>
    public async Task<Processes> FeedAsync(ReadOnlyMemory<byte> samples, int sampleRate = 48000, int channels = 2)
    {
        var path = _directory.File($"{_feeders.Count}.raw");
        await File.WriteAllBytesAsync(path, samples, TestContext.Current.CancellationToken);
        string[] form = ["--format=s16le", string.Create(CultureInfo.InvariantCulture, $"--rate={sampleRate}"), string.Create(CultureInfo.InvariantCulture, $"--channels={channels}")];
        return Add("pacat", ["--playback", "--raw", "--device", Sink, .. form, path]);
    }

    /// <summary>Freezes it or has it go on.</summary>
    public void Send(Signal signal) => _process!.Signal(signal);

    /// <summary>Kills it and its feeders without a word, and waits until they are gone.</summary>
    public async Task KillAsync()
    {
        foreach (var process in _feeders.Append(_process!))
        {
            await process.DisposeAsync();
        }

        _feeders.Clear();
        _process = null;
    }

    /// <summary>Starts it again, under the same address; what is to be heard must be fed again.</summary>
    public async Task RestartAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        await LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _directory.Dispose();
    }

    private Processes Add(string program, string[] words)
    {
        var feeder = Processes.Start(program, words, environment: Environment);
        _feeders.Add(feeder);
        return feeder;
    }

    private async Task LaunchAsync()
    {
        // The socket comes last: who can connect finds everything else. One that a killed server left would be in the way.
        File.Delete(SocketPath);
        await File.WriteAllTextAsync(
            _directory.File("rig.pa"),
            $"load-module module-null-sink sink_name={Sink} {_sinkFormat}\nload-module module-native-protocol-unix auth-anonymous=1 socket={SocketPath}\n");
        string[] words =
        [
            "-n", "-F", _directory.File("rig.pa"), "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disallow-exit",
            "--realtime=no", "--high-priority=no", "--log-target=stderr",
        ];
        _process = Processes.Start("pulseaudio", words, environment: Environment);
        await Wait.UntilAsync(
            () => _process.HasExited ? throw new InvalidOperationException($"pulseaudio ended: {_process.Errors}") : Answers(),
            s_startTimeout,
            () => $"PulseAudio does not answer: {_process.Errors}");
    }

    private bool Answers()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
