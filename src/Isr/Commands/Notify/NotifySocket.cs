using System.Net.Sockets;
using System.Text;

namespace Isr.Commands.Notify;

/// <summary>
/// Where systemd, or whoever speaks as it does, listens: datagrams of lines KEY=VALUE to a UNIX socket, sd_notify(3).
/// </summary>
internal sealed class NotifySocket : IDisposable
{
    public const string Variable = "NOTIFY_SOCKET";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    private readonly UnixDomainSocketEndPoint _address;

    private NotifySocket(UnixDomainSocketEndPoint address) => _address = address;

    /// <summary>Understands what NOTIFY_SOCKET says: a path, or the name of an abstract socket after an @.</summary>
    /// <returns>Null where it is something else, as the sentence then says.</returns>
    public static NotifySocket? TryOpen(string text, out string sentence)
    {
        sentence = "";
        if (text is ['/' or '@', _, ..])
        {
            try
            {
                // The kernel's mark of an abstract name is a zero byte, unix(7).
                return new NotifySocket(new UnixDomainSocketEndPoint(text[0] == '@' ? "\0" + text[1..] : text));
            }
            catch (ArgumentException)
            {
                // Longer than sockaddr_un has room for.
            }
        }

        sentence = $"{Variable} is \"{text}\", which is neither a path nor @NAME of at most 107 bytes: nobody is told how isr is.";
        return null;
    }

    /// <summary>Sends it, never waiting: who listens may be busy, and the next one says the same.</summary>
    /// <returns>What the kernel said against it; null when it was taken.</returns>
    public string? Send(string message)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(message), _address);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }

    public void Dispose() => _socket.Dispose();
}
