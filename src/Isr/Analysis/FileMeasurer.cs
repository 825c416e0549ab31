using System.Runtime.InteropServices;
using Isr.Audio;
using Isr.Audio.Levels;
using Isr.Audio.Mpeg;
using Isr.Audio.Ogg;
using Isr.Audio.Sniffing;
using Microsoft.Win32.SafeHandles;

namespace Isr.Analysis;

/// <summary>Decodes recordings of every format and measures their levels, in this process (and in ffmpeg's).</summary>
internal static partial class FileMeasurer
{
    // A few bytes of silence can claim years, and levels of these take memory.
    private const long MostSeconds = 7 * 86400;

    // Each costs a read, and can be as short as 10 bytes.
    private const int MostTags = 100;

    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x8_0000;

    /// <summary>Said of what is longer than that.</summary>
    public const string TooLong = "It is longer than seven days, or than levels are kept of: what follows was not measured.";

    private const string Unknown = "It is no audio of a kind that is known here.";

    /// <summary>
    /// Measures a file as long as it is when this is called. Whatever is in it, the answer is levels or a sentence; exceptions come only of a stop.
    /// </summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="cores">How many threads may work on it.</param>
    /// <param name="progress">Told now and then, on any thread, what part is done, from 0 to 1; null when nobody asks.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static MeasuredFile Measure(string path, int cores, Action<double>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // A pipe that nobody writes to would let an ordinary open wait for ever.
            using var file = Open(path, ReadOnly | NonBlocking | CloseOnExec);
            if (file.IsInvalid)
            {
                return Failed($"It cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
            }

            if (Directory.Exists(path) || !CanSeek(file))
            {
                return Failed("It is no file but a folder, pipe or device.");
            }

            var length = RandomAccess.GetLength(file);
            return length == 0 ? Failed("The file is empty.") : Measure(file, length, Math.Max(1, cores), progress, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed($"It cannot be read: {e.Message}");
        }
    }

    /// <summary>Whether a recording may be so long: no real one is longer.</summary>
    public static bool MayBe(long samples, int sampleRate, int channels) =>
        samples <= MostSeconds * sampleRate && LevelFile.Holds(samples, sampleRate, channels);

    private static MeasuredFile Measure(SafeFileHandle file, long length, int cores, Action<double>? progress, CancellationToken cancellationToken)
    {
        var head = new byte[StreamSniffer.MaxBytes];
        var (offset, filled) = SkipTags(file, length, head);
        var start = head.AsSpan(0, filled);
        if (start.Length >= 12 && (start.StartsWith("RIFF"u8) || start.StartsWith("RF64"u8)) && start[8..].StartsWith("WAVE"u8))
        {
            var measured = WavMeasurer.Measure(file, length, cores, progress, cancellationToken);

            // Of another codec than PCM: ADPCM, mu-law.
            return measured.Levels is null && LossyMeasurer.Measure("wav", null, file, offset, length, progress, cancellationToken) is { Levels: not null } other
                ? other
                : measured;
        }

        return StreamSniffer.Sniff(start, isFinal: true) switch
        {
            StreamKind.Flac => FlacMeasurer.Measure(file, length, cores, progress, cancellationToken),
            StreamKind.MpegAudio => LossyMeasurer.Measure("mp3", StreamKind.MpegAudio, file, offset, length, progress, cancellationToken),
            StreamKind.Adts => LossyMeasurer.Measure("aac", StreamKind.Adts, file, offset, length, progress, cancellationToken),
            StreamKind.Ogg => CodecOf(file, length) == AudioCodec.OggFlac
                ? FlacMeasurer.MeasureOgg(file, length, progress, cancellationToken)
                : LossyMeasurer.Measure("ogg", StreamKind.Ogg, file, offset, length, progress, cancellationToken),
            _ => Failed(Unknown),
        };
    }

    private static MeasuredFile Failed(string sentence) => new() { Sentence = sentence };

    private static AudioCodec CodecOf(SafeFileHandle file, long length) =>
        new FileFrames(new OggFrameReader(), file, length, null).TryNext(out var frame) ? frame.Format.Codec : AudioCodec.None;

    /// <summary>Reads what stands behind the ID3v2 tags with which a file begins.</summary>
    private static (long Offset, int Filled) SkipTags(SafeFileHandle file, long length, byte[] head)
    {
        var offset = 0L;
        for (var tags = 0; ; tags++)
        {
            var filled = RandomAccess.Read(file, head, offset);
            if (!Id3Tag.TryReadLength(head.AsSpan(0, filled), out var tag) || offset + tag >= length || tags == MostTags)
            {
                return (offset, filled);
            }

            offset += tag;
        }
    }

    private static bool CanSeek(SafeFileHandle file)
    {
        using var stream = new FileStream(new SafeFileHandle(file.DangerousGetHandle(), ownsHandle: false), FileAccess.Read, bufferSize: 0);
        return stream.CanSeek;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
