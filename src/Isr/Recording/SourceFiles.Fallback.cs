using System.Buffers;
using Isr.Audio;
using Isr.Recording.Disk;
using Isr.Recording.Journal;

namespace Isr.Recording;

/// <summary>What becomes of frames whose file failed before it had them.</summary>
internal sealed partial class SourceFiles
{
    private static readonly Func<Current, long> s_written = current => current.File.WrittenSamples;

    // Kept only where there is another place for them.
    private readonly UnwrittenFrames<Current>? _unwritten = place.HasFallback ? new(disks.Budget) : null;

    /// <summary>Lets go of what the disk has; a file that was closed and failed afterwards is made up for.</summary>
    private void Review(Current current)
    {
        _unwritten?.Trim(s_written);
        if (_unwritten?.FirstUnwritten is { File.Failure: { } failure } lost && lost != current)
        {
            // Once a later file has begun, the gap between the two is in the journal and stays.
            if (current.File.WrittenSamples > 0 || !TryGoOn(lost, failure))
            {
                _unwritten.GiveUp();
            }
        }
    }

    /// <summary>
    /// Goes on in another directory, at the first frame that the disk does not have. Files that were closed lately and
    /// did not get all of theirs are given up, too, and their remainders become files as well. False when there is no
    /// other directory.
    /// </summary>
    private bool TryGoOn(Current failed, string failure)
    {
        if (_unwritten is not { } frames || place.Instead(failed.Directory, failure) is not { } directory)
        {
            _unwritten?.GiveUp();
            return false;
        }

        monitor.Update(s => s with { Error = failure });
        Current? before = null;
        for (var i = 0; i < frames.Count;)
        {
            if (frames.FileAt(i) is not { } file || IsGood(file) || file.File.Abandon(failure) is var written && frames.EndAt(i) <= written)
            {
                i++;
                continue;
            }

            frames.CutTo(i, written);
            before = Remainder(file, written, Math.Max(0, frames.StartAt(i) - written), failure, before);
            i = GoOn(frames, i, file, before, directory);
        }

        frames.Trim(s_written);
        return _current is { File.Failure: null };

        bool IsGood(Current file) => file.File.Failure is null && string.Equals(file.Directory, directory, StringComparison.Ordinal);
    }

    /// <summary>Gives the rest of a file's frames to another file; the number of the next frame that is none of those.</summary>
    private int GoOn(UnwrittenFrames<Current> frames, int from, Current failed, Current rest, string directory)
    {
        var muxer = createMuxer(failed.Format);
        for (var i = 0; i < from; i++)
        {
            if (frames.AreJoined(i, from))
            {
                muxer.Observe(frames.FrameAt(i));
            }
        }

        var staging = new ArrayBufferWriter<byte>(16 * 1024);
        muxer.Begin(new FileFacts(settings.Name, rest.Start.Local), frames.FrameAt(from), staging);
        OpenIn(directory, rest, muxer, staging.WrittenCount + frames.Bytes);
        var next = from;
        for (; next < frames.Count && frames.FileAt(next) == failed; next++)
        {
            var frame = frames.FrameAt(next);
            muxer.Write(frame, staging);
            rest.Samples += frame.Samples;
            rest.Levels?.AddAgain(frame);
            frames.Move(next, rest, rest.Samples);
        }

        var isCurrent = failed == _current;
        if (isCurrent)
        {
            muxer.Flush(staging);
        }
        else
        {
            muxer.Finish(staging);
        }

        var header = new byte[muxer.MaxHeaderBytes];
        var headerLength = muxer.GetHeader(header, out var headerOffset);
        rest.File.TryCommit(staging.WrittenSpan, header.AsSpan(0, headerLength), headerOffset, rest.Samples - muxer.PendingSamples);
        rest.Bytes = staging.WrittenCount;
        failed.How = GapCause.Disk;
        failed.File.Complete();
        if (isCurrent)
        {
            _staging.ResetWrittenCount();
            (_muxer, _format, _header) = (muxer, failed.Format, header);
            (_lastButOne, _last, _current) = (failed, rest, rest);
        }
        else
        {
            rest.File.Complete();
        }

        return next;
    }

    /// <summary>The file that begins where another one failed.</summary>
    /// <param name="failed">The file that failed.</param>
    /// <param name="written">Samples that it has.</param>
    /// <param name="lost">Samples behind those that were not kept, for want of memory.</param>
    /// <param name="failure">Why it failed.</param>
    /// <param name="before">The remainder of the file before that, if there is one.</param>
    private Current Remainder(Current failed, long written, long lost, string failure, Current? before)
    {
        if (lost > 0)
        {
            var later = Later(failed, written + lost);
            return new Current(later, later.Local, failed.Format, new Gap(GapCause.Disk, failure))
            {
                Previous = written > 0 ? failed : before ?? failed.Previous,
                How = failed.How,
                End = failed.End,
                Speed = failed.Speed,
            };
        }

        var start = written == 0 ? failed.Start : Later(failed, written);
        return new Current(start, written == 0 ? failed.NamedBy : start.Local, failed.Format, written == 0 ? failed.Gap : null)
        {
            Previous = written > 0 ? failed : before ?? failed.Previous,
            IsContinuation = written > 0 || failed.IsContinuation,
            How = failed.How,
            End = failed.End,
            Speed = failed.Speed,
        };
    }

    /// <summary>When a sample of a file sounded.</summary>
    private FileStart Later(Current file, long samples)
    {
        var seconds = file.SecondsOf(samples);
        return file.Start with
        {
            Local = file.Start.Local.AddSeconds(seconds),
            Timestamp = file.Start.Timestamp + (long)Math.Round(seconds * disks.TimestampFrequency),
        };
    }
}
