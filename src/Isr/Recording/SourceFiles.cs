using System.Buffers;
using Isr.Audio;
using Isr.Configuration;
using Isr.Recording.Disk;
using Isr.Recording.Journal;
using Isr.Sources;

namespace Isr.Recording;

/// <summary>
/// The files of one source, one after the other: names them, muxes frames into them, hands the bytes to the
/// disk, and enters into the journal what became of them. Used by the source's task.
/// </summary>
internal sealed class SourceFiles(SourceSettings settings, RecordingFolder folder, SourceMonitor monitor, DiskWriters disks, Ledger ledger)
{
    private readonly ArrayBufferWriter<byte> _staging = new(16 * 1024);
    private byte[] _header = [];
    private IFileMuxer? _muxer;
    private AudioFormat _format;
    private Current? _current;

    public bool IsOpen => _current is not null;

    public AudioFormat Format => _format;

    /// <summary>When the last file ended, or its written part did; null before the first.</summary>
    public DateTimeOffset? End { get; private set; }

    /// <summary>Samples of the present file so far.</summary>
    public long Samples => _current?.Samples ?? 0;

    public string? Name => _current?.Name;

    /// <summary>Bytes of the present file are on the disk.</summary>
    public bool IsWritten => _current is { File.WrittenSamples: > 0 };

    /// <summary>A new connection: nothing of the last one is repeated in its files.</summary>
    public void Forget() => _muxer = null;

    /// <summary>Opens a file; <paramref name="first"/> is not written yet.</summary>
    /// <param name="first">The frame that the file will begin with.</param>
    /// <param name="start">When that frame sounded, as a place on the wall clock and on the monotonic clock.</param>
    /// <param name="name">The local time that names the file.</param>
    public void Open(in AudioFrame first, FileStart start, DateTimeOffset name)
    {
        if (_muxer is null || _format != first.Format)
        {
            _muxer = StreamFormats.CreateMuxer(first.Format);
            _format = first.Format;
            _header = new byte[_muxer.MaxHeaderBytes];
        }

        var current = new Current(start.Local, first.Format.SampleRate);
        current.File = new RecordingFile(
            settings.OutputDirectory,
            settings.FilenamePattern.Format(name, folder.ZoneName(name)),
            _muxer.Extension,
            path => Opened(current, path, start),
            written => Ended(current, written));
        _current = current;

        _muxer.Begin(new FileFacts(settings.Name, start.Local), first, _staging);
        disks.For(settings.OutputDirectory).Add(current.File);
    }

    public void Write(in AudioFrame frame)
    {
        _muxer!.Write(frame, _staging);
        _current!.Samples += frame.Samples;
    }

    /// <summary>A frame that no file can take; the next file may have to repeat it.</summary>
    public void Observe(in AudioFrame frame)
    {
        if (_muxer is not null && _format == frame.Format)
        {
            _muxer.Observe(frame);
        }
    }

    /// <summary>Gives what was written to the disk's thread. A sentence when the file has failed; it is then closed.</summary>
    public string? Commit()
    {
        if (_current is not { } current || _staging.WrittenCount == 0)
        {
            return null;
        }

        var headerLength = _muxer!.GetHeader(_header, out var headerOffset);
        var isTaken = current.File.TryCommit(_staging.WrittenSpan, _header.AsSpan(0, headerLength), headerOffset, current.Samples);
        current.Bytes += _staging.WrittenCount;
        _staging.ResetWrittenCount();
        if (isTaken)
        {
            monitor.SetFile(current.Bytes, current.File.PendingBytes);
            return null;
        }

        var failure = current.File.Failure!;
        End = current.TimeOf(current.File.WrittenSamples);
        current.How = GapCause.Disk;
        current.File.Complete();
        _current = null;
        return failure;
    }

    /// <summary>Ends the present file, if there is one, for a reason that is a word of <see cref="GapCause"/>.</summary>
    public void Close(string how, DateTimeOffset end)
    {
        Commit();
        if (_current is { } current)
        {
            current.How = how;
            current.End = end;
            current.File.Complete();
            End = end;
            _current = null;
        }
    }

    // On the disk's thread.
    private void Opened(Current current, string path, FileStart start)
    {
        current.Name = folder.NameOf(path);
        ledger.Opened(new FileOpened(
            settings.Name, current.Name, start.Local, _format.Codec.ToString(), _format.SampleRate, _format.Channels, null), start);
        monitor.Update(s => s with { File = current.Name });
    }

    // On the disk's thread.
    private void Ended(Current current, WrittenFile written)
    {
        monitor.Update(s => s.File == current.Name ? s with { File = null } : s);
        if (written.Path is not null && current.Name is not null)
        {
            var end = written.Failure is null ? current.End : current.TimeOf(written.Samples);
            ledger.Closed(new FileClosed(settings.Name, current.Name, end, written.Samples, written.Bytes, written.Failure is null ? current.How : GapCause.Disk), written.Path);
        }
    }

    private sealed class Current(DateTimeOffset start, int sampleRate)
    {
        public RecordingFile File { get; set; } = null!;

        public volatile string? Name;

        public long Samples { get; set; }

        public long Bytes { get; set; }

        public DateTimeOffset End { get; set; }

        public string How { get; set; } = GapCause.Split;

        public DateTimeOffset TimeOf(long samples) => start.AddSeconds((double)samples / sampleRate);
    }
}
