namespace Isr.Audio.Icy;

/// <summary>
/// Takes the metadata out of an ICY stream: after every <c>icy-metaint</c> bytes of audio stands one byte, the length
/// of a metadata block in units of 16, and the block, padded with zeros. Most are empty.
/// </summary>
/// <param name="metadataInterval">Bytes of audio between two blocks, more than 0.</param>
public sealed class IcyDemuxer(int metadataInterval)
{
    /// <summary>The longest metadata block.</summary>
    public const int MaxMetadataBytes = byte.MaxValue * Unit;

    private const int Unit = 16;

    private readonly int _interval = Positive(metadataInterval);
    private readonly byte[] _metadata = new byte[MaxMetadataBytes];
    private int _audioLeft = metadataInterval;
    private int _metadataLength;
    private int _metadataRead;

    /// <summary>
    /// Reads the next part. Call it until it says <see cref="IcyPart.None"/>; by then all of
    /// <paramref name="source"/> is consumed.
    /// </summary>
    /// <param name="source">Bytes not yet consumed.</param>
    /// <param name="consumed">Bytes to drop from its front.</param>
    /// <param name="part">Audio, a slice of <paramref name="source"/>; or metadata, good until the next call.</param>
    public IcyPart Read(ReadOnlySpan<byte> source, out int consumed, out ReadOnlySpan<byte> part)
    {
        consumed = 0;
        part = default;
        while (consumed < source.Length)
        {
            if (_audioLeft > 0)
            {
                part = source.Slice(consumed, Math.Min(_audioLeft, source.Length - consumed));
                consumed += part.Length;
                _audioLeft -= part.Length;
                return IcyPart.Audio;
            }

            if (_metadataLength == 0)
            {
                _metadataLength = source[consumed++] * Unit;
                _metadataRead = 0;
                _audioLeft = _metadataLength == 0 ? _interval : 0;
                continue;
            }

            var piece = source.Slice(consumed, Math.Min(_metadataLength - _metadataRead, source.Length - consumed));
            piece.CopyTo(_metadata.AsSpan(_metadataRead));
            consumed += piece.Length;
            _metadataRead += piece.Length;
            if (_metadataRead == _metadataLength)
            {
                part = _metadata.AsSpan(0, _metadataLength);
                _metadataLength = 0;
                _audioLeft = _interval;
                return IcyPart.Metadata;
            }
        }

        return IcyPart.None;
    }

    private static int Positive(int metadataInterval)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(metadataInterval);
        return metadataInterval;
    }
}
