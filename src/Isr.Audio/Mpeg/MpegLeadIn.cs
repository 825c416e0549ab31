using System.Diagnostics;

namespace Isr.Audio.Mpeg;

/// <summary>
/// The layer III frames with which a new file begins, so that a decoder that starts there is, at the first new frame,
/// in the state in which it would be had it decoded all before.
/// <para>
/// The inverse transform overlaps each granule (576 samples) with the one before, and the filterbank behind it remembers
/// 480 samples. So the last granule before the cut must come out right, and for that the spectrum of the granule before
/// it must be there: one repeated frame of MPEG-1, two of LSF.
/// </para>
/// <para>
/// The main data of these frames, and of the new one, may begin up to 511 bytes back in frames before them (the bit
/// reservoir). Those bytes come in a carrier: a silent frame, large enough, whose unused room ends with them. More
/// repeated frames would carry them too, but at low bitrates so many that their delay no longer fits the LAME tag.
/// </para>
/// </summary>
internal sealed class MpegLeadIn
{
    // 9 bits of main_data_begin.
    private const int MaxReservoir = 511;

    private readonly byte[][] _repeated;
    private readonly int[] _lengths;
    private readonly byte[] _reservoir = new byte[MaxReservoir];
    private readonly byte[] _carrier = new byte[MpegHeader.MaxLayer3FrameLength];
    private int _count;
    private int _reservoirLength;
    private int _carrierLength;

    public MpegLeadIn(bool isLsf)
    {
        _repeated = new byte[isLsf ? 2 : 1][];
        _lengths = new int[_repeated.Length];
        for (var i = 0; i < _repeated.Length; i++)
        {
            _repeated[i] = new byte[MpegHeader.MaxLayer3FrameLength];
        }
    }

    /// <summary>Remembers a frame of the stream.</summary>
    public void Add(ReadOnlySpan<byte> frame)
    {
        Debug.Assert(frame.Length <= MpegHeader.MaxLayer3FrameLength, "no bitrate makes such a frame");
        if (_count == _repeated.Length)
        {
            var oldest = _repeated[0];
            if (MpegHeader.TryRead(oldest, out var header))
            {
                AddToReservoir(MainData(header, oldest.AsSpan(0, _lengths[0])));
            }

            for (var i = 1; i < _count; i++)
            {
                _repeated[i - 1] = _repeated[i];
                _lengths[i - 1] = _lengths[i];
            }

            _repeated[^1] = oldest;
            _count--;
        }

        frame.CopyTo(_repeated[_count]);
        _lengths[_count++] = frame.Length;
    }

    /// <summary>
    /// Makes the frames that stand before <paramref name="first"/>; returns their number. It is 0 where the stream has
    /// just begun: what its own first frames need is not there.
    /// </summary>
    public int Prepare(ReadOnlySpan<byte> first)
    {
        _carrierLength = 0;
        if (_count == 0 || !MpegHeader.TryRead(first, out var firstHeader))
        {
            return 0;
        }

        var needed = 0;
        var behind = 0;
        for (var i = 0; i < _count; i++)
        {
            ReadOnlySpan<byte> frame = _repeated[i].AsSpan(0, _lengths[i]);
            if (!MpegHeader.TryRead(frame, out var header))
            {
                return 0;
            }

            needed = Math.Max(needed, header.ReadMainDataBegin(frame) - behind);
            behind += MainData(header, frame).Length;
        }

        needed = Math.Max(needed, firstHeader.ReadMainDataBegin(first) - behind);
        if (needed > _reservoirLength)
        {
            return 0;
        }

        if (needed > 0)
        {
            MakeCarrier(first, needed);
        }

        return _count + (needed > 0 ? 1 : 0);
    }

    /// <summary>One of the frames that <see cref="Prepare"/> made.</summary>
    public ReadOnlySpan<byte> Frame(int index)
    {
        if (_carrierLength > 0 && index-- == 0)
        {
            return _carrier.AsSpan(0, _carrierLength);
        }

        return _repeated[index].AsSpan(0, _lengths[index]);
    }

    // As the first frame, at its bitrate or the next one that has the room, without CRC. All zeros after the header:
    // no main data of its own, in granules of length 0.
    private void MakeCarrier(ReadOnlySpan<byte> first, int needed)
    {
        first[..MpegHeader.Size].CopyTo(_carrier);
        _carrier[1] |= 1;
        for (var bitrateIndex = first[2] >> 4; bitrateIndex < 15; bitrateIndex++)
        {
            _carrier[2] = (byte)((bitrateIndex << 4) | (first[2] & 0x0D));
            if (MpegHeader.TryRead(_carrier, out var header) && header.FrameLength - header.MainDataOffset >= needed)
            {
                _carrierLength = header.FrameLength;
                break;
            }
        }

        // 160 kbit/s has room for LSF's 255 bytes at any rate, 320 for the 511 of MPEG-1.
        Debug.Assert(_carrierLength > 0, "the largest frame has room for any reservoir");
        var carrier = _carrier.AsSpan(0, _carrierLength);
        carrier[MpegHeader.Size..].Clear();
        _reservoir.AsSpan(_reservoirLength - needed, needed).CopyTo(carrier[^needed..]);
    }

    private void AddToReservoir(ReadOnlySpan<byte> mainData)
    {
        if (mainData.Length > MaxReservoir)
        {
            mainData = mainData[^MaxReservoir..];
        }

        var kept = Math.Min(_reservoirLength, MaxReservoir - mainData.Length);
        _reservoir.AsSpan(_reservoirLength - kept, kept).CopyTo(_reservoir);
        mainData.CopyTo(_reservoir.AsSpan(kept));
        _reservoirLength = kept + mainData.Length;
    }

    private static ReadOnlySpan<byte> MainData(in MpegHeader header, ReadOnlySpan<byte> frame) =>
        frame[Math.Min(header.MainDataOffset, frame.Length)..];
}
