using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security;
using System.Text;

namespace Isr.Tests.Support;

/// <summary>What is special about one mount.</summary>
/// <param name="Path">As in the URL.</param>
internal sealed record IcecastMount(string Path)
{
    /// <summary>Bytes that a new listener gets at once.</summary>
    public int? BurstBytes { get; init; }

    public int? MaxListeners { get; init; }

    /// <summary>The mount that listeners are moved to while this one has no source.</summary>
    public string? Fallback { get; init; }

    public TimeSpan? MaxListenerDuration { get; init; }

    /// <summary>How titles are coded on the wire; Latin-1 for MP3 and AAC when left out.</summary>
    public string? Charset { get; init; }

    /// <summary>Listeners need <see cref="OddServers.UserName"/> and <see cref="OddServers.Password"/>.</summary>
    public bool NeedsPassword { get; init; }
}

/// <summary>A real Icecast on a free port of loopback, with its own configuration in its own folder.</summary>
internal sealed class IcecastServer : IAsyncDisposable
{
    /// <summary>Of sources and of the administrator.</summary>
    public const string Password = "hackme";


    // MD5 of OddServers.Password: the only hash that Icecast 2.4 reads.
    private const string ListenerHash = "5ebe2294ecd0e0f08eab7690d2a6ee69";
    private const int StartAttempts = 3;

    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(10);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<IcecastFeeder> _feeders = [];
    private readonly HttpClient _admin = new();
    private Processes? _process;

