using System.Buffers;
using Isr.Audio.Flac;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Flac;

/// <summary>Streams and files of FLAC for the tests, and how they are taken apart and cut.</summary>
internal static class FlacStreams
{
    public static readonly FileFacts Facts =
        new("Bayern 2 – Süd", new DateTimeOffset(2024, 5, 17, 8, 0, 0, TimeSpan.FromHours(2)));

    public static byte[] Stereo => EncodedAudio.Flac(44100, 2, 4, "-sample_fmt", "s16");

    /// <summary>As sent to whoever joins later: nothing but frames.</summary>
    public static byte[] WithoutMetadata(byte[] file) => ReadFrame.Join(ReadFrame.All(new FlacFrameReader(), file));

    public static List<ReadFrame> Frames(ReadOnlySpan<byte> stream) => ReadFrame.All(new FlacFrameReader(), stream);

    public static FlacHeader Header(ReadFrame frame)
    {
        Assert.True(FlacHeader.TryRead(frame.Data, out var header));
        return header;
    }

    /// <summary>The same frames with other numbers.</summary>
    public static byte[] Renumbered(IEnumerable<ReadFrame> frames, long first, bool isVariable)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var frame in frames)
        {
            FlacFrame.Write(frame.Data, Header(frame), first, isVariable, output);
            first += isVariable ? frame.Samples : 1;
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>A new file begins with each of the numbered frames and where the format is another.</summary>
    public static List<byte[]> Cut(IReadOnlyList<ReadFrame> frames, params int[] starts)
    {
        var files = new List<byte[]>();
        IFileMuxer? muxer = null;
        var file = new ArrayBufferWriter<byte>();
        for (var i = 0; i < frames.Count; i++)
        {
            var isNew = i == 0 || frames[i].Format != frames[i - 1].Format;
            if (isNew || starts.Contains(i))
            {
                if (muxer is not null)
                {
                    files.Add(WithHeader(muxer, file.WrittenSpan));
                    file.Clear();
                }

                muxer = isNew ? StreamFormats.CreateMuxer(frames[i].Format) : muxer;
                muxer!.Begin(Facts, frames[i].Borrow(), file);
            }

            muxer!.Write(frames[i].Borrow(), file);
        }

        files.Add(WithHeader(muxer!, file.WrittenSpan));
        return files;
    }

    public static byte[] WithHeader(IFileMuxer muxer, ReadOnlySpan<byte> file)
    {
        var patched = file.ToArray();
        var header = new byte[muxer.MaxHeaderBytes];
        var length = muxer.GetHeader(header, out var offset);
        header.AsSpan(0, length).CopyTo(patched.AsSpan((int)offset));
        return patched;
    }

    /// <summary>The samples of each file, 32 bits each, as ffmpeg decodes them without a warning.</summary>
    public static List<byte[]> Decoded(params IReadOnlyCollection<string> paths) => Ffmpeg.Decode(paths, "s32le", "warning");

    /// <summary>Files of which neither decoder complains; as <see cref="Decoded"/>.</summary>
    public static List<byte[]> DecodedClean(params IReadOnlyCollection<string> paths)
    {
        var test = Tool.Run("flac", ["-t", "-s", .. paths]);
        Assert.Equal(0, test.ExitCode);
        Assert.DoesNotContain("ERROR", test.Errors, StringComparison.Ordinal);
        return Decoded(paths);
    }

    /// <summary>The samples as the reference decoder gives them.</summary>
    public static byte[] Libflac(string path, params string[] options) => Tool.Output(
        "flac", ["-d", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", .. options, path]);
}
