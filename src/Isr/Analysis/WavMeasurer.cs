using System.Buffers;
using Isr.Audio.Levels;
using Isr.Audio.Wav;
using Microsoft.Win32.SafeHandles;

namespace Isr.Analysis;

/// <summary>
/// Measures WAV files as they lie there, on several cores: in ranges of whole windows, which are joined in their order. What a
/// header does not say, or says wrongly, is taken from the file's length.
/// </summary>
internal static class WavMeasurer
{
    /// <summary>Read at once. Fits the cache of a core, so that what was read is measured from there.</summary>
    private const int BufferBytes = 256 * 1024;

    /// <summary>Measured by one thread before it takes the next range.</summary>
    private const int RangeBytes = 4 * 1024 * 1024;

    /// <summary>Measures what is in the file. Whatever that is, the answer is levels or a sentence.</summary>
    /// <param name="file">Open for reading; it may grow or shrink meanwhile.</param>
    /// <param name="length">How much of it is looked at.</param>
    /// <param name="cores">How many threads may work on it, this one included.</param>
    /// <param name="progress">Told now and then, on any thread, what part is done, from 0 to 1; null when nobody asks.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static MeasuredFile Measure(SafeFileHandle file, long length, int cores, Action<double>? progress, CancellationToken cancellationToken)
    {
        WavFileInfo info;
        try
        {
            if (!WavFileInfo.TryRead((offset, destination) => RandomAccess.Read(file, destination, offset), length, out info))
            {
                return new MeasuredFile { Sentence = info.Refusal };
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new MeasuredFile { Sentence = $"Its header could not be read: {e.Message}" };
        }

        if (info.Channels > RecordingLevels.MaxChannels)
        {
            return new MeasuredFile { Sentence = $"It has {info.Channels} channels; more than {RecordingLevels.MaxChannels} are not measured." };
        }

        if (!LevelFile.Holds(info.Samples, info.SampleRate, info.Channels))
        {
            return new MeasuredFile { Sentence = $"Its {info.Samples} samples of {info.Channels} channels at {info.SampleRate} Hz make more levels than are kept." };
        }

        var ranges = new Ranges(file, info, progress, cancellationToken);
        ranges.Measure(Math.Max(1, cores));
        var levels = ranges.Levels.ToLevels();
        var end = (double)levels.Samples / info.SampleRate;
        if (levels.Samples < info.Samples)
        {
            return new MeasuredFile { Levels = levels, DamagedFrom = end, Sentence = $"It could not be read beyond {end:0.0} s: {ranges.Trouble ?? "it has become shorter meanwhile."}" };
        }

        // A header that was written after the length was asked for may tell of what came in between.
        if (info.MissingBytes >= info.BlockAlign && RandomAccess.GetLength(file) <= length)
        {
            var missing = (double)(info.MissingBytes / info.BlockAlign) / info.SampleRate;
            return new MeasuredFile { Levels = levels, DamagedFrom = end, Sentence = $"Its end is missing: {missing:0.0} s that its header tells of are not there." };
        }

        return new MeasuredFile { Levels = levels };
    }

    private sealed class Ranges(SafeFileHandle file, WavFileInfo info, Action<double>? progress, CancellationToken cancellationToken)
    {
        // On the boundaries of windows, as sums of floating point can be joined nowhere else.
        private readonly long _rangeSamples = (long)RecordingLevels.WindowOf(info.SampleRate)
            * Math.Max(1, RangeBytes / ((long)RecordingLevels.WindowOf(info.SampleRate) * info.BlockAlign));

        private readonly Lock _gate = new();
        private readonly Dictionary<long, LevelWindows> _waiting = [];
        private long _next;
        private long _joined;
        private volatile bool _isShort;

        /// <summary>Of all ranges that were joined, which is up to the first one that could not be read whole.</summary>
        public LevelWindows Levels { get; } = NewWindows(info, 0);

        public string? Trouble { get; private set; }

        public void Measure(int cores)
        {
            var workers = (int)Math.Clamp(info.Samples / _rangeSamples, 1, cores);
            OwnThreads.Run(workers, Work);
        }

        private static LevelWindows NewWindows(in WavFileInfo info, long firstSample) => new(info.SampleRate, info.Channels, info.SampleFormat, firstSample);

        private void Work()
        {
            var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
            try
            {
                while (Interlocked.Increment(ref _next) - 1 is var range && range <= (info.Samples - 1) / _rangeSamples && info.Samples > 0 && !_isShort)
                {
                    Join(range, MeasureRange(range, buffer));
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        private LevelWindows MeasureRange(long range, byte[] buffer)
        {
            var first = range * _rangeSamples;
            var windows = NewWindows(info, first);
            var rest = SamplesOf(range) * info.BlockAlign;
            var at = info.DataOffset + (first * info.BlockAlign);
            while (rest > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length / info.BlockAlign * info.BlockAlign, rest));
                var read = Read(at, part);
                windows.Add(part[..(read / info.BlockAlign * info.BlockAlign)]);
                if (read < part.Length)
                {
                    break;
                }

                at += read;
                rest -= read;
            }

            return windows;
        }

        private int Read(long at, Span<byte> destination)
        {
            var count = 0;
            try
            {
                while (count < destination.Length && RandomAccess.Read(file, destination[count..], at + count) is > 0 and var more)
                {
                    count += more;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                lock (_gate)
                {
                    Trouble ??= e.Message;
                }
            }

            return count;
        }

        private void Join(long range, LevelWindows windows)
        {
            double done;
            lock (_gate)
            {
                _waiting.Add(range, windows);
                while (!_isShort && _waiting.Remove(_joined, out var next))
                {
                    Levels.Append(next);
                    _isShort = next.Samples < SamplesOf(_joined);
                    _joined++;
                }

                done = (double)Levels.Samples / info.Samples;
            }

            progress?.Invoke(done);
        }

        private long SamplesOf(long range) => Math.Min(_rangeSamples, info.Samples - (range * _rangeSamples));
    }
}
