namespace Isr.Audio.Ogg;

/// <summary>Room for packets that are copied; it grows to the most that came and is used again.</summary>
internal sealed class PacketBuffer
{
    private const int LeastBytes = 256;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Set(ReadOnlySpan<byte> packet)
    {
        Length = 0;
        Append(packet);
    }

    /// <summary>Moves what is behind so many bytes to the front.</summary>
    public void RemoveFirst(int count)
    {
        _bytes.AsSpan(count, Length - count).CopyTo(_bytes);
        Length -= count;
    }

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (_bytes.Length - Length < piece.Length)
        {
            Array.Resize(ref _bytes, Math.Max(LeastBytes, Math.Max(Length + piece.Length, 2 * Length)));
        }

        piece.CopyTo(_bytes.AsSpan(Length));
        Length += piece.Length;
    }
}
