namespace Isr.Audio.Flac;

/// <summary>
/// Tells frames that follow on one another from those where something else begins. Frames of one run can be numbered
/// anew and stand in one file.
/// </summary>
internal sealed class FlacRun
{
    // Numbers further apart than this are another encoder's.
    private const int MostLostSeconds = 3600;

    private StreamSetup? _setup;
    private FlacHeader _last;
    private AudioFormat _format;
    private int _nominal;

    /// <summary>
    /// Adds a frame, with what was to know of its format but the setup; returns the whole format.
    /// </summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="format">Its format without a setup.</param>
    /// <param name="newBlocks">The metadata with which a stream began since the last frame, if it did.</param>
    /// <param name="lost">As in <see cref="AudioFrame.Lost"/>.</param>
    public AudioFormat Add(in FlacHeader header, in AudioFormat format, IReadOnlyList<byte[]>? newBlocks, out long? lost)
    {
        lost = null;
        var isFirst = _setup is null || newBlocks is not null || format != _format || header.IsVariable != _last.IsVariable;
        if (!isFirst && header.Number != _last.NextNumber)
        {
            lost = Missing(header);
            isFirst = true;
        }

        // The last frame of a file that is being sent may be shorter. A number counts frames of one size, so in a file
        // of ours nothing can follow it, and nothing larger fit in.
        isFirst |= !header.IsVariable && (_last.BlockSize != _nominal || header.BlockSize > _nominal);
        if (isFirst)
        {
            _setup = new StreamSetup(newBlocks ?? _setup?.Headers ?? []);
            _format = format;
            _nominal = header.BlockSize;
        }

        _last = header;
        return format with { Setup = _setup };
    }

    /// <summary>Samples before the frame added last, as its number tells.</summary>
    public long Position => _last.IsVariable ? _last.Number : _last.Number * _nominal;

    private long Missing(in FlacHeader header)
    {
        var numbers = header.Number - _last.NextNumber;
        var samples = header.IsVariable ? numbers : numbers * _nominal;
        return numbers > 0 && samples < (long)MostLostSeconds * _format.SampleRate ? samples : 0;
    }
}
