using System.Buffers.Binary;
using Isr.Audio.Adts;
using Isr.Audio.Flac;

namespace Isr.Audio.Mp4;

/// <summary>What an MP4 file says of its one track's codec, and what of a frame goes into it.</summary>
internal static class Mp4SampleEntry
{
    private const int Mpeg2Layer3 = 0x69;
    private const int Mpeg1Layer3 = 0x6B;
    private const int Mpeg4Audio = 0x40;
    private const int AudioStream = 5;
    private const int LowestRateOfMpeg1 = 32_000;
    private const int LargestBlock = ushort.MaxValue;
    private const int SmallestBlock = 16;
    private const int CrcBytes = 2;

    /// <summary>The entry (ISO/IEC 14496-12, section 12.2.3), with what the codec's decoder must know.</summary>
    public static void Write(Mp4Boxes boxes, in AudioFormat format, ReadOnlySpan<byte> first)
    {
        boxes.Begin(format.Codec switch { AudioCodec.Opus => "Opus"u8, AudioCodec.Flac or AudioCodec.OggFlac => "fLaC"u8, _ => "mp4a"u8 });
        boxes.AddZeros(6);
        boxes.Add16(1); // data reference
        boxes.AddZeros(8);
        boxes.Add16(format.Channels);
        boxes.Add16(Math.Max(16, format.BitsPerSample));
        boxes.AddZeros(4);
        boxes.Add16(format.SampleRate <= ushort.MaxValue ? format.SampleRate : 0);
        boxes.Add16(0); // of the rate's fraction
        switch (format.Codec)
        {
            case AudioCodec.Opus:
                WriteOpus(boxes, format);
                break;
            case AudioCodec.Flac or AudioCodec.OggFlac:
                WriteFlac(boxes, format);
                break;
            default:
                WriteMpeg(boxes, format, first);
                break;
        }

        boxes.End();
    }

    /// <summary>What of a frame is a sample of the track; empty when it cannot be one.</summary>
    public static ReadOnlySpan<byte> Body(in AudioFrame frame)
    {
        if (frame.Format.Codec != AudioCodec.Aac)
        {
            return frame.Data;
        }

        // One block is a sample; blocks that share a header cannot be told apart without decoding them.
        return AdtsHeader.TryRead(frame.Data, out var header) && header.Blocks == 1 ? frame.Data[(AdtsHeader.Size + (header.HasCrc ? CrcBytes : 0))..] : default;
    }

    /// <summary>"Encapsulation of Opus in ISO Base Media File Format", section 4.3.2: as in Ogg, but big-endian; nothing is dropped of a stream that is entered anywhere.</summary>
    private static void WriteOpus(Mp4Boxes boxes, in AudioFormat format)
    {
        const int Channels = 9;
        const int InputRate = 12;
        const int Gain = 16;
        const int Mapping = 18;
        ReadOnlySpan<byte> head = format.Setup!.Headers[0];
        boxes.Begin("dOps"u8);
        boxes.Add8(0);
        boxes.Add8(head[Channels]);
        boxes.Add16(0);
        boxes.Add32(BinaryPrimitives.ReadUInt32LittleEndian(head[InputRate..]));
        boxes.Add16(BinaryPrimitives.ReadUInt16LittleEndian(head[Gain..]));
        boxes.Add(head[Mapping] == 0 ? head.Slice(Mapping, 1) : head[Mapping..]);
        boxes.End();
    }

    /// <summary>"Encapsulation of FLAC in ISO Base Media File Format", section 3.3.2: STREAMINFO, true of whatever comes.</summary>
    private static void WriteFlac(Mp4Boxes boxes, in AudioFormat format)
    {
        Span<byte> block = stackalloc byte[FlacBlock.HeaderBytes + FlacStreamInfo.Size];
        new FlacBlock(FlacBlockType.StreamInfo, FlacStreamInfo.Size, IsLast: true).Write(block);
        new FlacStreamInfo
        {
            MinBlock = SmallestBlock,
            MaxBlock = LargestBlock,
            SampleRate = format.SampleRate,
            Channels = format.Channels,
            BitsPerSample = format.BitsPerSample,
        }.Write(block[FlacBlock.HeaderBytes..]);
        boxes.Begin("dfLa"u8, version: 0, flags: 0);
        boxes.Add(block);
        boxes.End();
    }

    /// <summary>The descriptors of ISO/IEC 14496-1, section 7.2.6, each a tag and its length: the stream, its decoder, what that must know, how it is packed.</summary>
    private static void WriteMpeg(Mp4Boxes boxes, in AudioFormat format, ReadOnlySpan<byte> first)
    {
        const int DecoderBytes = 13;
        Span<byte> specific = stackalloc byte[2];
        var kind = format.SampleRate >= LowestRateOfMpeg1 ? Mpeg1Layer3 : Mpeg2Layer3;
        var hasSpecific = AdtsHeader.TryRead(first, out var header) && format.Codec == AudioCodec.Aac;
        if (hasSpecific)
        {
            // AudioSpecificConfig: 5 bits object type, 4 rate, 4 channels, 3 flags (ISO/IEC 14496-3, section 1.6.2.1).
            kind = Mpeg4Audio;
            BinaryPrimitives.WriteUInt16BigEndian(specific, (ushort)(((header.Profile + 1) << 11) | (((first[2] >> 2) & 15) << 7) | (header.ChannelConfiguration << 3)));
        }

        var own = hasSpecific ? 2 + specific.Length : 0;
        boxes.Begin("esds"u8, version: 0, flags: 0);
        boxes.Add([0x03, (byte)(3 + 2 + DecoderBytes + own + 3), 0, 0, 0]);
        boxes.Add([0x04, (byte)(DecoderBytes + own), (byte)kind, (AudioStream << 2) | 1]);
        boxes.AddZeros(DecoderBytes - 2); // sizes and rates that nobody knows
        if (hasSpecific)
        {
            boxes.Add([0x05, (byte)specific.Length]);
            boxes.Add(specific);
        }

        boxes.Add([0x06, 1, 2]);
        boxes.End();
    }
}
