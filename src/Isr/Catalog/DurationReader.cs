using Isr.Audio;
using Isr.Audio.Flac;
using Isr.Audio.Mpeg;
using Isr.Audio.Ogg;
using Isr.Audio.Sniffing;
using Isr.Audio.Wav;
using Microsoft.Win32.SafeHandles;

namespace Isr.Catalog;

/// <summary>How long a file plays and how it is coded, from its own bytes.</summary>
internal readonly record struct FileDuration(double? Seconds, int? SampleRate, int? Channels);

/// <summary>Reads durations of files that the journal does not know. Hostile bytes give an unknown duration.</summary>
internal static class DurationReader
{
    private const int BlockBytes = 64 * 1024;

    public static FileDuration Read(string path, string extension)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return extension switch
            {
                ".mp3" => ReadMpeg(file),
                ".aac" => Count(file, StreamKind.Adts),
                ".flac" => ReadFlac(file),
                ".wav" => ReadWav(file),
                ".ogg" or ".oga" or ".opus" => ReadOgg(file),
                _ => default,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone, or not ours to read: listed without a duration.
            return default;
        }
    }

    private static FileDuration ReadMpeg(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var head = new byte[BlockBytes];
        var read = RandomAccess.Read(file, head, 0);
        if (!MpegFileInfo.TryRead(head.AsSpan(0, read), length, out var info) && info.AudioOffset >= read && info.AudioOffset < length)
        {
            // Pictures in the tag can be larger than the block.
            var offset = info.AudioOffset;
            read = RandomAccess.Read(file, head, offset);
            MpegFileInfo.TryRead(head.AsSpan(0, read), length - offset, out info);
        }

        return info.Format.SampleRate == 0
            ? default
            : new FileDuration((double)info.Samples / info.Format.SampleRate, info.Format.SampleRate, info.Format.Channels);
    }

    private static FileDuration ReadFlac(SafeFileHandle file)
    {
        var head = new byte[BlockBytes];
        var read = RandomAccess.Read(file, head, 0);
        if (!FlacFileInfo.TryRead(head.AsSpan(0, read), out var info) && info.AudioOffset > 0)
        {
            read = RandomAccess.Read(file, head, info.AudioOffset);
            FlacFileInfo.TryRead(head.AsSpan(0, read), out info);
        }

        return info.Format.SampleRate == 0
            ? default
            : new FileDuration(
                info.Samples == 0 ? null : (double)info.Samples / info.Format.SampleRate,
                info.Format.SampleRate,
                info.Format.Channels);
    }

    private static FileDuration ReadWav(SafeFileHandle file) =>
        WavFileInfo.TryRead((offset, destination) => RandomAccess.Read(file, destination, offset), RandomAccess.GetLength(file), out var info)
            ? new FileDuration((double)info.Samples / info.SampleRate, info.SampleRate, info.Channels)
            : default;

    private static FileDuration ReadOgg(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var head = new byte[BlockBytes];
        var headLength = RandomAccess.Read(file, head, 0);
        var tail = new byte[OggFileInfo.TailBytes];
        var tailLength = RandomAccess.Read(file, tail, Math.Max(0, length - tail.Length));
        return OggFileInfo.TryRead(head.AsSpan(0, headLength), tail.AsSpan(0, tailLength), out var info)
            ? new FileDuration((double)info.Samples / info.Format.SampleRate, info.Format.SampleRate, info.Format.Channels)
            : Count(file, StreamKind.Ogg);
    }

    /// <summary>Counts every frame: ADTS has no header, a chain of Ogg streams none that tells of all.</summary>
    private static FileDuration Count(SafeFileHandle file, StreamKind kind)
    {
        var reader = StreamFormats.CreateReader(kind);
        var buffer = new byte[Math.Max(BlockBytes, reader.LookaheadBytes)];
        var (length, position, seconds) = (0, 0L, 0.0);
        AudioFormat format = default;
        while (true)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(length), position);
            position += read;
            length += read;
            var start = 0;
            while (reader.TryRead(buffer.AsSpan(start, length - start), read == 0, out var consumed, out var frame) || consumed > 0)
            {
                if (frame.Samples > 0)
                {
                    format = frame.Format;
                    seconds += (double)frame.Samples / format.SampleRate;
                }

                start += consumed;
            }

            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
            if (buffer.Length < reader.LookaheadBytes)
            {
                Array.Resize(ref buffer, reader.LookaheadBytes);
            }

            if (read == 0)
            {
                return format.SampleRate == 0 ? default : new FileDuration(seconds, format.SampleRate, format.Channels);
            }
        }
    }
}
