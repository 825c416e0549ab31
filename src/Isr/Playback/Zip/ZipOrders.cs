using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Isr.Playback.Zip;

/// <summary>Recordings that somebody wants as one file.</summary>
/// <param name="Files">Their names, each once.</param>
/// <param name="SavedAs">What the file is to be called.</param>
internal sealed record ZipOrder(IReadOnlyList<string> Files, string SavedAs);

/// <summary>
/// What is wanted as one file, between the request that names the recordings, which are too many for an address, and the one that gets it.
/// Kept for ten minutes; where there are too many of them or they name too much, the oldest go before.
/// </summary>
internal sealed class ZipOrders(TimeProvider time)
{
    public const int MostOrders = 100;

    /// <summary>Of names, in all orders together.</summary>
    public const int MostLetters = 16 << 20;

    private const int IdBytes = 16;

    private static readonly TimeSpan s_keptFor = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ZipOrder> _orders = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long At, long Letters)> _ages = new();
    private long _letters;

    /// <summary>Gives an id that nobody can guess.</summary>
    public string Add(ZipOrder order)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var letters = order.Files.Sum(name => (long)name.Length);
        lock (_gate)
        {
            _letters += letters;
            _orders.Add(id, order);
            _ages.Enqueue((id, time.GetTimestamp(), letters));
            Forget();
        }

        return id;
    }

    public bool TryFind(string id, [NotNullWhen(true)] out ZipOrder? order)
    {
        lock (_gate)
        {
            Forget();
            return _orders.TryGetValue(id, out order);
        }
    }

    private void Forget()
    {
        while (_ages.TryPeek(out var oldest) && (_ages.Count > MostOrders || (_letters > MostLetters && _ages.Count > 1) || time.GetElapsedTime(oldest.At) > s_keptFor))
        {
            _ages.Dequeue();
            _orders.Remove(oldest.Id);
            _letters -= oldest.Letters;
        }
    }
}
