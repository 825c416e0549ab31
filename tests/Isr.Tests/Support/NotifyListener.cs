using System.Net.Sockets;
using System.Text;

namespace Isr.Tests.Support;

/// <summary>Listens as systemd does behind NOTIFY_SOCKET, and keeps every datagram.</summary>
internal sealed class NotifyListener : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Lock _gate = new();
    private readonly List<string> _messages = [];
    private readonly Task _reading;

    /// <param name="name">A path, or @ and the name of an abstract socket.</param>
    public NotifyListener(string name)
    {
        Name = name;
        _socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? "\0" + name[1..] : name));
        _reading = ReadAsync();
    }

    /// <summary>What NOTIFY_SOCKET is to say.</summary>
    public string Name { get; }

    /// <summary>All datagrams so far.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>How many of them hold this line.</summary>
    public int Count(string line) => Messages.Count(message => message.Split('\n').Contains(line, StringComparer.Ordinal));

    public Task UntilAsync(string line, int times = 1) => Wait.UntilAsync(
        () => Count(line) >= times, TimeSpan.FromSeconds(20), () => $"{line} has come {Count(line)} times: {string.Join(" | ", Messages)}");

    public void Dispose()
    {
        _socket.Dispose();
        _reading.Wait();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer);
                lock (_gate)
                {
                    _messages.Add(Encoding.UTF8.GetString(buffer, 0, length));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
