using System.Threading.Channels;
using Isr.Audio.Levels;

namespace Isr.Recording;

/// <summary>The levels of a recording, gathered while it was made.</summary>
/// <param name="Path">The recording, which is closed now.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Levels">Of all its samples.</param>
internal sealed record FinishedLevels(string Path, long Bytes, RecordingLevels Levels);

/// <summary>
/// Hands finished levels to the analysis, which keeps them. Recording never waits for it: where it falls behind, the oldest
/// are dropped and counted; those recordings' levels are computed anew from their files.
/// </summary>
internal sealed class LevelFeed
{
    private const int MaxWaiting = 64;

    private readonly Channel<FinishedLevels> _channel;
    private long _dropped;

    public LevelFeed() => _channel = Channel.CreateBounded<FinishedLevels>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest },
        _ => Interlocked.Increment(ref _dropped));

    public ChannelReader<FinishedLevels> Reader => _channel.Reader;

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Publish(FinishedLevels levels) => _channel.Writer.TryWrite(levels);

    /// <summary>Nothing more comes: the recorder has closed its last file.</summary>
    public void Complete() => _channel.Writer.TryComplete();
}
