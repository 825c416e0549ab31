using System.Runtime.InteropServices;
using Isr.Audio;
using Isr.Audio.Levels;
using Isr.Audio.Mpeg;
using Isr.Audio.Sniffing;
using Isr.Codecs;
using Microsoft.Win32.SafeHandles;

namespace Isr.Analysis;

/// <summary>
/// Has ffmpeg decode a file and measures what comes. On its way there the bytes go past the own frame reader, which knows at what
/// second something is missing; ffmpeg only passes over it.
/// </summary>
internal static class LossyMeasurer
{
    private const int BlockBytes = 128 * 1024;

    /// <param name="demuxer">ffmpeg's name of the container.</param>
    /// <param name="kind">Whose frames tell of damage; null when none can.</param>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where the audio begins, behind the tags.</param>
    /// <param name="length">Of the file.</param>
    /// <param name="progress">Told what part is fed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static MeasuredFile Measure(
        string demuxer, StreamKind? kind, SafeFileHandle file, long offset, long length, Action<double>? progress, CancellationToken cancellationToken)
    {
        var sink = new Sink(kind == StreamKind.MpegAudio ? ReadInfo(file, offset, length) : default);
        var damage = kind is { } known ? new LossyDamage(StreamFormats.CreateReader(known)) : null;
        string? words;
        try
        {
            words = FfmpegDecoder.DecodeAsync(demuxer, FeedAsync, sink, cancellationToken).GetAwaiter().GetResult();
        }
        catch (TooLongException)
        {
            return new MeasuredFile { Levels = sink.Windows!.ToLevels(), DamagedFrom = damage?.From, Sentence = FileMeasurer.TooLong };
        }

        if (sink.Windows is not { Samples: > 0 } windows)
        {
            return new MeasuredFile { Sentence = words is null ? "No audio could be decoded." : words == FfmpegDecoder.NotInstalled ? words + "." : $"It cannot be decoded: {words}." };
        }

        return new MeasuredFile
        {
            Levels = windows.ToLevels(),
            DamagedFrom = damage?.From,
            Sentence = damage?.From is not null ? "A part is missing or damaged, and left out." : words is not null ? $"The decoder complained: {words}." : null,
        };

        async Task FeedAsync(Stream input, CancellationToken stop)
        {
            var buffer = new byte[BlockBytes];
            for (var at = offset; at < length;)
            {
                var count = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)), at);
                if (count == 0)
                {
                    return;
                }

                damage?.Add(buffer.AsSpan(0, count));
                await input.WriteAsync(buffer.AsMemory(0, count), stop);
                at += count;
                progress?.Invoke((double)at / length);
            }
        }
    }

    private static MpegFileInfo ReadInfo(SafeFileHandle file, long offset, long length)
    {
        var head = new byte[MpegFileInfo.HeadBytes];
        return MpegFileInfo.TryRead(head.AsSpan(0, RandomAccess.Read(file, head, offset)), length - offset, out var info) ? info : default;
    }

    /// <param name="info">
    /// How many samples are sound, and how many behind them are padding. ffmpeg drops what is too much at the start, but not at the end of a
    /// pipe. Where more comes than the file's head knows of, as where files were joined, it is sound after all.
    /// </param>
    private sealed class Sink(MpegFileInfo info) : IPcmSink
    {
        private readonly List<byte> _padding = [];
        private PcmFormat _format;

        public LevelWindows? Windows { get; private set; }

        public void Begin(PcmFormat format)
        {
            _format = format;
            Windows = new LevelWindows(format.SampleRate, format.Channels, format.Sample);
        }

        public void Take(ReadOnlySpan<byte> samples)
        {
            var momentBytes = _format.Channels * sizeof(float);
            if (info.Padding > 0 && Windows!.Samples + (samples.Length / momentBytes) > info.Samples && _padding.Count <= info.Padding * momentBytes)
            {
                var sound = (int)Math.Max(0, info.Samples - Windows.Samples) * momentBytes;
                Add(samples[..sound]);
                _padding.AddRange(samples[sound..]);
                if (_padding.Count <= info.Padding * momentBytes)
                {
                    return;
                }

                samples = CollectionsMarshal.AsSpan(_padding);
            }

            Add(samples);
        }

        private void Add(ReadOnlySpan<byte> samples)
        {
            if (!FileMeasurer.MayBe(Windows!.Samples + (samples.Length / (_format.Channels * sizeof(float))), _format.SampleRate, _format.Channels))
            {
                throw new TooLongException();
            }

            Windows.Add(samples);
        }
    }

    private sealed class TooLongException : Exception;
}
