using Isr.Audio;
using Isr.Audio.Flac;
using Isr.Audio.Levels;
using Isr.Audio.Ogg;
using Isr.Codecs;
using Isr.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isr.Analysis;

/// <summary>
/// Measures FLAC on all cores: the file is cut at frames, each part has a decoder of its own, and their levels are joined by the
/// frames' numbers. Where these do not fit together, all is decoded once more from the start, by one decoder.
/// </summary>
internal static class FlacMeasurer
{
    // About a quarter of a minute, so that cores end at one time; to begin one costs a tenth of a millisecond.
    private const long PartBytes = 1024 * 1024;

    private const string NoFrames = "The FLAC file holds no audio that can be decoded.";

    public static MeasuredFile Measure(SafeFileHandle file, long length, int cores, Action<double>? progress, CancellationToken cancellationToken) =>
        Measure(file, length, cores, PartBytes, progress, cancellationToken);

    internal static MeasuredFile Measure(SafeFileHandle file, long length, int cores, long partBytes, Action<double>? progress, CancellationToken cancellationToken)
    {
        if (!NativeLibraries.HasFlac)
        {
            return new MeasuredFile { Sentence = NativeLibraries.FlacSentence + "." };
        }

        var total = ReadTotal(file, length);
        if (FlacStart.Find(file, 0, length, length, [], cancellationToken) is not { Format.Channels: > 0 } start)
        {
            return new MeasuredFile { Sentence = NoFrames };
        }

        var lacksStart = start.Position > 0 && start.Position < total;
        if (!lacksStart && cores > 1 && length - start.Offset > partBytes
            && MeasureParts(file, length, start, cores, partBytes, progress, cancellationToken) is { } windows)
        {
            return Finish(windows, windows.Samples, start, total, null, null);
        }

        var levels = new FlacLevels(start, lacksStart ? 0 : start.Position, isStrict: false);
        if (lacksStart)
        {
            levels.ExpectFromStart();
        }

        var done = 0L;
        FlacDecoder.Decode(
            new FlacBytes(start.MakeHead(), file, start.Offset, length, progress is null ? null : bytes => progress((double)(done += bytes) / length)),
            levels,
            cancellationToken);
        return Finish(levels, start, total);
    }

