using System.Threading.Channels;
using Isr.Audio.Levels;

namespace Isr.Recording;

/// <summary>What the analysis is told of a file that is recorded.</summary>
/// <param name="Path">The file, absolute.</param>
internal abstract record RecordingNews(string Path);

/// <summary>A file of a stream has begun; its levels are computed from the file, as it grows.</summary>
/// <param name="Path">The file, absolute.</param>
/// <param name="Source">Whose it is.</param>
internal sealed record StreamFileBegun(string Path, string Source) : RecordingNews(Path);

/// <summary>A file is closed as it was meant to be.</summary>
/// <param name="Path">The file, absolute.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Seconds">How long it plays.</param>
/// <param name="Levels">Of all its samples, where they were gathered while it was made.</param>
internal sealed record FileFinished(string Path, long Bytes, double Seconds, RecordingLevels? Levels) : RecordingNews(Path);

/// <summary>
/// Tells the analysis of files that are recorded. Recording never waits for it: where it falls behind, the oldest
/// are dropped and counted; those recordings' levels are computed from their files when they are wanted.
/// </summary>
internal sealed class LevelFeed
{
    /// <summary>A thousand sources may all begin a new file at once; few of them bring levels with them.</summary>
    private const int MaxWaiting = 4096;

    private readonly Channel<RecordingNews> _channel;
    private long _dropped;

    public LevelFeed() => _channel = Channel.CreateBounded<RecordingNews>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest },
        _ => Interlocked.Increment(ref _dropped));

    public ChannelReader<RecordingNews> Reader => _channel.Reader;

    /// <summary>News that wait.</summary>
    public int Waiting => _channel.Reader.Count;

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Publish(RecordingNews news) => _channel.Writer.TryWrite(news);

    /// <summary>Nothing more comes: the recorder has closed its last file.</summary>
    public void Complete() => _channel.Writer.TryComplete();
}
