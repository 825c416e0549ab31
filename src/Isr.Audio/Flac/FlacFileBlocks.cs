using System.Buffers;
using Isr.Audio.Tags;

namespace Isr.Audio.Flac;

/// <summary>The metadata blocks of a file behind STREAMINFO.</summary>
internal static class FlacFileBlocks
{
    /// <summary>
    /// The stream's blocks, each with its header. The comments come first, whether the stream has some or not: one block
    /// of them is allowed, FLAC in Ogg wants it there, and readers of tags need not go beyond pictures.
    /// </summary>
    public static List<byte[]> Make(StreamSetup? setup, in FileFacts facts, long? timeReference = null)
    {
        var headers = setup?.Headers ?? [];
        var comments = headers.FirstOrDefault(block => FlacBlock.Read(block).Type == FlacBlockType.VorbisComment);
        var body = new ArrayBufferWriter<byte>((comments?.Length ?? 0) + VorbisComments.OwnBytes);
        VorbisComments.Write(facts, comments is null ? [] : comments.AsSpan(FlacBlock.HeaderBytes), body, timeReference);

        List<byte[]> blocks = [new byte[FlacBlock.HeaderBytes + body.WrittenCount]];
        body.WrittenSpan.CopyTo(blocks[0].AsSpan(FlacBlock.HeaderBytes));
        new FlacBlock(FlacBlockType.VorbisComment, body.WrittenCount, IsLast: false).Write(blocks[0]);
        foreach (var block in headers)
        {
            var header = FlacBlock.Read(block);
            if (header.Type != FlacBlockType.VorbisComment)
            {
                blocks.Add([.. block]);
                (header with { IsLast = false }).Write(blocks[^1]);
            }
        }

        (FlacBlock.Read(blocks[^1]) with { IsLast = true }).Write(blocks[^1]);
        return blocks;
    }
}
