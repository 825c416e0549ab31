using Isr.Audio;

namespace Isr.Analysis;

/// <summary>
/// Goes along the frames of a file as its bytes pass, and notes where something between two of them is no frame or missing. What stands
/// before the first frame and behind the last is none of its business, nor are tags.
/// </summary>
internal sealed class LossyDamage(IFrameReader reader)
{
    private byte[] _buffer = new byte[256 * 1024];
    private int _filled;
    private double _seconds;
    private long _skipped;
    private bool _hasFrame;
    private bool _isTag;

    /// <summary>Seconds from the start at which damage was met first; null when none was.</summary>
    public double? From { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        // A reader that has given up takes nothing, and one answer is enough.
        if (From is not null || reader.Refusal is not null)
        {
            return;
        }

        if (_buffer.Length < _filled + bytes.Length)
        {
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _filled + bytes.Length));
        }

        bytes.CopyTo(_buffer.AsSpan(_filled));
        _filled += bytes.Length;
        var start = 0;
        bool found;
        while ((found = reader.TryRead(_buffer.AsSpan(start, _filled - start), isFinal: false, out var consumed, out var frame)) || consumed > 0)
        {
            _isTag |= IsTag(_buffer.AsSpan(start, consumed));
            if (found)
            {
                if (_hasFrame && From is null && ((reader.SkippedBytes > _skipped && !_isTag) || frame.Lost is not null))
                {
                    From = _seconds;
                }

                (_skipped, _hasFrame, _isTag) = (reader.SkippedBytes, true, false);
                _seconds += (double)frame.Samples / frame.Format.SampleRate;
            }

            start += consumed;
        }

        _filled -= start;
        _buffer.AsSpan(start, _filled).CopyTo(_buffer);
    }

    private static bool IsTag(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("ID3"u8) || bytes.StartsWith("TAG"u8) || bytes.StartsWith("APETAGEX"u8) || bytes.StartsWith("LYRICSBEGIN"u8);
}
