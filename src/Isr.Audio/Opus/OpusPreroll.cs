namespace Isr.Audio.Opus;

/// <summary>
/// The packets that a decoder must have heard before a cut. Its prediction reaches back: after 80 ms, which RFC 7845
/// (section 4.6) asks for at least, a difference of 5 % of full scale was left; after 320 ms less than one step of
/// 16 bits.
/// </summary>
internal sealed class OpusPreroll
{
    private const int EnoughSamples = OpusPacket.SampleRate * 320 / 1000;

    private readonly Queue<Kept> _packets = new();
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>Samples that decoding all of it gives.</summary>
    public int Samples { get; private set; }

    public void Add(ReadOnlySpan<byte> packet)
    {
        var samples = Math.Max(0, OpusPacket.Measure(packet));
        while (_packets.TryPeek(out var oldest) && Samples - oldest.Samples >= EnoughSamples)
        {
            _packets.Dequeue();
            Samples -= oldest.Samples;
            _start += oldest.Length;
        }

        MakeRoom(packet.Length);
        packet.CopyTo(_bytes.AsSpan(_end));
        _end += packet.Length;
        _packets.Enqueue(new Kept(packet.Length, samples));
        Samples += samples;
    }

    public Enumerator GetEnumerator() => new(_bytes.AsSpan(_start, _end - _start), _packets);

    private void MakeRoom(int needed)
    {
        if (_bytes.Length - _end >= needed)
        {
            return;
        }

        var length = _end - _start;
        var target = _bytes.Length >= 2 * (length + needed) ? _bytes : new byte[4 * (length + needed)];
        _bytes.AsSpan(_start, length).CopyTo(target);
        (_bytes, _start, _end) = (target, 0, length);
    }

    internal readonly record struct Kept(int Length, int Samples);

    internal ref struct Enumerator(ReadOnlySpan<byte> bytes, Queue<Kept> packets)
    {
        private ReadOnlySpan<byte> _rest = bytes;
        private Queue<Kept>.Enumerator _packets = packets.GetEnumerator();

        public ReadOnlySpan<byte> Current { get; private set; }

        public bool MoveNext()
        {
            if (!_packets.MoveNext())
            {
                return false;
            }

            Current = _rest[.._packets.Current.Length];
            _rest = _rest[_packets.Current.Length..];
            return true;
        }
    }
}
