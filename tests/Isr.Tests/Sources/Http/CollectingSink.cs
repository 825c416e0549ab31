using Isr.Audio;
using Isr.Sources;

namespace Isr.Tests.Sources.Http;

/// <summary>A title and how much audio had come before it.</summary>
internal readonly record struct TitleAt(string Title, int Frames, long Samples);

/// <summary>Keeps everything that a source gives, and ends the connection when it has enough.</summary>
internal sealed class CollectingSink : IAudioSink, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ReadOnlyMemory<byte>> _frames = [];
    private readonly List<TitleAt> _titles = [];
    private readonly CancellationTokenSource _enough = new();
    private long _samples;
    private long _skipped;
    private int _arrivals;

    /// <summary>Stop the source once so many frames are there; never when left out.</summary>
    public int EnoughFrames { get; init; } = int.MaxValue;

    /// <summary>What <see cref="Arrived"/> answers.</summary>
    public ConnectionEnd? Refusal { get; init; }

    public CancellationToken Enough => _enough.Token;

    public StreamFacts? Facts { get; private set; }

    public AudioFormat Format { get; private set; }

    public double AudioSeconds { get; private set; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _frames.Count;
            }
        }
    }

    public int Arrivals => Volatile.Read(ref _arrivals);

    public long SkippedBytes => Interlocked.Read(ref _skipped);

    public IReadOnlyList<ReadOnlyMemory<byte>> Frames
    {
        get
        {
            lock (_gate)
            {
                return [.. _frames];
            }
        }
    }

    public IReadOnlyList<TitleAt> Titles
    {
        get
        {
            lock (_gate)
            {
                return [.. _titles];
            }
        }
    }

    /// <summary>Fails unless these frames came, each whole, in this order, and no other.</summary>
    public void Holds(IEnumerable<ReadOnlyMemory<byte>> frames)
    {
        var expected = frames.ToList();
        var came = Frames;
        Assert.Equal(expected.ConvertAll(f => f.Length), came.Select(f => f.Length));
        Assert.True(expected.Zip(came).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span)));
    }

    public void Connected(StreamFacts facts)
    {
        Assert.Null(Facts);
        Facts = facts;
    }

    public void Frame(in AudioFrame frame)
    {
        Assert.NotNull(Facts);
        Format = frame.Format;
        AudioSeconds += (double)frame.Samples / frame.Format.SampleRate;
        lock (_gate)
        {
            _frames.Add(frame.Data.ToArray());
            _samples += frame.Samples;
            if (_frames.Count == EnoughFrames)
            {
                _enough.Cancel();
            }
        }
    }

    public void Skipped(long bytes) => Interlocked.Add(ref _skipped, bytes);

    public void Title(string title)
    {
        Assert.NotNull(Facts);
        lock (_gate)
        {
            _titles.Add(new TitleAt(title, _frames.Count, _samples));
        }
    }

    public ConnectionEnd? Arrived(long timestamp)
    {
        Interlocked.Increment(ref _arrivals);
        return Refusal;
    }

    public void Disconnected(ConnectionEnd end)
    {
    }

    public void Dispose() => _enough.Dispose();
}
