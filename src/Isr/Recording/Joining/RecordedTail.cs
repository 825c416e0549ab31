using Isr.Audio;
using Isr.Audio.Mpeg;
using Isr.Audio.Sniffing;
using Microsoft.Win32.SafeHandles;

namespace Isr.Recording.Joining;

/// <summary>
/// Reads the last frames of a file that an earlier run recorded, so that the first connection of this run is joined to it
/// as to one of its own.
/// </summary>
internal static class RecordedTail
{
    private const int BlockBytes = 64 * 1024;

    // Half a minute of 256 kbit/s.
    private const int TailBytes = 1024 * 1024;

    /// <summary>
    /// The frames as the stream had them; empty where files have others (FLAC numbers its frames anew in each file), and
    /// where the file cannot be read.
    /// </summary>
    public static RecentFrames Read(string path)
    {
        var frames = new RecentFrames();
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            switch (Path.GetExtension(path))
            {
                case ".mp3":
                    ReadMpeg(file, frames);
                    break;
                case ".aac":
                    Read(StreamFormats.CreateReader(StreamKind.Adts), file, Math.Max(0, RandomAccess.GetLength(file) - TailBytes), 0, frames);
                    break;
                case ".ogg" or ".opus":
                    ReadOgg(file, frames);
                    break;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is joined to nothing then, which the journal tells as a gap.
            frames.Clear();
        }

        return frames;
    }

    private static void ReadMpeg(SafeFileHandle file, RecentFrames frames)
    {
        var length = RandomAccess.GetLength(file);
        if (length > TailBytes)
        {
            Read(StreamFormats.CreateReader(StreamKind.MpegAudio), file, length - TailBytes, 0, frames);
            return;
        }

        // The first frames are this program's own: the info frame, and what the file repeats of the one before.
        var head = new byte[BlockBytes];
        var read = RandomAccess.Read(file, head, 0);
        var own = MpegFileInfo.TryRead(head.AsSpan(0, read), length, out var info) ? info.FramesBeforeAudio : 0;
        Read(StreamFormats.CreateReader(StreamKind.MpegAudio), file, 0, own, frames);
    }

    /// <summary>The headers, then the end, between which the reader finds a hole.</summary>
    private static void ReadOgg(SafeFileHandle file, RecentFrames frames)
    {
        var reader = StreamFormats.CreateReader(StreamKind.Ogg);
        var end = RandomAccess.GetLength(file) - TailBytes;
        var headEnd = Read(reader, file, 0, 0, frames, stopAtFrame: end > 0);
        if (headEnd < end)
        {
            Read(reader, file, end, 0, frames);
        }
    }

    /// <summary>Reads on from an offset; returns how far it came.</summary>
    private static long Read(IFrameReader reader, SafeFileHandle file, long offset, int skip, RecentFrames frames, bool stopAtFrame = false)
    {
        var buffer = new byte[Math.Max(BlockBytes, reader.LookaheadBytes)];
        var length = 0;
        while (true)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(length), offset);
            offset += read;
            length += read;
            var start = 0;
            while (reader.TryRead(buffer.AsSpan(start, length - start), read == 0, out var consumed, out var frame) || consumed > 0)
            {
                start += consumed;
                if (frame.Data.IsEmpty || frame.Format.Codec is AudioCodec.OggFlac || skip-- > 0)
                {
                    continue;
                }

                // Without its position, which is one in the file.
                frames.Add(new AudioFrame(frame.Data, frame.Samples, frame.Format, frame.Lost, frame.Unheard));
                if (stopAtFrame)
                {
                    return offset;
                }
            }

            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
            if (read == 0)
            {
                return offset;
            }

            if (buffer.Length < reader.LookaheadBytes)
            {
                Array.Resize(ref buffer, reader.LookaheadBytes);
            }
        }
    }
}
