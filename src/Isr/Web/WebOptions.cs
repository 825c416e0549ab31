using System.Net;
using System.Net.Sockets;
using Isr.Audio.Detection;

namespace Isr.Web;

/// <summary>Where the page is served and what it starts with.</summary>
internal sealed record WebOptions
{
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Everybody who can reach it is let in, as the command line said aloud.</summary>
    public bool NoAuth { get; init; }

    /// <summary>Other computers cannot reach it.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>What makes a section, where nothing else is asked for.</summary>
    public DetectionParameters Detection { get; init; } = DetectionParameters.Default;

    /// <summary>A name that is no address stands for all of this computer's.</summary>
    public IPEndPoint EndPoint => new(
        string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(Host, out var address) ? address
        : IPAddress.IPv6Any,
        Port);

    /// <summary>Why nothing can be served there, as a sentence; null when it can.</summary>
    public string? WhyNotServed()
    {
        try
        {
            using var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (EndPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(EndPoint);
            socket.Listen();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => Taken(),
                SocketError.AccessDenied => $"Port {Port} needs an administrator: choose one above 1023 with --port.",
                SocketError.AddressNotAvailable => $"--host {Host} is no address of this computer.",
                // A computer without IPv6: the server finds its own way.
                _ => null,
            };
        }
    }

    public string Taken() => $"Port {Port} on {Host} is taken: choose another with --port.";
}
