using System.Threading.Channels;

namespace Isr.Web;

/// <summary>
/// One listener's events. One that does not keep up loses the oldest, and of levels it has never more than the newest waiting,
/// so that these push out nothing else.
/// </summary>
internal sealed class LiveListener
{
    private const int MaxWaiting = 256;
    private const string Levels = "levels";

    private readonly Channel<(string Type, string? Data)> _channel =
        Channel.CreateBounded<(string, string?)>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    private string? _levels;

    /// <summary>It asked for levels.</summary>
    public bool WantsLevels { get; init; }

    /// <summary>Of these sources only; of all when empty.</summary>
    public IReadOnlySet<string> Sources { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _channel.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead(out (string Type, string Data) item)
    {
        while (_channel.Reader.TryRead(out var next))
        {
            if ((next.Data ?? Interlocked.Exchange(ref _levels, null)) is { } data)
            {
                item = (next.Type, data);
                return true;
            }
        }

        item = default;
        return false;
    }

    internal void Tell(string type, string data) => _channel.Writer.TryWrite((type, data));

    internal void TellLevels(string data)
    {
        if (Interlocked.Exchange(ref _levels, data) is null)
        {
            _channel.Writer.TryWrite((Levels, null));
        }
    }

    internal void Complete() => _channel.Writer.TryComplete();
}
