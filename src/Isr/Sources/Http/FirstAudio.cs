using Isr.Audio;

namespace Isr.Sources.Http;

/// <summary>Listens until there is audio, then ends the connection; records nothing.</summary>
internal sealed class FirstAudio : IAudioSink
{
    private const double Enough = 1;

    public double AudioSeconds { get; private set; }

    /// <summary>Whether so much came that the address can be relied on.</summary>
    public bool WasHeard => AudioSeconds >= Enough;

    public void Connected(StreamFacts facts)
    {
    }

    public void Frame(in AudioFrame frame) => AudioSeconds += (double)frame.Samples / frame.Format.SampleRate;

    public void Skipped(long bytes)
    {
    }

    public void Title(string title)
    {
    }

    public ConnectionEnd? Arrived(long timestamp) => WasHeard ? ConnectionEnd.Stopped : null;

    public void Disconnected(ConnectionEnd end)
    {
    }
}
