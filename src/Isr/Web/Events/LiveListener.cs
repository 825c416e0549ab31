using System.Threading.Channels;

namespace Isr.Web.Events;

/// <summary>
/// One listener's events. One that does not keep up loses the oldest, and of levels it has never more than the newest waiting,
/// so that these push out nothing else.
/// </summary>
internal sealed class LiveListener
{
    /// <summary>More than the history holds, which it may be given all at once.</summary>
    private const int MaxWaiting = 2048;
    private const string Levels = "levels";

    private readonly Channel<LiveEvent?> _channel = Channel.CreateBounded<LiveEvent?>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    private string? _levels;

    /// <summary>It asked for levels.</summary>
    public bool WantsLevels { get; init; }

    /// <summary>Of these sources only; of all when empty.</summary>
    public IReadOnlySet<string> Sources { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The last event that it has, by its own word.</summary>
    public string? LastId { get; init; }

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _channel.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead(out LiveEvent item)
    {
        while (_channel.Reader.TryRead(out var next))
        {
            if (next is { } told)
            {
                item = told;
                return true;
            }

            if (Interlocked.Exchange(ref _levels, null) is { } data)
            {
                item = new LiveEvent(0, Levels, data);
                return true;
            }
        }

        item = default;
        return false;
    }

    internal void Tell(LiveEvent told) => _channel.Writer.TryWrite(told);

    internal void TellLevels(string data)
    {
        if (Interlocked.Exchange(ref _levels, data) is null)
        {
            _channel.Writer.TryWrite(null);
        }
    }

    internal void Complete() => _channel.Writer.TryComplete();
}
