using System.Buffers.Binary;
using Isr.Audio;
using Isr.Audio.Flac;
using Isr.Audio.Pcm;
using Microsoft.Win32.SafeHandles;

namespace Isr.Analysis;

/// <summary>A frame that was found in a file: with the one behind it, or the end, it is proved.</summary>
/// <param name="Offset">Where it is.</param>
/// <param name="Format">What it is of.</param>
/// <param name="BlockSize">Its samples per channel.</param>
/// <param name="Position">Of its first sample, as its number says.</param>
internal readonly record struct FlacStart(long Offset, AudioFormat Format, int BlockSize, long Position)
{
    /// <summary>Bytes of what a decoder must be given before frames.</summary>
    public const int HeadBytes = 42;

    private const int BlockBytes = 64 * 1024;
    private const int LeastBlock = 16;

    /// <summary>How blocks of so many bits are decoded.</summary>
    public static SampleFormat SampleOf(int bitsPerSample) => bitsPerSample <= 16 ? SampleFormat.S16 : bitsPerSample <= 24 ? SampleFormat.S24 : SampleFormat.S32;

    /// <summary>
    /// A marker and a STREAMINFO that is true of frames like this one, and without counts: blocks of one size, by which a decoder
    /// makes positions of frames' numbers. That of a stream's file may say otherwise, or be missing.
    /// </summary>
    public byte[] MakeHead()
    {
        var head = new byte[HeadBytes];
        "fLaC"u8.CopyTo(head);
        (head[4], head[7]) = (0x80, 34);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(8), (ushort)Math.Max(LeastBlock, BlockSize));
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(10), (ushort)Math.Max(LeastBlock, BlockSize));
        BinaryPrimitives.WriteUInt64BigEndian(
            head.AsSpan(18),
            ((ulong)Format.SampleRate << 44) | ((ulong)(Format.Channels - 1) << 41) | ((ulong)(Format.BitsPerSample - 1) << 36));
        return head;
    }

    /// <summary>The first frame that begins in a part of a file; null when none does.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">Where the part begins.</param>
    /// <param name="to">Where it ends: a frame may reach beyond.</param>
    /// <param name="length">Of the file.</param>
    /// <param name="head">What a stream begins with, for parts in which no stream begins.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static FlacStart? Find(SafeFileHandle file, long from, long to, long length, ReadOnlySpan<byte> head, CancellationToken cancellationToken)
    {
        var reader = new FlacFrameReader();
        var buffer = new byte[BlockBytes];
        head.CopyTo(buffer);
        var filled = head.Length;
        var position = from - filled;
        while (position < to)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var at = position + filled;
            var read = RandomAccess.Read(file, buffer.AsSpan(filled, (int)Math.Min(buffer.Length - filled, length - at)), at);
            filled += read;
            var start = 0;
            var isFinal = read == 0;
            bool found;
            while ((found = reader.TryRead(buffer.AsSpan(start, filled - start), isFinal, out var consumed, out var frame)) || consumed > 0)
            {
                start += consumed;
                if (found)
                {
                    var offset = position + start - frame.Data.Length;
                    return offset >= to ? null : new FlacStart(offset, frame.Format with { Setup = null }, frame.Samples, frame.Position?.Samples ?? 0);
                }
            }

            filled -= start;
            buffer.AsSpan(start, filled).CopyTo(buffer);
            position += start;
            if (isFinal)
            {
                return null;
            }

            if (buffer.Length < Math.Max(reader.LookaheadBytes, filled + 1))
            {
                Array.Resize(ref buffer, Math.Max(reader.LookaheadBytes, 2 * filled));
            }
        }

        return null;
    }
}
