using System.Buffers.Binary;

namespace Isr.Audio.Mpeg;

/// <summary>
/// Recognises a free-format stream (bitrate index 0: constant, but of any size, so that a header does not say where
/// the next one is) among bytes that belong to no frame. Hardly any player opens such a stream.
/// It sees the bytes once, in pieces of any size, and wants many equal headers at one distance: a station must not
/// be refused for what happens by chance in garbage.
/// </summary>
internal sealed class MpegFreeFormat
{
    private const int DistancesToBeSure = 8;

    // All but padding, private and mode extension is the same in each frame.
    private const uint ConstantBits = 0xFFFFFCCF;

    private uint _window;
    private long _position;
    private uint _header;
    private long _headerAt;
    private long _distance;
    private int _equalDistances;

    public bool IsFound => _equalDistances >= DistancesToBeSure;

    /// <summary>A proper frame was found: whatever looked like free format was not.</summary>
    public void Reset()
    {
        _window = 0;
        _header = 0;
        _equalDistances = 0;
    }

    public void Examine(ReadOnlySpan<byte> skipped)
    {
        var at = 0;
        while (at < skipped.Length && !IsFound)
        {
            // No byte of ones in the last three: the next one is the earliest that can begin a header.
            if (!HasOnes(_window))
            {
                var gap = skipped[at..].IndexOf((byte)0xFF);
                gap = gap < 0 ? skipped.Length - at : gap;
                at += gap;
                _position += gap;
                _window = 0;
                if (at == skipped.Length)
                {
                    return;
                }
            }

            _window = (_window << 8) | skipped[at++];
            _position++;
            if (_window >> 24 == 0xFF)
            {
                Consider(_window);
            }
        }
    }

    private static bool HasOnes(uint window) =>
        (window & 0xFF) == 0xFF || (window & 0xFF00) == 0xFF00 || (window & 0xFF0000) == 0xFF0000;

    private void Consider(uint bits)
    {
        Span<byte> bytes = stackalloc byte[MpegHeader.Size];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, bits);
        if (!MpegHeader.TryRead(bytes, out var header) || !header.IsFreeFormat)
        {
            return;
        }

        // Padding makes a frame one slot longer now and then; what looks like a header inside a frame is chance.
        var distance = _position - _headerAt;
        var slot = header.Layer == 1 ? 4 : 1;
        if (_equalDistances > 0 && distance < _distance - slot)
        {
            return;
        }

        if ((bits & ConstantBits) != _header || distance > MpegHeader.MaxFrameLength)
        {
            _equalDistances = 0;
            _distance = 0;
        }
        else if (_distance != 0 && Math.Abs(distance - _distance) <= slot)
        {
            _equalDistances++;
        }
        else
        {
            _distance = distance;
            _equalDistances = 1;
        }

        _header = bits & ConstantBits;
        _headerAt = _position;
    }
}
