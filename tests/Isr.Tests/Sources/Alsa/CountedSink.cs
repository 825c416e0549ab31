using Isr.Audio;
using Isr.Sources;

namespace Isr.Tests.Sources.Alsa;

/// <summary>Samples whose count goes on without a break.</summary>
/// <param name="First">The number of the first.</param>
/// <param name="Length">How many.</param>
internal sealed record CountedRun(long First, long Length)
{
    /// <summary>The number of the sample after the last.</summary>
    public long End => First + Length;
}

/// <summary>What one connection gave.</summary>
internal sealed class CountedConnection(StreamFacts facts)
{
    public StreamFacts Facts => facts;

    public ConnectionEnd? End { get; set; }

    public AudioFormat Format { get; set; }

    public long Samples { get; set; }

    public List<CountedRun> Runs { get; } = [];

    /// <summary>What was said to be lost, and how many of the count are missing there.</summary>
    public List<(long Said, long Missing)> Losses { get; } = [];

    /// <summary>The number of the last sample that had come, and when it was said to have been captured.</summary>
    public List<(long Sample, long Timestamp)> Arrivals { get; } = [];
}

/// <summary>Reads the count of <c>alsatest.c</c> back from what a source gives.</summary>
internal sealed class CountedSink : IAudioSink
{
    private readonly Lock _gate = new();
    private readonly List<CountedConnection> _connections = [];
    private readonly List<ConnectionEnd> _ends = [];
    private long _last;

    /// <summary>What <see cref="Arrived"/> answers.</summary>
    public ConnectionEnd? Refusal { get; set; }

    /// <summary>While this is not set, nothing is taken.</summary>
    public ManualResetEventSlim Takes { get; } = new(initialState: true);

    /// <summary>False where the samples are not those of the device, so that no count can be read back.</summary>
    public bool IsCounted { get; init; } = true;

    public double AudioSeconds
    {
        get
        {
            lock (_gate)
            {
                return _connections is [.., { End: null, Samples: > 0 } present] ? (double)present.Samples / present.Format.SampleRate : 0;
            }
        }
    }

    /// <summary>As they are now; what has ended changes no more.</summary>
    public IReadOnlyList<CountedConnection> Connections
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections];
            }
        }
    }

    /// <summary>Ends of connections, and of attempts at one.</summary>
    public IReadOnlyList<ConnectionEnd> Ends
    {
        get
        {
            lock (_gate)
            {
                return [.. _ends];
            }
        }
    }

    public void Connected(StreamFacts facts)
    {
        lock (_gate)
        {
            Assert.False(_connections is [.., { End: null }]);
            _connections.Add(new CountedConnection(facts));
        }
    }

    public void Frame(in AudioFrame frame)
    {
        Takes.Wait(TestContext.Current.CancellationToken);
        lock (_gate)
        {
            var connection = _connections[^1];
            Assert.Null(connection.End);
            Assert.Equal(frame.Data.Length, frame.Samples * frame.Format.Channels * frame.Format.BitsPerSample / 8);
            connection.Format = frame.Format;
            for (var i = 0; IsCounted && i < frame.Samples; i++)
            {
                var number = Number(frame.Data[(i * frame.Format.Channels * frame.Format.BitsPerSample / 8)..], frame.Format);
                if (connection.Runs is [.., var run] && number == run.End)
                {
                    connection.Runs[^1] = run with { Length = run.Length + 1 };
                }
                else
                {
                    if (i == 0 && frame.Lost is { } lost && connection.Runs.Count > 0)
                    {
                        connection.Losses.Add((lost, number - _last - 1));
                    }

                    connection.Runs.Add(new CountedRun(number, 1));
                }

                _last = number;
            }

            connection.Samples += frame.Samples;
        }
    }

    public void Skipped(long bytes) => Assert.Fail("a soundcard skips nothing");

    public void Title(string title) => Assert.Fail("a soundcard has no titles");

    public ConnectionEnd? Arrived(long timestamp)
    {
        lock (_gate)
        {
            _connections[^1].Arrivals.Add((_last, timestamp));
        }

        return Refusal;
    }

    public void Disconnected(ConnectionEnd end)
    {
        lock (_gate)
        {
            _ends.Add(end);
            if (_connections is [.., { End: null } present])
            {
                present.End = end;
            }
        }
    }

    private long Number(ReadOnlySpan<byte> moment, AudioFormat format)
    {
        long low = moment[0] | (moment[1] << 8);
        if (format.BitsPerSample == 16)
        {
            return format.Channels > 1 ? low | ((long)moment[2] << 16) | ((long)moment[3] << 24) : Unwrapped(low, 16);
        }

        low |= (long)moment[2] << 16;
        if (format.Channels == 1)
        {
            return Unwrapped(low, 24);
        }

        var high = moment[3] | ((long)moment[4] << 8) | ((long)moment[5] << 16);
        Assert.Equal(low >> 8, high & 0xFFFF);
        return (high << 8) | (low & 0xFF);
    }

    /// <summary>One channel alone counts only so far.</summary>
    private long Unwrapped(long value, int bits) => _last + ((value - _last) & ((1L << bits) - 1));
}
