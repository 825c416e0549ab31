using System.Net;
using System.Net.NetworkInformation;
using Isr.Access;

namespace Isr.Web;

/// <summary>
/// The names by which this server may be asked. A page of another site that points its own name at this
/// address (DNS rebinding) is not among them.
/// </summary>
internal sealed class HostNames(AccessOptions options, TimeProvider time)
{
    /// <summary>To ask the system for its addresses takes as long as a hundred requests: for a name that is none of them, no more often than this.</summary>
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _names = new(
        ["localhost", Environment.MachineName, Environment.MachineName + ".local", .. options.Hosts], StringComparer.OrdinalIgnoreCase);
    private volatile Addresses? _own;

    public bool IsOwn(string host)
    {
        if (_names.Contains(host))
        {
            return true;
        }

        if (!IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address))
        {
            return false;
        }

        return IPAddress.IsLoopback(address) || _names.Contains(address.ToString()) || IsOwn(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }

    private bool IsOwn(IPAddress address)
    {
        var own = _own;
        if (own?.All.Contains(address) == true)
        {
            return true;
        }

        if (own is not null && time.GetElapsedTime(own.Asked) < s_refresh)
        {
            return false;
        }

        _own = own = new Addresses(
            [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)], time.GetTimestamp());
        return own.All.Contains(address);
    }

    private sealed record Addresses(HashSet<IPAddress> All, long Asked);
}
