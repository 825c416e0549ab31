using Isr.Audio;
using Isr.Sources;

namespace Isr.Tests.Support;

/// <summary>Keeps what a source gives, and can say after so many frames that it is enough.</summary>
/// <param name="enough">How many frames; the connection ends with <see cref="Enough"/> then.</param>
internal sealed class HeardStream(int enough = int.MaxValue) : IAudioSink
{
    private readonly Lock _gate = new();
    private readonly List<ReadOnlyMemory<byte>> _frames = [];
    private readonly List<(string Title, int Frame)> _titles = [];
    private readonly List<StreamFacts> _facts = [];
    private long _skipped;
    private int _arrived;

    /// <summary>The end that this sink asks for.</summary>
    public static ConnectionEnd Enough { get; } = new(EndCause.Stopped, "enough came");

    public double AudioSeconds { get; private set; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Frames => Read(() => _frames.ToList());

    /// <summary>Each title with the number of frames that came before it.</summary>
    public IReadOnlyList<(string Title, int Frame)> Titles => Read(() => _titles.ToList());

    /// <summary>What was said of each connection that stood.</summary>
    public IReadOnlyList<StreamFacts> Facts => Read(() => _facts.ToList());

    /// <summary>Bytes that belonged to no frame.</summary>
    public long SkippedBytes => Read(() => _skipped);

    /// <summary>How many of the frames were said to have arrived.</summary>
    public int ArrivedFrames => Read(() => _arrived);

    public void Connected(StreamFacts facts) => Read(() =>
    {
        _facts.Add(facts);
        return 0;
    });

    public void Frame(in AudioFrame frame)
    {
        lock (_gate)
        {
            Assert.NotEmpty(_facts);
            _frames.Add(frame.Data.ToArray());
            AudioSeconds += (double)frame.Samples / frame.Format.SampleRate;
        }
    }

    public void Skipped(long bytes)
    {
        lock (_gate)
        {
            Assert.InRange(bytes, 1, long.MaxValue);
            _skipped += bytes;
        }
    }

    public void Title(string title)
    {
        lock (_gate)
        {
            _titles.Add((title, _frames.Count));
        }
    }

    public ConnectionEnd? Arrived(long timestamp)
    {
        lock (_gate)
        {
            _arrived = _frames.Count;
            return _frames.Count >= enough ? Enough : null;
        }
    }

    public void Disconnected(ConnectionEnd end) => AudioSeconds = 0;

    private T Read<T>(Func<T> value)
    {
        lock (_gate)
        {
            return value();
        }
    }
}
