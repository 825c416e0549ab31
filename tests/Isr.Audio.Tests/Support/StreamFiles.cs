using System.Buffers;

namespace Isr.Audio.Tests.Support;

/// <summary>A file that was made of a stream.</summary>
/// <param name="Bytes">All of it, its header completed.</param>
/// <param name="Extension">With its dot.</param>
/// <param name="Samples">Of the stream in it, per channel.</param>
/// <param name="Format">Of its frames.</param>
internal sealed record MadeFile(byte[] Bytes, string Extension, long Samples, AudioFormat Format);

/// <summary>Makes files of a stream as the recorder does.</summary>
internal static class StreamFiles
{
    public static readonly FileFacts Facts =
        new("Bayern 2 – Süd", new DateTimeOffset(2024, 5, 17, 8, 0, 0, TimeSpan.FromHours(2)));

    /// <summary>
    /// Begins a new file where the format changes, something is missing, or <paramref name="isCut"/> says so of a
    /// frame's number; what is gathered is put out every few frames.
    /// </summary>
    public static List<MadeFile> Make(IEnumerable<ReadFrame> frames, Func<int, bool> isCut)
    {
        var files = new List<MadeFile>();
        IFileMuxer? muxer = null;
        AudioFormat format = default;
        Open? open = null;
        var number = 0;
        foreach (var frame in frames)
        {
            var isNew = frame.Format != format;
            if (open is not null && (isNew || frame.Lost is not null || isCut(number)))
            {
                files.Add(open.Close());
                open = null;
            }

            if (isNew)
            {
                (muxer, format) = (StreamFormats.CreateMuxer(frame.Format), frame.Format);
            }

            if (open is null && frame.Samples == 0)
            {
                muxer!.Observe(frame.Borrow());
            }
            else
            {
                open ??= new Open(muxer!, frame);
                open.Write(frame, isFlushed: number % 11 == 0);
            }

            number++;
        }

        if (open is not null)
        {
            files.Add(open.Close());
        }

        return files;
    }

    /// <summary>
    /// Cuts for <see cref="Make"/> in a stream of so many frames of each format, somewhere, but with no file so short that
    /// tools take it for none of its format.
    /// </summary>
    public static Func<int, bool> CutAtRandom(Random random, int longest, params IEnumerable<int> frames)
    {
        const int Shortest = 10;
        var starts = new HashSet<int>();
        var begin = 0;
        foreach (var count in frames)
        {
            for (var at = random.Next(Shortest, longest); at <= count - Shortest; at += random.Next(Shortest, longest))
            {
                starts.Add(begin + at);
            }

            begin += count;
        }

        return starts.Contains;
    }

    private sealed class Open
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private readonly IFileMuxer _muxer;
        private readonly AudioFormat _format;
        private long _samples;

        public Open(IFileMuxer muxer, ReadFrame first)
        {
            (_muxer, _format) = (muxer, first.Format);
            _muxer.Begin(Facts, first.Borrow(), _bytes);
        }

        public void Write(ReadFrame frame, bool isFlushed)
        {
            _muxer.Write(frame.Borrow(), _bytes);
            _samples += frame.Samples;
            if (isFlushed)
            {
                _muxer.Flush(_bytes);
            }
        }

        public MadeFile Close()
        {
            _muxer.Finish(_bytes);
            Assert.Equal(0, _muxer.PendingSamples);
            var bytes = _bytes.WrittenSpan.ToArray();
            var header = new byte[_muxer.MaxHeaderBytes];
            var length = _muxer.GetHeader(header, out var offset);
            header.AsSpan(0, length).CopyTo(bytes.AsSpan((int)offset));
            return new MadeFile(bytes, _muxer.Extension, _samples, _format);
        }
    }
}
