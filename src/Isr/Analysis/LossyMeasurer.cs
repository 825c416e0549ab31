using Isr.Audio;
using Isr.Audio.Levels;
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
        var sink = new Sink();
        var damage = kind is { } known ? new LossyDamage(StreamFormats.CreateReader(known)) : null;
        string? words;
        try
        {
            words = FfmpegDecoder.DecodeAsync(demuxer, FeedAsync, sink, cancellationToken).GetAwaiter().GetResult();
        }
        catch (TooLongException)
        {
            words = "it is longer than seven days, of which the first were measured";
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

    private sealed class Sink : IPcmSink
    {
        private PcmFormat _format;

        public LevelWindows? Windows { get; private set; }

        public void Begin(PcmFormat format)
        {
            _format = format;
            Windows = new LevelWindows(format.SampleRate, format.Channels, format.Sample);
        }

        public void Take(ReadOnlySpan<byte> samples)
        {
            if (Windows!.Samples > FileMeasurer.MostSeconds * _format.SampleRate)
            {
                throw new TooLongException();
            }

            Windows.Add(samples);
        }
    }

    private sealed class TooLongException : Exception;
}
