using System.Net.Sockets;
using System.Text;

namespace Isr.Tests.Support;

/// <summary>
/// Listens to a mount by itself, byte for byte and with the time of every arrival: what a recording is held
/// against. It asks over HTTP/1.0, without titles unless told to.
/// </summary>
internal sealed class RawTap : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly MemoryStream _body = new();
    private readonly List<TapArrival> _arrivals = [];
    private Task _reading = Task.CompletedTask;
    private bool _isDisposed;

    private RawTap(TimeProvider time) => _time = time;

    /// <summary>The status line and the headers, as sent.</summary>
    public string Head { get; private set; } = "";

    /// <summary>Ends when the server has closed the connection, in order or not.</summary>
    public Task Ended => _reading;

    public long Length
    {
        get
        {
            lock (_gate)
            {
                return _body.Length;
            }
        }
    }

    /// <summary>The body so far.</summary>
    public byte[] Body
    {
        get
        {
            lock (_gate)
            {
                return _body.ToArray();
            }
        }
    }

    /// <summary>When how much of the body had come.</summary>
    public IReadOnlyList<TapArrival> Arrivals
    {
        get
        {
            lock (_gate)
            {
                return [.. _arrivals];
            }
        }
    }

    /// <summary>Connects, and returns when the answer's headers are there.</summary>
    public static async Task<RawTap> StartAsync(Uri url, TimeProvider? time = null, params string[] headers)
    {
        var tap = new RawTap(time ?? TimeProvider.System);
        try
        {
            await tap.ConnectAsync(url, headers);
            return tap;
        }
        catch
        {
            await tap.DisposeAsync();
            throw;
        }
    }

    public Task WaitForBytesAsync(long count, TimeSpan timeout) =>
        Wait.UntilAsync(() => Length >= count, timeout, () => $"{Length} bytes came, not {count}; ended: {Ended.IsCompleted}");

    /// <summary>Ends it; what it heard is kept. May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stopping.CancelAsync();
        await _reading;
        _socket.Dispose();
        _body.Dispose();
        _stopping.Dispose();
    }

    private async Task ConnectAsync(Uri url, string[] headers)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await _socket.ConnectAsync(url.Host, url.Port, cancellationToken);
        var request = $"GET {url.PathAndQuery} HTTP/1.0\r\nHost: {url.Authority}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n";
        await _socket.SendAsync(Encoding.Latin1.GetBytes(request), cancellationToken);

        var buffer = new byte[512 * 1024];
        for (var length = 0; ;)
        {
            var count = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            Assert.True(count > 0, $"{url} closed before its headers ended: {Encoding.Latin1.GetString(buffer, 0, length)}");
            length += count;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                Head = Encoding.Latin1.GetString(buffer, 0, end);
                Take(buffer.AsSpan(end + 4, length - end - 4));
                break;
            }
        }

        _reading = ReadAsync(buffer);
    }

    private async Task ReadAsync(byte[] buffer)
    {
        try
        {
            while (await _socket.ReceiveAsync(buffer, _stopping.Token) is > 0 and var count)
            {
                Take(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Stopped, or reset by the server: an end as any other here.
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _body.Write(bytes);
            _arrivals.Add(new TapArrival(_time.GetTimestamp(), _body.Length));
        }
    }
}

/// <summary>That many bytes of the body had come by then.</summary>
/// <param name="Timestamp">Of the tap's clock.</param>
/// <param name="Length">All bytes since the start of the body.</param>
internal readonly record struct TapArrival(long Timestamp, long Length);
