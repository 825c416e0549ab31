using Isr.Audio.Flac;

namespace Isr.Audio.Mending;

/// <summary>Counts the frames of a FLAC file.</summary>
internal sealed class FlacRecount
{
    private const int HeadBytes = 64 * 1024;

    private AudioFormat _format;

    /// <summary>What STREAMINFO must say; null without a whole frame.</summary>
    public FlacFileCounts? Counts { get; private set; }

    /// <summary>Where the last whole frame ends.</summary>
    public long End { get; private set; }

    /// <summary>This program wrote the file.</summary>
    public bool IsOurs { get; private set; }

    /// <summary>All frames follow on one another.</summary>
    public bool IsOneRun { get; private set; } = true;

    public void Read(FileWindow window)
    {
        var head = window.Peek(HeadBytes);
        IsOurs = head[..Math.Min(head.Length, HeadBytes)].IndexOf("ISR_SOURCE="u8) >= 0;

        var reader = new FlacFrameReader();
        while (true)
        {
            var source = window.Peek(reader.LookaheadBytes);
            var isFinal = window.ReachesEnd;
            var found = reader.TryRead(source, isFinal, out var consumed, out var frame);
            if (found)
            {
                End = window.Position + consumed;
                Add(frame);
            }

            window.Skip(consumed);
            if (!found && (isFinal || reader.Refusal is not null))
            {
                return;
            }
        }
    }

    private void Add(in AudioFrame frame)
    {
        if (Counts is null)
        {
            Counts = new FlacFileCounts(frame.Format);
            Counts.Begin(frame.Samples);
            _format = frame.Format;
        }

        IsOneRun &= frame.Format == _format;
        Counts.Add(frame.Samples, frame.Data.Length);
    }
}
