namespace Isr.Audio.Mpeg;

/// <summary>
/// The last layer III frames of a stream, and how many of them a new file must repeat so that a decoder that starts
/// there is, at the first new frame, in the state in which it would be had it decoded all before.
/// </summary>
internal sealed class MpegFrameHistory
{
    // More do not fit the encoder delay of the LAME tag: 8 frames of 576 samples or 4 of 1,152.
    private const int Capacity = (MpegInfoFrame.MaxDelay + MpegInfoFrame.DecoderDelay) / 576;

    private readonly byte[] _data = new byte[Capacity * MpegHeader.MaxLayer3FrameLength];
    private readonly int[] _lengths = new int[Capacity];
    private int _next;
    private int _count;
    private bool _holdsAll = true;

    public void Add(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > MpegHeader.MaxLayer3FrameLength)
        {
            _count = 0;
            _holdsAll = false;
            return;
        }

        frame.CopyTo(_data.AsSpan(_next * MpegHeader.MaxLayer3FrameLength));
        _lengths[_next] = frame.Length;
        _next = (_next + 1) % Capacity;
        _holdsAll &= _count < Capacity;
        _count = Math.Min(_count + 1, Capacity);
    }

    /// <summary>A frame of the past: 1 is the last.</summary>
    public ReadOnlySpan<byte> Back(int frames)
    {
        var slot = (_next - frames + Capacity) % Capacity;
        return _data.AsSpan(slot * MpegHeader.MaxLayer3FrameLength, _lengths[slot]);
    }

    /// <summary>
    /// The fewest frames to repeat before <paramref name="first"/>; 0 when there are none or not enough.
    /// The inverse transform overlaps each granule (576 samples) with the one before, and the filterbank behind it
    /// remembers 480 samples. So the granule before the new frame must be right, and for it the granule before that:
    /// one frame of MPEG-1, two of LSF, whose main data may begin in frames further back. The new frame's own, too.
    /// </summary>
    public int CountToRepeat(ReadOnlySpan<byte> first)
    {
        if (!MpegHeader.TryRead(first, out var header))
        {
            return 0;
        }

        var mostThatFit = (MpegInfoFrame.MaxDelay + MpegInfoFrame.DecoderDelay) / header.SamplesPerFrame;
        var rightFrames = header.IsLsf ? 2 : 1;
        for (var frames = rightFrames; frames <= Math.Min(_count, mostThatFit); frames++)
        {
            if (IsEnough(frames, rightFrames, header.ReadMainDataBegin(first)))
            {
                return frames;
            }
        }

        // All that there ever was: the decoder then begins as it did with the stream.
        return _holdsAll && _count <= mostThatFit ? _count : 0;
    }

    private bool IsEnough(int frames, int rightFrames, int firstMainDataBegin)
    {
        var reservoir = 0;
        for (var back = frames; back > 0; back--)
        {
            var frame = Back(back);
            if (!MpegHeader.TryRead(frame, out var header)
                || (back <= rightFrames && header.ReadMainDataBegin(frame) > reservoir))
            {
                return false;
            }

            reservoir += Math.Max(0, frame.Length - header.MainDataOffset);
        }

        return firstMainDataBegin <= reservoir;
    }
}