    /// <summary>Measures the FLAC that is in an Ogg file.</summary>
    public static MeasuredFile MeasureOgg(SafeFileHandle file, long length, Action<double>? progress, CancellationToken cancellationToken)
    {
        if (!NativeLibraries.HasFlac)
        {
            return new MeasuredFile { Sentence = NativeLibraries.FlacSentence + "." };
        }

        var probe = new FileFrames(new OggFrameReader(), file, length, null);
        if (!probe.TryNext(out var first))
        {
            return new MeasuredFile { Sentence = probe.Refusal ?? NoFrames };
        }

        var format = first.Format with { Setup = null };
        var start = new FlacStart(0, format, first.Samples, 0);
        var done = 0L;
        var frames = new FileFrames(new OggFrameReader(), file, length, bytes =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke((double)(done += bytes) / length);
        });
        var levels = new FlacLevels(start, FirstPosition(first), isStrict: false);
        FlacDecoder.Decode(new FlacFrameBytes(start.MakeHead(), frames), levels, cancellationToken);
        return Finish(levels, start, 0);
    }

    // The frame's own number; what Ogg tells of the place is another count.
    private static long FirstPosition(scoped in AudioFrame frame)
    {
        var reader = new FlacFrameReader();
        var start = new FlacStart(0, frame.Format with { Setup = null }, frame.Samples, 0);
        byte[] alone = [.. start.MakeHead(), .. frame.Data];
        var at = 0;
        bool found;
        AudioFrame own;
        while (!(found = reader.TryRead(alone.AsSpan(at), isFinal: true, out var consumed, out own)) && consumed > 0)
        {
            at += consumed;
        }

        return found ? own.Position?.Samples ?? 0 : 0;
    }

    private static long ReadTotal(SafeFileHandle file, long length)
    {
        var head = new byte[64 * 1024];
        var offset = 0L;
        while (offset < length)
        {
            var read = RandomAccess.Read(file, head, offset);
            if (FlacFileInfo.TryRead(head.AsSpan(0, read), out var info))
            {
                return info.Samples;
            }

            if (info.AudioOffset < read || read == 0)
            {
                return 0;
            }

            offset += info.AudioOffset;
        }

        return 0;
    }

    /// <summary>Null when the parts do not fit together.</summary>
    private static LevelWindows? MeasureParts(
        SafeFileHandle file, long length, FlacStart start, int cores, long partBytes, Action<double>? progress, CancellationToken cancellationToken)
    {
        var head = start.MakeHead();
        var count = (int)Math.Min(int.MaxValue / 2, (length - start.Offset + partBytes - 1) / partBytes);
        long Edge(int part) => Math.Min(length, start.Offset + (part * partBytes));
        var starts = new Lazy<long?>[count];
        for (var i = 0; i < count; i++)
        {
            var part = i;
            starts[i] = new Lazy<long?>(() => part == 0 ? start.Offset : FlacStart.Find(file, Edge(part), Edge(part + 1), length, head, cancellationToken)?.Offset);
        }

        var parts = new FlacLevels?[count];
        var (next, done, isOdd) = (-1, 0L, false);
        Action<long>? tell = progress is null ? null : bytes => progress((double)Interlocked.Add(ref done, bytes) / (length - start.Offset));
        OwnThreads.Run(Math.Min(cores, count), () =>
        {
            try
            {
                while (Interlocked.Increment(ref next) is var part && part < count && !Volatile.Read(ref isOdd))
                {
                    parts[part] = MeasurePart(part);
                }
            }
            catch
            {
                Volatile.Write(ref isOdd, true);
                throw;
            }
        });

        return isOdd ? null : Join(parts, start.Format.SampleRate);

        FlacLevels? MeasurePart(int part)
        {
            if (starts[part].Value is not { } from)
            {
                return null;
            }

            // A part in which no frame begins belongs to the one before.
            var end = part + 1;
            while (end < count && starts[end].Value is null)
            {
                end++;
            }

            var levels = new FlacLevels(start, start.Position, isStrict: true);
            FlacDecoder.Decode(new FlacBytes(head, file, from, end < count ? starts[end].Value!.Value : length, tell), levels, cancellationToken);
            if (levels is { OddFrom: not null } or { IsOther: true } or { IsTooLong: true })
            {
                Volatile.Write(ref isOdd, true);
            }

            return levels;
        }
    }

    private static LevelWindows? Join(FlacLevels?[] parts, int sampleRate)
    {
        LevelWindows? whole = null;
        foreach (var part in parts)
        {
            if (part is null)
            {
                continue;
            }

            if (part.Windows is not { } windows || part.First != (whole?.Samples ?? 0) || !FileMeasurer.MayBe(part.End, sampleRate, windows.Channels))
            {
                return null;
            }

            if (whole is null)
            {
                whole = windows;
            }
            else
            {
                whole.Append(windows);
            }
        }

        return whole;
    }

    private static MeasuredFile Finish(FlacLevels levels, FlacStart start, long total)
    {
        if (levels.Windows is not { Samples: > 0 } windows)
        {
            return new MeasuredFile { Sentence = NoFrames };
        }

        var end = levels.IsOther ? "Its rate, channels, size of samples or of blocks change there: what follows was not measured."
            : levels.IsTooLong ? FileMeasurer.TooLong
            : null;
        return Finish(windows, levels.End, start, total, levels.OddFrom, end);
    }

    private static MeasuredFile Finish(LevelWindows windows, long samples, FlacStart start, long total, long? oddFrom, string? end)
    {
        var from = oddFrom ?? (end is not null || (total > 0 && samples < total) ? samples : null);
        return new MeasuredFile
        {
            Levels = windows.ToLevels(),
            DamagedFrom = (double?)from / start.Format.SampleRate,
            Sentence = end
                ?? (oddFrom is not null ? "Frames are missing or damaged: where it is known how many, silence stands for them."
                : from is not null ? "The file ends before its header says."
                : null),
        };
    }
}
