using System.Buffers;
using Isr.Audio;
using Isr.Configuration;
using Isr.Recording.Disk;
using Isr.Recording.Joining;
using Isr.Recording.Journal;
using Isr.Sources;

namespace Isr.Recording;

/// <summary>
/// The files of one source, one after the other: names them, muxes frames into them, hands the bytes to the
/// disk, and enters into the journal what became of them. Used by the source's task.
/// </summary>
internal sealed partial class SourceFiles(
    SourceSettings settings,
    Func<AudioFormat, IFileMuxer> createMuxer,
    RecordingFolder folder,
    SourceMonitor monitor,
    DiskWriters disks,
    RecordingPlace place,
    SourceMeter meter,
    LevelFeed levels,
    Ledger ledger)
{
    private readonly ArrayBufferWriter<byte> _staging = new(16 * 1024);
    private byte[] _header = [];
    private IFileMuxer? _muxer;
    private AudioFormat _format;
    private Current? _current;
    private Current? _last;
    private Current? _lastButOne;
    private double _speed = 1;

    public bool IsOpen => _current is not null;

    public AudioFormat Format => _format;

    /// <summary>When the last file that holds anything ended, or its written part did; null before the first.</summary>
    public DateTimeOffset? End { get; private set; }

    /// <summary>Bytes of the present file are on the disk.</summary>
    public bool IsWritten => _current is { File.WrittenSamples: > 0 };

    /// <summary>The source counts so much faster than the clock, in parts per million: what tells how long its samples lasted.</summary>
    public void SetDrift(double ppm)
    {
        _speed = 1 + (ppm * 1e-6);
        _current?.Speed = _speed;
    }

    /// <summary>An earlier run's last file ended then.</summary>
    public void Resume(DateTimeOffset? end) => End = end;

    /// <summary>A new connection: nothing of the last one is repeated in its files.</summary>
    public void Forget()
    {
        _muxer = null;
        _unwritten?.Break();
        if (_current is { } left)
        {
            // A defect kept it from being closed; what is in it is whole.
            (left.How, left.End) = (GapCause.Of(EndCause.Broken), left.TimeOf(left.File.WrittenSamples));
            left.File.Complete();
            _staging.ResetWrittenCount();
            _current = null;
        }
    }

    /// <summary>Opens a file; <paramref name="first"/> is not written yet.</summary>
    /// <param name="first">The frame that the file will begin with.</param>
    /// <param name="start">When that frame sounded, as a place on the wall clock and on the monotonic clock.</param>
    /// <param name="name">The local time that names the file.</param>
    /// <param name="gap">Why something is missing before it, if so.</param>
    /// <param name="isSameEra">The clock was not set since the last file: times before and after can be compared.</param>
    public void Open(in AudioFrame first, FileStart start, DateTimeOffset name, Gap? gap, bool isSameEra)
    {
        var muxer = MuxerFor(first.Format);
        var previous = isSameEra ? _last : null;
        if (previous is { File: { Failure: { } failure, WrittenSamples: 0 } })
        {
            // It never came to be: the gap before it is the gap before this one.
            gap = previous.GapIfLost ?? new Gap(GapCause.Disk, failure);
            previous = previous.Previous;
        }

        // Headers with pictures in them may be larger than what is usual, and must not make a disk look slow.
        muxer.Begin(new FileFacts(settings.Name, start.Local), first, _staging);
        var current = new Current(start, name, first.Format, gap) { Previous = previous, Speed = _speed };
        OpenIn(place.Directory, current, muxer, _staging.WrittenCount);
        (_lastButOne, _last, _current) = (_last, current, current);
    }

    private void OpenIn(string directory, Current current, IFileMuxer muxer, int extraBytes)
    {
        (current.Directory, current.Codec) = (directory, muxer.Codec);
        current.Levels = current.Format.Codec == AudioCodec.Pcm ? new FileLevels(current.Format, monitor, meter) : null;
        current.File = new RecordingFile(
            directory,
            settings.FilenamePattern.Format(current.NamedBy, folder.ZoneName(current.NamedBy)),
            muxer.Extension,
            DiskBudget.FileLimit(current.Format) + extraBytes,
            disks.Budget,
            path => Opened(current, path),
            written => Ended(current, written));
        disks.Add(directory, current.File);
    }

    public void Write(in AudioFrame frame)
    {
        _muxer!.Write(frame, _staging);
        _current!.Samples += frame.Samples;
        monitor.CountSeconds((double)frame.Samples / frame.Format.SampleRate);
        _current.Levels?.Add(frame);
        _unwritten?.Add(frame, _current, _current.Samples);
    }

    /// <summary>The file, if any, and the sample of it that lie so many samples before the newest one.</summary>
    public (string? File, long Sample) PlaceBefore(long samples)
    {
        if (_current is { } current && samples <= current.Samples)
        {
            return (current.Name, current.Samples - samples);
        }

        // A boundary came between.
        var before = samples - (_current?.Samples ?? 0);
        return (_current is null ? _last : _lastButOne) is { } file && before <= file.Samples ? (file.Name, file.Samples - before) : (null, 0);
    }

    /// <summary>A frame that no file can take; the next file may have to repeat it.</summary>
    public void Observe(in AudioFrame frame)
    {
        MuxerFor(frame.Format).Observe(frame);
        _unwritten?.Add(frame, null, 0);
        _unwritten?.GiveUp();
    }

    /// <summary>A frame that is in a file of an earlier connection; the next file may have to repeat it.</summary>
    public void Repeat(in AudioFrame frame)
    {
        MuxerFor(frame.Format).Observe(frame);
        _unwritten?.Add(frame, null, 0);
    }

    /// <summary>Gives what was written to the disk's thread. A sentence when the file has failed; it is then closed.</summary>
    public string? Commit()
    {
        if (_current is not { } current)
        {
            return null;
        }

        _muxer!.Flush(_staging);
        return Commit(current, _muxer);
    }

    private string? Commit(Current current, IFileMuxer muxer)
    {
        Review(current);
        if (_current != current)
        {
            return null;
        }

        if (_staging.WrittenCount == 0)
        {
            return null;
        }

        var headerLength = muxer.GetHeader(_header, out var headerOffset);
        var samples = current.Samples - muxer.PendingSamples;
        var isTaken = current.File.TryCommit(_staging.WrittenSpan, _header.AsSpan(0, headerLength), headerOffset, samples);
        current.Bytes += _staging.WrittenCount;
        _staging.ResetWrittenCount();
        if (isTaken)
        {
            monitor.SetFile(current.Bytes, current.File.PendingBytes);
            return null;
        }

        var failure = current.File.Failure!;
        if (TryGoOn(current, failure))
        {
            return null;
        }

        End = current.File.WrittenSamples > 0 ? current.TimeOf(current.File.WrittenSamples) : End;
        current.How = GapCause.Disk;
        current.File.Complete();
        _current = null;
        return failure;
    }

    /// <summary>
    /// Ends the present file, if there is one, for a reason that is a word of <see cref="GapCause"/>. A sentence
    /// when it had failed before.
    /// </summary>
    public string? Close(string how, DateTimeOffset end)
    {
        if (_current is null)
        {
            return null;
        }

        _muxer!.Finish(_staging);
        var failing = _current;
        var failure = Commit(failing, _muxer);
        if (_current is { } other && other != failing)
        {
            _muxer.Finish(_staging);
            failure = Commit(other, _muxer);
        }

        if (_current is { } current)
        {
            current.How = how;
            current.End = end;
            current.File.Complete();
            End = end;
            _current = null;
        }

        return failure;
    }

    private IFileMuxer MuxerFor(AudioFormat format)
    {
        if (_muxer is null || _format != format)
        {
            _muxer = createMuxer(format);
            _format = format;
            _header = new byte[_muxer.MaxHeaderBytes];
        }

        return _muxer;
    }

    // On the disk's thread.
    private void Opened(Current current, string path)
    {
        var start = current.Start;
        current.Name = folder.NameOf(path);
        place.Opened(current.Directory, path, current.File.FileSystem);
        var to = start.Local.ToUniversalTime();
        if (current.FindGap() is { } found && !(current.IsContinuation && found.From >= to))
        {
            ledger.Append(Describe(found.Gap, found.From, to));
        }

        var format = current.Format;
        ledger.Opened(new FileOpened(
            settings.Name, current.Name, start.Local, current.Codec.ToString(), format.SampleRate, format.Channels, null), start);
        monitor.Update(s => s with { File = current.Name });
        if (current.Levels is null)
        {
            levels.Publish(new StreamFileBegun(path, settings.Name));
        }
    }

    private JournalEntry Describe(Gap gap, DateTimeOffset from, DateTimeOffset to) => gap.Healed is { } healed
        ? new GapHealed(settings.Name, from, healed.Frames, Math.Round(healed.Seconds, 3), gap.Cause, gap.Sentence)
        : new GapFound(settings.Name, from, to, Math.Round((to - from).TotalSeconds, 3), gap.Cause, gap.Sentence)
        {
            Overlap = gap.IsOverlapUnknown ? "unknown" : null,
        };

    // On the disk's thread.
    private void Ended(Current current, WrittenFile written)
    {
        if (monitor.Current.File == current.Name)
        {
            monitor.SetFile(0, 0);
            monitor.Update(s => s.File == current.Name ? s with { File = null } : s);
        }

        if (written.Path is not null && current.Name is not null)
        {
            var end = written.Failure is null ? current.End : current.TimeOf(written.Samples);
            if (written.Failure is null)
            {
                levels.Publish(new FileFinished(written.Path, written.Bytes, (double)written.Samples / current.Format.SampleRate, current.Levels?.Of(written.Samples)));
            }

            ledger.Closed(new FileClosed(settings.Name, current.Name, end, written.Samples, written.Bytes, written.Failure is null ? current.How : GapCause.Disk), written.Path, AfterSealed(current, written.Path));
        }
    }

    /// <summary>A file in the fallback may go where it belongs once its hash was taken.</summary>
    private Action? AfterSealed(Current current, string path) =>
        string.Equals(current.Directory, settings.OutputDirectory, StringComparison.Ordinal) ? null : () => place.Finished(path);

    private sealed class Current(FileStart start, DateTimeOffset namedBy, AudioFormat format, Gap? gap)
    {
        private double _speed = 1;

        public RecordingFile File { get; set; } = null!;

        public FileStart Start => start;

        /// <summary>The local time that names it.</summary>
        public DateTimeOffset NamedBy => namedBy;

        /// <summary>The output directory or the fallback.</summary>
        public string Directory { get; set; } = "";

        /// <summary>Null for what is not PCM: its levels are computed from the file.</summary>
        public FileLevels? Levels { get; set; }

        /// <summary>How the audio in it is coded.</summary>
        public AudioCodec Codec { get; set; }

        /// <summary>It goes on where another file failed, and nothing is missing in between.</summary>
        public bool IsContinuation { get; init; }

        public AudioFormat Format => format;

        /// <summary>Why something is missing before it, as far as was known when it was opened.</summary>
        public Gap? Gap => gap;

        /// <summary>The file before it; until its own first bytes are on the disk.</summary>
        public Current? Previous { get; set; }

        public volatile string? Name;

        public long Samples { get; set; }

        public long Bytes { get; set; }

        public DateTimeOffset End { get; set; }

        public string How { get; set; } = GapCause.Split;

        /// <summary>Seconds of the source in one of the clock.</summary>
        public double Speed
        {
            get => Volatile.Read(ref _speed);
            set => Volatile.Write(ref _speed, value);
        }

        public double SecondsOf(long samples) => samples / (format.SampleRate * Speed);

        public DateTimeOffset TimeOf(long samples) => start.Local.ToUniversalTime().AddSeconds(SecondsOf(samples));

        /// <summary>
        /// What is missing before this file, told when its first bytes are on the disk: only then is it known what
        /// of the files before it is. On the disk's thread.
        /// </summary>
        public (DateTimeOffset From, Gap Gap)? FindGap()
        {
            var reason = gap;
            var before = Previous;
            Previous = null;
            while (before is { File.WrittenSamples: 0 })
            {
                // What it was joined to is not there.
                reason = before.GapIfLost ?? (reason is { Healed: null } ? reason : null) ?? Lost(before);
                before = before.Previous;
            }

            if (before is null)
            {
                // The end of what an earlier run recorded is not known here, but what it was joined to is.
                return reason is { Healed: not null } ? (TimeOf(0), reason) : null;
            }

            return (Lost(before) ?? reason) is not { } found ? null
                : (before.File.Failure is null ? before.End : before.TimeOf(before.File.WrittenSamples), found);
        }

        /// <summary>Why something is missing before the file after this one, should nothing of this one be there.</summary>
        public Gap? GapIfLost => Gap is { Healed: null } ? Gap : null;

        private static Gap? Lost(Current file) => file.File.Failure is { } failure ? new Gap(GapCause.Disk, failure) : null;
    }
}

/// <summary>Why something is missing before a file.</summary>
/// <param name="Cause">A word of <see cref="GapCause"/>.</param>
/// <param name="Sentence">What happened.</param>
internal sealed record Gap(string Cause, string? Sentence)
{
    /// <summary>What shows that nothing is missing after all.</summary>
    public Healing? Healed { get; init; }

    /// <summary>The clock says that audio came twice, but nothing shows which.</summary>
    public bool IsOverlapUnknown { get; init; }
}
