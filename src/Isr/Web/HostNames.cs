using System.Net;
using System.Net.NetworkInformation;

namespace Isr.Web;

/// <summary>
/// The names by which this server may be asked. A page of another site that points its own name at this
/// address (DNS rebinding) is not among them.
/// </summary>
internal static class HostNames
{
    public static bool IsOwn(string host)
    {
        host = host.Trim('[', ']');
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || string.Equals(host, Environment.MachineName, StringComparison.OrdinalIgnoreCase)
            || string.Equals(host, Environment.MachineName + ".local", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return IPAddress.TryParse(host, out var address) && (IPAddress.IsLoopback(address) || OwnAddresses().Contains(address));
    }

    private static HashSet<IPAddress> OwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)];
}
