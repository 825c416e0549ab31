using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Isr.Demo;

/// <summary>One connection to the station: its request, its queue, the titles woven into what it gets.</summary>
internal sealed class DemoListener(Socket socket, Func<string> title, TimeProvider time) : IDisposable
{
    private const int TitleInterval = 16_000;
    private const int MaxRequestBytes = 8 * 1024;

    // About 16 s of chunks of 0.1 s, beside what the socket holds.
    private const int QueueChunks = 160;
    private const int SocketBytes = 64 * 1024;

    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromSeconds(10);

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(QueueChunks);
    private bool _wantsTitles;
    private int _untilTitle = TitleInterval;
    private string _told = "";

    /// <summary>What is asked for, and whether with titles; null when this is no request.</summary>
    public async Task<(string Target, bool WantsTitles)?> ReadRequestAsync(CancellationToken cancellationToken)
    {
        // The system's own default would let a listener that reads nothing lag by minutes before it shows.
        socket.SendBufferSize = SocketBytes;
        socket.NoDelay = true;
        using var patience = new CancellationTokenSource(s_requestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var buffer = new byte[MaxRequestBytes];
        for (var length = 0; length < buffer.Length;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length), either.Token);
            if (count == 0)
            {
                return null;
            }

            length += count;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
            {
                return Parse(Encoding.Latin1.GetString(buffer, 0, length));
            }
        }

        return null;
    }

    public async Task RefuseAsync(DemoFormat format, CancellationToken cancellationToken) =>
        await WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.0 404 Not Found\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nThe demo plays at {format.Path} only.\n"), cancellationToken);

    public async Task GreetAsync(DemoFormat format, bool wantsTitles, CancellationToken cancellationToken)
    {
        _wantsTitles = wantsTitles && format.HasTitles;
        var interval = _wantsTitles ? $"icy-metaint:{TitleInterval}\r\n" : "";
        var headers = $"HTTP/1.0 200 OK\r\nServer: isr demo\r\nContent-Type: {format.ContentType}\r\nCache-Control: no-cache, no-store\r\n"
            + $"Connection: close\r\nicy-name:isr demo\r\nicy-genre:demo\r\nicy-pub:0\r\n{(format.HasTitles ? "icy-br:128\r\n" : "")}{interval}\r\n";
        await WriteAsync(Encoding.Latin1.GetBytes(headers), cancellationToken);
    }

    /// <summary>Queues a chunk. False when the queue is full: the listener is cut off then.</summary>
    public bool TryGive(byte[] chunk)
    {
        if (_queue.Writer.TryWrite(chunk))
        {
            return true;
        }

        End();
        socket.Dispose();
        return false;
    }

    /// <summary>Nothing comes after what is queued.</summary>
    public void End() => _queue.Writer.TryComplete();

    /// <summary>Sends what is given, until <see cref="End"/>.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        await foreach (var chunk in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            await WriteAsync(_wantsTitles ? WithTitles(chunk) : chunk, cancellationToken);
        }

        socket.Shutdown(SocketShutdown.Both);
    }

    public void Dispose() => socket.Dispose();

    private static (string, bool)? Parse(string request)
    {
        var lines = request.Split("\r\n");
        if (lines[0].Split(' ') is not ["GET", var target, ..])
        {
            return null;
        }

        var wantsTitles = lines.Any(l => l.Split(':') is [var name, var value]
            && name.Equals("Icy-MetaData", StringComparison.OrdinalIgnoreCase) && value.Trim() is "1");
        return (target, wantsTitles);
    }

    private byte[] WithTitles(ReadOnlySpan<byte> audio)
    {
        var output = new List<byte>(audio.Length + 256);
        while (audio.Length >= _untilTitle)
        {
            output.AddRange(audio[.._untilTitle]);
            audio = audio[_untilTitle..];
            _untilTitle = TitleInterval;
            AddTitle(output);
        }

        output.AddRange(audio);
        _untilTitle -= audio.Length;
        return [.. output];
    }

    /// <summary>A length in units of 16 bytes, then the text, padded with zeros; a lone 0 when nothing has changed.</summary>
    private void AddTitle(List<byte> output)
    {
        var now = title();
        if (string.Equals(now, _told, StringComparison.Ordinal))
        {
            output.Add(0);
            return;
        }

        _told = now;
        var text = Encoding.UTF8.GetBytes($"StreamTitle='{now}';");
        var units = Math.Min((text.Length + 15) / 16, 255);
        output.Add((byte)units);
        var end = output.Count + units * 16;
        output.AddRange(text.AsSpan(0, Math.Min(text.Length, units * 16)));
        output.AddRange(new byte[end - output.Count]);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
        }
    }
}
