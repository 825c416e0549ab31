using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Isr.Tests.Support;

/// <summary>
/// One client of a <see cref="FaultServer"/>, in the hands of a script. When the script returns, the connection
/// is closed in order.
/// </summary>
internal sealed class FaultConnection(FaultServer server, Socket socket, CancellationToken stopping) : IAsyncDisposable
{
    private const int MaxRequestBytes = 64 * 1024;

    private bool _chunked;
    private int _icyInterval;
    private int _untilTitle;
    private Func<string> _title = () => "";
    private string _told = "";
    private bool _isOver;

    public FaultRequest Request { get; private set; } = null!;

    public FaultServer Server => server;

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, stopping)..];
        }
    }

    /// <summary>Sends text as Latin-1, as it is.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends a status line and headers, and the empty line after them.</summary>
    public Task SendHeadersAsync(string status, params string[] headers) =>
        SendAsync(string.Concat(headers.Prepend(status).Select(l => l + "\r\n")) + "\r\n");

    /// <summary>From now on <see cref="SendBodyAsync"/> wraps what it sends into chunks of HTTP/1.1.</summary>
    public void UseChunks() => _chunked = true;

    /// <summary>
    /// From now on <see cref="SendBodyAsync"/> puts a metadata block after every <paramref name="interval"/> bytes.
    /// The title goes between quotes as it is; a block is empty when it has not changed.
    /// </summary>
    public void UseIcy(int interval, Func<string> title)
    {
        _icyInterval = interval;
        _untilTitle = interval;
        _title = title;
    }

    /// <summary>Sends a part of the body.</summary>
    public async Task SendBodyAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_icyInterval > 0)
        {
            bytes = WithTitles(bytes.Span);
        }

        if (!_chunked)
        {
            await SendAsync(bytes);
        }
        else if (bytes.Length > 0)
        {
            byte[] chunk = [.. Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), .. bytes.Span, (byte)'\r', (byte)'\n'];
            await SendAsync(chunk);
        }
    }

    /// <summary>The chunk that says that the body is complete.</summary>
    public Task EndChunksAsync() => SendAsync("0\r\n\r\n");

    /// <summary>Sends frames as they sound, in real time, the first <paramref name="burstSeconds"/> of them at once.</summary>
    public async Task SendFramesAsync(IEnumerable<ReadOnlyMemory<byte>> frames, TimeSpan perFrame, double burstSeconds = 0)
    {
        var started = Stopwatch.GetTimestamp();
        var sound = TimeSpan.FromSeconds(-burstSeconds);
        foreach (var frame in frames)
        {
            var early = sound - Stopwatch.GetElapsedTime(started);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, TimeProvider.System, stopping);
            }

            await SendBodyAsync(frame);
            sound += perFrame;
        }
    }

    /// <summary>
    /// Sends what the server plays now, after a burst of what it has just played; whoever comes back later hears
    /// what is on then. It goes round after <see cref="TestAudio.Seconds"/>.
    /// </summary>
    /// <param name="stream">The programme.</param>
    /// <param name="burstSeconds">Sent at once; at most 4.</param>
    /// <param name="lasts">Real time after which to return; null to go on for ever.</param>
    public Task SendLiveAsync(TestStream stream, double burstSeconds = 2, TimeSpan? lasts = null)
    {
        var burst = (int)(burstSeconds / stream.PerFrame.TotalSeconds);
        var now = (int)((server.Uptime + TimeSpan.FromSeconds(4)) / stream.PerFrame);
        var count = lasts is { } limit ? burst + (int)(limit / stream.PerFrame) : int.MaxValue;
        var frames = Enumerable.Range(0, count).Select(i => stream.Frames[(now - burst + i) % stream.Frames.Count]);
        return SendFramesAsync(frames, stream.PerFrame, burstSeconds);
    }

    /// <summary>Cuts the connection with a reset: the client's read fails.</summary>
    public Task ResetAsync()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
        _isOver = true;
        return Task.CompletedTask;
    }

    /// <summary>Ends the connection in order: the client reads to the end.</summary>
    public Task CloseAsync()
    {
        if (!_isOver)
        {
            socket.Shutdown(SocketShutdown.Send);
            socket.Dispose();
            _isOver = true;
        }

        return Task.CompletedTask;
    }

    /// <summary>Says nothing more, until the client leaves or the test ends.</summary>
    public async Task HangAsync()
    {
        while (await socket.ReceiveAsync(new byte[256], stopping) > 0)
        {
        }
    }

    public async Task<FaultRequest?> ReadRequestAsync()
    {
        socket.NoDelay = true;
        var buffer = new byte[MaxRequestBytes];
        for (var length = 0; length < buffer.Length;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length), stopping);
            if (count == 0)
            {
                return null;
            }

            length += count;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                return Request = Parse(Encoding.Latin1.GetString(buffer, 0, end));
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync();
        }
        catch (SocketException)
        {
            // The client was quicker.
            socket.Dispose();
        }
    }

    private static FaultRequest Parse(string text)
    {
        var lines = text.Split("\r\n");
        var words = lines[0].Split(' ');
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..Math.Max(colon, 0)]] = line[(colon + 1)..].Trim();
        }

        return new FaultRequest(words[0], words.ElementAtOrDefault(1) ?? "", headers);
    }

    private byte[] WithTitles(ReadOnlySpan<byte> audio)
    {
        var output = new List<byte>(audio.Length + 256);
        while (audio.Length >= _untilTitle)
        {
            output.AddRange(audio[.._untilTitle]);
            audio = audio[_untilTitle..];
            _untilTitle = _icyInterval;
            output.AddRange(TitleBlock());
        }

        output.AddRange(audio);
        _untilTitle -= audio.Length;
        return [.. output];
    }

    private byte[] TitleBlock()
    {
        var now = _title();
        if (now.Equals(_told, StringComparison.Ordinal))
        {
            return [0];
        }

        _told = now;
        var text = Encoding.UTF8.GetBytes($"StreamTitle='{now}';StreamUrl='';");
        var units = (text.Length + 15) / 16;
        return [(byte)units, .. text, .. new byte[units * 16 - text.Length]];
    }
}