    private IcecastServer() => _admin.DefaultRequestHeaders.Authorization =
        new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));

    public int Port { get; private set; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="sourceTimeout">After how long a silent source is thrown out; 10 s when left out.</param>
    /// <param name="mounts">Mounts that are special; all others need not be named.</param>
    public static async Task<IcecastServer> StartAsync(TimeSpan? sourceTimeout = null, params IcecastMount[] mounts)
    {
        var server = new IcecastServer();
        try
        {
            await server.StartAsync((int)(sourceTimeout ?? TimeSpan.FromSeconds(10)).TotalSeconds, mounts);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Uri Url(string path) => new($"http://127.0.0.1:{Port}{path}");

    /// <summary>Starts a feeder and waits until its mount is live.</summary>
    /// <param name="mount">The path of the mount.</param>
    /// <param name="format">A format of <see cref="TestAudio.Codec"/>.</param>
    /// <param name="kilobits">Bit rate, where the format has one.</param>
    /// <param name="seed">Of the sound: another seed, other frames.</param>
    public async Task<IcecastFeeder> FeedAsync(string mount, string format = "mp3", int kilobits = 128, int seed = 1)
    {
        for (var attempt = 1; ; attempt++)
        {
            var feeder = IcecastFeeder.Start($"icecast://source:{Password}@127.0.0.1:{Port}{mount}", format, kilobits, seed);
            _feeders.Add(feeder);
            try
            {
                await Wait.UntilAsync(
                    async () => feeder.HasEnded ? throw new InvalidOperationException($"The feeder of {mount} ended: {feeder.Errors}") : await IsLiveAsync(mount),
                    s_startTimeout,
                    () => $"{mount} did not go live: {feeder.Errors}");
                return feeder;
            }
            catch (Exception e) when (e is HttpRequestException or InvalidOperationException && _process is { HasExited: true } && _feeders.Count == 1 && attempt < StartAttempts)
            {
                // Of a source that is just coming, Icecast 2.4.4 may die of this question, too. Nobody else has lost anything yet.
                _feeders.Remove(feeder);
                await feeder.DisposeAsync();
                await RestartAsync();
            }
        }
    }

    /// <summary>Whether a mount has a source.</summary>
    public async Task<bool> IsLiveAsync(string mount)
    {
        try
        {
            // Not status-json.xsl: of a source that is just coming, Icecast 2.4.4 may die of it.
            var mounts = await _admin.GetStringAsync(Url("/admin/listmounts"), TestContext.Current.CancellationToken);
            return mounts.Contains($"mount=\"{mount}\"", StringComparison.Ordinal);
        }
        catch (HttpRequestException) when (_process is { HasExited: false })
        {
            // Icecast resets some connections under load.
            return false;
        }
    }

    /// <summary>Sets the title of an MP3, AAC or Vorbis mount.</summary>
    public async Task SetTitleAsync(string mount, string title) => Assert.True(await TrySetTitleAsync(mount, title), $"{mount} took no title.");

    /// <summary>Sets the title of a mount that may be of a kind for which Icecast cannot do it.</summary>
    public async Task<bool> TrySetTitleAsync(string mount, string title)
    {
        var url = Url($"/admin/metadata?mount={Uri.EscapeDataString(mount)}&mode=updinfo&charset=UTF-8&song={Uri.EscapeDataString(title)}");
        using var answer = await _admin.GetAsync(url, TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Kills it, feeders and all, without a word.</summary>
    public void Kill() => _process?.Kill();

    /// <summary>Starts it again after <see cref="Kill"/>, on the same port and with the same mounts.</summary>
    public async Task RestartAsync()
    {
        await _process!.DisposeAsync();
        _process = Launch();
        await Wait.UntilAsync(AnswersAsync, s_startTimeout, () => $"Icecast does not answer: {_process.Errors}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var feeder in _feeders)
        {
            await feeder.DisposeAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _admin.Dispose();
        _directory.Dispose();
    }

    private async Task StartAsync(int sourceTimeoutSeconds, IcecastMount[] mounts)
    {
        // The account that Icecast runs as must get at the folder, and write logs into it.
        Debug.Assert(!OperatingSystem.IsWindows(), "Icecast is tested on Linux.");
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0b111_111_111);
        await File.WriteAllTextAsync(_directory.File("listeners"), $"{OddServers.UserName}:{ListenerHash}\n");
        for (var attempt = 1; ; attempt++)
        {
            // Another program may take the port before Icecast does: then there is another.
            Port = FreePort();
            await File.WriteAllTextAsync(_directory.File("icecast.xml"), Configuration(sourceTimeoutSeconds, mounts));
            _process = Launch();
            await Wait.UntilAsync(async () => _process.HasExited || await AnswersAsync(), s_startTimeout, () => $"Icecast does not answer: {_process.Errors}");
            if (!_process.HasExited)
            {
                return;
            }

            var result = await _process.WaitAsync(TestContext.Current.CancellationToken);
            Assert.True(attempt < StartAttempts, $"icecast2 ended with {result.ExitCode}: {result.All}");
            await _process.DisposeAsync();
        }
    }

    private Processes Launch() => Processes.Start("icecast2", ["-c", _directory.File("icecast.xml")], user: "icecast2:icecast");

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _admin.GetAsync(Url("/admin/listmounts"), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>
    /// None of those that the system gives to outgoing connections: one of these would take the port while the server is
    /// down for a moment.
    /// </summary>
    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(20_000, 30_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }

    private string Configuration(int sourceTimeoutSeconds, IcecastMount[] mounts) =>
        $"""
        <icecast>
          <location>test</location><admin>test@localhost</admin><hostname>127.0.0.1</hostname>
          <limits><clients>500</clients><sources>50</sources><queue-size>1048576</queue-size>
            <client-timeout>30</client-timeout><header-timeout>15</header-timeout><source-timeout>{sourceTimeoutSeconds}</source-timeout>
            <burst-on-connect>1</burst-on-connect><burst-size>65535</burst-size></limits>
          <authentication><source-password>{Password}</source-password><relay-password>{Password}</relay-password>
            <admin-user>admin</admin-user><admin-password>{Password}</admin-password></authentication>
          <listen-socket><port>{Port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
          {string.Concat(mounts.Select(Describe))}
          <fileserve>1</fileserve>
          <paths><logdir>{_directory.Path}</logdir><webroot>/usr/share/icecast2/web</webroot>
            <adminroot>/usr/share/icecast2/admin</adminroot><alias source="/" destination="/status.xsl"/></paths>
          <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>3</loglevel></logging>
        </icecast>
        """;

    private string Describe(IcecastMount mount)
    {
        var xml = new StringBuilder($"<mount><mount-name>{SecurityElement.Escape(mount.Path)}</mount-name>");
        if (mount.NeedsPassword)
        {
            xml.Append($"<authentication type=\"htpasswd\"><option name=\"filename\" value=\"{_directory.File("listeners")}\"/>");
            xml.Append("<option name=\"allow_duplicate_users\" value=\"1\"/></authentication>");
        }

        if (mount.Fallback is { } fallback)
        {
            xml.Append($"<fallback-mount>{SecurityElement.Escape(fallback)}</fallback-mount><fallback-override>1</fallback-override>");
        }

        if (mount.MaxListenerDuration is { } duration)
        {
            xml.Append($"<max-listener-duration>{(int)duration.TotalSeconds}</max-listener-duration>");
        }

        xml.Append(mount.BurstBytes is { } burst ? $"<burst-size>{burst}</burst-size>" : "");
        xml.Append(mount.MaxListeners is { } listeners ? $"<max-listeners>{listeners}</max-listeners>" : "");
        xml.Append(mount.Charset is { } charset ? $"<charset>{SecurityElement.Escape(charset)}</charset>" : "");
        return xml.Append("</mount>").ToString();
    }
}
