using Isr.Audio;

namespace Isr.Sources;

/// <summary>What one connection to a source showed.</summary>
internal sealed record ProbeFinding(string Source, bool IsGood, string Format, string StreamName, string Burst, string State)
{
    public static ProbeFinding Failed(string source, string sentence) => new(source, IsGood: false, "-", "-", "-", sentence);
}

/// <summary>Connects to a source once and listens for a moment, recording nothing.</summary>
internal sealed class SourceProbe(TimeProvider time) : IAudioSink, IDisposable
{
    public static readonly TimeSpan Listen = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _heard = new();
    private StreamFacts? _facts;
    private AudioFormat _format;
    private long _bytes;
    private long _began;
    private double _ahead;

    public double AudioSeconds { get; private set; }

    public static async Task<ProbeFinding> RunAsync(string name, IAudioSource source, TimeProvider time, CancellationToken cancellationToken)
    {
        using var probe = new SourceProbe(time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, probe._heard.Token);
        var end = await source.RunAsync(probe, stop.Token);
        return probe._facts is { } facts && probe._bytes > 0
            ? new ProbeFinding(
                name,
                IsGood: end.Cause == EndCause.Stopped,
                FormatText.Describe(probe._format, probe._bytes * 8 / probe.AudioSeconds),
                facts.Name ?? "-",
                $"{probe._ahead:0.0} s",
                end.Cause == EndCause.Stopped ? "ok" : end.Sentence)
            : ProbeFinding.Failed(name, end.Sentence);
    }

    public void Dispose() => _heard.Dispose();

    public void Connected(StreamFacts facts)
    {
        _facts = facts;
        _heard.CancelAfter(Listen);
    }

    public void Frame(in AudioFrame frame)
    {
        _format = frame.Format;
        _bytes += frame.Data.Length;
        AudioSeconds += (double)frame.Samples / frame.Format.SampleRate;
    }

    public void Skipped(long bytes)
    {
    }

    public void Title(string title)
    {
    }

    public ConnectionEnd? Arrived(long timestamp)
    {
        if (_began == 0)
        {
            _began = timestamp;
        }

        _ahead = Math.Max(_ahead, AudioSeconds - time.GetElapsedTime(_began, timestamp).TotalSeconds);
        return null;
    }

    public void Disconnected(ConnectionEnd end)
    {
    }
}
