using System.Buffers.Binary;
using Isr.Audio.Mending;
using Isr.Audio.Wav;

namespace Isr.Audio.Cutting;

/// <summary>A WAV file, in which every sample has its place.</summary>
internal sealed class WavCodedFile : CodedFile
{
    /// <summary>The plain format, and that nothing more follows.</summary>
    private const int FormatWithoutExtension = WavChunks.LeastFormat + sizeof(ushort);

    private readonly ReadAt _read;
    private readonly WavFileInfo _info;

    private WavCodedFile(ReadAt read, in WavFileInfo info, byte[] format)
        : base(new AudioFormat(AudioCodec.Pcm, info.SampleRate, info.Channels, info.BitsPerSample, new StreamSetup([format])), info.Samples) =>
        (_read, _info) = (read, info);

    public int BlockAlign => _info.BlockAlign;

    public bool IsFloat => _info.IsFloat;

    /// <summary>The format chunk, for another file.</summary>
    public byte[] FormatChunk => Format.Setup!.Headers[0];

    public static CodedFile? TryOpen(ReadAt read, long length, out string sentence)
    {
        if (!WavFileInfo.TryRead(read, length, out var info))
        {
            return Refuse(info.Refusal ?? "It is no WAV file.", out sentence);
        }

        // Of what stands behind the plain format only the extensible one's part says something. What is no PCM must tell that there is none.
        Span<byte> chunk = stackalloc byte[WavChunks.ExtensibleFormat];
        var there = chunk[..(int)Math.Min(info.FormatLength, (uint)chunk.Length)];
        if (FileWindow.ReadFully(read, info.FormatOffset, there) < there.Length)
        {
            return Refuse("It ends in its header.", out sentence);
        }

        if (there.Length < chunk.Length || BinaryPrimitives.ReadUInt16LittleEndian(chunk) != WavChunks.Extensible)
        {
            chunk = chunk[..(info.IsFloat ? FormatWithoutExtension : WavChunks.LeastFormat)];
            chunk[WavChunks.LeastFormat..].Clear();
        }

        sentence = "";
        return new WavCodedFile(read, info, chunk.ToArray());
    }

    /// <summary>Reads samples as they lie; fewer where the file ends.</summary>
    public int Read(long sample, Span<byte> destination) => FileWindow.ReadFully(_read, _info.DataOffset + (sample * BlockAlign), destination);

    internal override FrameCursor OpenAt(long from, long to) => new Cursor(this, from, to);

    internal override bool IsOneKindWith(CodedFile other) => other is WavCodedFile wav && wav.FormatChunk.AsSpan().SequenceEqual(FormatChunk);

    /// <summary>Blocks of samples, the last of which ends where no more is wanted.</summary>
    private sealed class Cursor(WavCodedFile file, long from, long to) : FrameCursor
    {
        private const int BlockBytes = 64 * 1024;

        private readonly byte[] _block = new byte[Math.Max(file.BlockAlign, BlockBytes / file.BlockAlign * file.BlockAlign)];
        private long _position = from;

        public override bool TryNext(out AudioFrame frame, out long position)
        {
            position = _position;
            var wanted = (int)Math.Clamp(Math.Min(to, file.Samples) - _position, 0, _block.Length / file.BlockAlign) * file.BlockAlign;
            var samples = file.Read(_position, _block.AsSpan(0, wanted)) / file.BlockAlign;
            frame = new AudioFrame(_block.AsSpan(0, samples * file.BlockAlign), samples, file.Format);
            _position += samples;
            return samples > 0;
        }
    }
}
