using System.Net;
using System.Net.Sockets;

namespace Isr.Access.SignIn;

/// <summary>
/// How often passwords may be tried. The first few failures of an address are free; then each makes the next wait longer. The
/// same for all together, so that many addresses are not many times as fast. This computer itself is not kept out by others.
/// </summary>
internal sealed class SignInLimit(TimeProvider time)
{
    private const int FreeOfOne = 3;
    private const int FreeOfAll = 30;
    private const int MaxAddresses = 4096;

    private static readonly TimeSpan s_firstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestOfOne = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_longestOfAll = TimeSpan.FromSeconds(10);

    /// <summary>After so long without a failure, all is forgotten.</summary>
    private static readonly TimeSpan s_memory = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Failures> _failures = [];
    private Failures _all;

    /// <summary>Addresses that it keeps failures of.</summary>
    internal int Remembered
    {
        get
        {
            lock (_gate)
            {
                return _failures.Count;
            }
        }
    }

    /// <summary>Counts an attempt, which is a failure until <see cref="Succeed"/>: so many at once cannot slip through together.</summary>
    /// <param name="address">Null is unknown.</param>
    /// <param name="wait">How long until the next attempt is heard, when this one is not.</param>
    public bool TryBegin(IPAddress? address, out TimeSpan wait)
    {
        var key = KeyOf(address);
        var now = time.GetTimestamp();
        lock (_gate)
        {
            var one = Recent(_failures.GetValueOrDefault(key), now);
            _all = Recent(_all, now);
            wait = Remaining(one, now);
            if (!IPAddress.IsLoopback(key))
            {
                wait = TimeSpan.FromTicks(Math.Max(wait.Ticks, Remaining(_all, now).Ticks));
            }

            if (wait > TimeSpan.Zero)
            {
                return false;
            }

            if (_failures.Count >= MaxAddresses && !_failures.ContainsKey(key))
            {
                MakeRoom();
            }

            _failures[key] = one.Next(now, FreeOfOne, s_longestOfOne);
            _all = _all.Next(now, FreeOfAll, s_longestOfAll);
            return true;
        }
    }

    /// <param name="address">Null is unknown.</param>
    /// <param name="forgets">
    /// What failed before is forgotten. Otherwise only this attempt is: who knows one password must not try the other by turns with it.
    /// </param>
    public void Succeed(IPAddress? address, bool forgets)
    {
        lock (_gate)
        {
            var key = KeyOf(address);
            if (forgets || !_failures.TryGetValue(key, out var failures) || failures.Count <= 1)
            {
                _failures.Remove(key);
            }
            else
            {
                _failures[key] = failures with { Count = failures.Count - 1, Delay = TimeSpan.Zero };
            }

            _all = _all with { Count = Math.Max(0, _all.Count - 1), Delay = TimeSpan.Zero };
        }
    }

    /// <summary>Of IPv6 the network, of which one subscriber has all addresses; all of 127.0.0.0/8 is this computer.</summary>
    internal static IPAddress KeyOf(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(address))
        {
            return IPAddress.Loopback;
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private Failures Recent(Failures failures, long now) => time.GetElapsedTime(failures.Last, now) > s_memory ? default : failures;

    private TimeSpan Remaining(Failures failures, long now) =>
        failures.Count == 0 ? TimeSpan.Zero : failures.Delay - time.GetElapsedTime(failures.Last, now);

    private void MakeRoom()
    {
        foreach (var old in _failures.OrderBy(pair => pair.Value.Last).Take(MaxAddresses / 4).Select(pair => pair.Key).ToList())
        {
            _failures.Remove(old);
        }
    }

    private readonly record struct Failures(int Count, long Last, TimeSpan Delay)
    {
        public Failures Next(long now, int free, TimeSpan longest)
        {
            var count = Count + 1;
            var delay = count < free ? TimeSpan.Zero : s_firstDelay * Math.Pow(2, Math.Min(count - free, 20));
            return new Failures(count, now, delay > longest ? longest : delay);
        }
    }
}
