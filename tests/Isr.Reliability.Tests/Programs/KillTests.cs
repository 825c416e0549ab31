using System.Globalization;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Programs;

/// <summary>kill -9 at random moments of a recorder of six formats from a real Icecast, each time started again.</summary>
public sealed class KillTests
{
    private const int Seed = 1;

    /// <summary>Since a stream's first bytes are in a file; before, the start of a connection is held for a second.</summary>
    private const double SettledSeconds = 1;

    /// <summary>What had come so long ago is in a file.</summary>
    private static readonly TimeSpan s_writtenWithin = TimeSpan.FromSeconds(1);

    private static readonly (string Name, string Format)[] s_feeds =
        [("mp3", "mp3"), ("aac", "adts"), ("vorbis", "ogg"), ("opus", "opus"), ("oggflac", "oggflac"), ("flac", "flac")];

    private static int Times => Campaign.IsFull ? 100 : 3;

    [Fact]
    public Task Of_six_formats_at_most_the_last_second_is_lost() => FaultMatrix.RowAsync(
        FaultKind.Process,
        $"kill -9 at {Times} random moments of a process that records six formats, started again each time",
        FormattableString.Invariant($"what had come {s_writtenWithin.TotalSeconds:0} s before is in a file (of Ogg, but for one packet); inside a run nothing is lost; no file is overwritten; the next start finishes every file, and each passes its format's validators"),
        async () =>
        {
            using var folder = new ProgramFolder();
            await using var icecast = await IcecastServer.StartAsync();
            await Task.WhenAll(s_feeds.Select((feed, i) => icecast.FeedAsync("/" + feed.Name, feed.Format, kilobits: 96, seed: i + 1)));
            var taps = await Task.WhenAll(s_feeds.Select(feed => RawTap.StartAsync(icecast.Url("/" + feed.Name))));
            folder.Configure(0.1, [.. s_feeds.Select(feed => (feed.Name, icecast.Url("/" + feed.Name)))]);

            var kills = new List<Kill>();
            var random = new Random(Seed);
            var before = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            for (var i = 0; i < Times; i++)
            {
                await using var program = IsrProgram.Start(folder, ["record"]);
                var seen = await WatchAsync(folder, 0.2 + (random.NextDouble() * 8));
                program.Kill();
                kills.Add(new Kill([.. seen.Select(time => NumberedStation.Time - time ?? 0)], [.. taps.Select(tap => tap.Length)], [.. taps.Select(OldLength)], [.. s_feeds.Select(feed => NewestOf(folder, feed.Name))]));
                AssertKept(folder, before);
            }

            await using (var last = IsrProgram.Start(folder, ["record"]))
            {
                await last.UntilRecordingAsync(folder, files: s_feeds.Length);
                await FaultRun.ForAsync(5);
                await last.EndAsync(Signal.Terminate);
            }

            foreach (var tap in taps)
            {
                await tap.DisposeAsync();
            }

            var figures = new List<string>();
            foreach (var ((name, format), i) in s_feeds.Select((feed, i) => (feed, i)))
            {
                figures.Add(Judge(folder, name, format, taps[i].Body, [.. kills.Select(k => (k.Recorded[i], k.Lengths[i], k.OldLengths[i], k.Newest[i]))]));
            }

            var (checkedFiles, strays) = await CheckFinishedAsync(folder);
            return $"seed {Seed}; {string.Join("; ", figures)}; {folder.Files().Count} files, all but {folder.Files().Count - checkedFiles} very short ones checked, {strays} not in the journal";
        });

    /// <summary>What an earlier run had closed is as it was.</summary>
    private static void AssertKept(ProgramFolder folder, Dictionary<string, byte[]> before)
    {
        foreach (var sealedFile in folder.Entries<FileSealed>())
        {
            var path = Path.Combine(folder.Recordings, sealedFile.File);
            var hash = System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path));
            Assert.Equal(sealedFile.Sha256, Convert.ToHexString(hash), ignoreCase: true);
            Assert.Equal(before.GetValueOrDefault(path, hash), hash);
            before[path] = hash;
        }
    }

    private static string Judge(ProgramFolder folder, string name, string format, byte[] tap, (double Recorded, long Length, long OldLength, List<byte[]> Newest)[] kills)
    {
        var heard = HeardFrames.OfTap(tap, format).Frames;
        var places = heard.Select((frame, place) => (Key: Key(frame.Data), place)).ToLookup(p => p.Key, p => p.place, StringComparer.Ordinal);
        var found = new HashSet<int>();
        foreach (var file in folder.Files().Where(f => Path.GetDirectoryName(f)!.EndsWith("/" + name, StringComparison.Ordinal)))
        {
            found.UnionWith(FramesOf(File.ReadAllBytes(file), format, isFinished: true).SelectMany(frame => places[Key(frame)]));
        }

        Assert.NotEmpty(found);

        // What the tap had got when the process was killed, and how much of it was in no file then. The next connection's
        // burst may have brought it again, which does not count here.
        var (worst, old) = (0.0, 0);
        foreach (var (_, length, oldLength, newest) in kills.Where(k => k.Recorded >= SettledSeconds))
        {
            var last = heard.Count(frame => frame.End <= length) - 1;
            var (seconds, lateFrames) = (0.0, 0);
            var then = newest.SelectMany(file => FramesOf(file, format)).SelectMany(frame => places[Key(frame)]).ToHashSet();
            for (var place = last; place >= 0 && !then.Contains(place); place--)
            {
                seconds += heard[place].Seconds;
                lateFrames += heard[place].End <= oldLength ? 1 : 0;
            }

            (worst, old) = (Math.Max(worst, seconds), Math.Max(old, lateFrames));
        }

        var (holes, lost) = (0, 0.0);
        var where = new List<string>();
        for (var place = found.Min(); place <= found.Max(); place++)
        {
            if (!found.Contains(place) && found.Contains(place - 1))
            {
                holes++;
                where.Add(FormattableString.Invariant($"{heard.Take(place).Sum(f => f.Seconds):0.00} s"));
            }

            lost += found.Contains(place) ? 0 : heard[place].Seconds;
        }

        // The newest packet of Ogg waits for the one behind it, since it could be the last.
        Assert.True(old <= (format is "ogg" or "opus" or "oggflac" ? 1 : 0), $"{name}: {old} frames were lost by a kill that had come more than {s_writtenWithin.TotalSeconds:0} s before (seed {Seed})");
        Assert.True(holes <= kills.Length, $"{name}: {holes} holes after {kills.Length} kills, at {string.Join(", ", where)} (seed {Seed})");
        return string.Create(CultureInfo.InvariantCulture, $"{name}: {worst:0.00} s at worst not on the disk, {lost:0.0} s lost in all {kills.Length} absences");
    }

    /// <summary>Frames of a file that may have been left open; of Ogg, headers and what is repeated for the decoder as well.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="format">A format of <see cref="TestAudio.Codec"/>.</param>
    /// <param name="isFinished">It ends with a whole frame; that of FLAC could not be told from half a one otherwise.</param>
    private static IEnumerable<ReadOnlyMemory<byte>> FramesOf(ReadOnlyMemory<byte> file, string format, bool isFinished = false) => format switch
    {
        "flac" when isFinished => FlacSplitter.File(file).Frames.Select(f => f.Data),
        "mp3" => FrameSplitter.Mp3(file, allowCutEnd: true),
        "adts" => FrameSplitter.Adts(file, allowCutEnd: true),
        "flac" => HeardFrames.OfTap(file, format).Frames.Select(f => f.Data),
        "oggflac" => OggSplitter.AnyPackets(file).Where(p => FlacSplitter.TryHeader(p.Span) is not null).Select(p => new ReadOnlyMemory<byte>(FlacSplitter.SoundOf(p))),
        _ => OggSplitter.AnyPackets(file),
    };

    private static long OldLength(RawTap tap) =>
        tap.Arrivals.LastOrDefault(arrival => TimeProvider.System.GetElapsedTime(arrival.Timestamp) >= s_writtenWithin).Length;

    private static string Key(ReadOnlyMemory<byte> frame) => Convert.ToBase64String(frame.Span);

    /// <summary>Every file that was opened is closed, in the journal and as its format wants it.</summary>
    private static async Task<(int Checked, int Strays)> CheckFinishedAsync(ProgramFolder folder)
    {
        var journal = folder.Journal();
        var closed = journal.OfType<FileClosed>().Select(f => f.File).ToHashSet(StringComparer.Ordinal);

        // The journal is a moment behind the disk: what was begun in that moment is finished, too, but nobody's.
        var strays = folder.Files().Count(f => !closed.Contains(Path.GetRelativePath(folder.Recordings, f)));
        Assert.True(strays <= Math.Max(1, Times / 10), $"{strays} files are not in the journal.");

        // A start that is killed before it has looked back leaves that to the next one.
        Assert.InRange(journal.OfType<ProgramKilled>().Count(), Times / 2, journal.OfType<ProgramStarted>().Count() - 1);
        Assert.Contains(journal.OfType<FileClosed>(), f => f.How == GapCause.Killed);
        Assert.All(journal.OfType<GapFound>().Where(g => g.Seconds > 0), g => Assert.Equal(GapCause.Killed, g.Cause));

        // mp3val and ffmpeg do not believe that a file of a few frames is MP3 or AAC.
        var files = folder.Files().Where(f => new FileInfo(f).Length > 12_000).ToList();
        await AudioChecks.PassesAllAsync(files);

        return (files.Count, strays);
    }

    /// <summary>Waits, and says when the first file of each source was seen that had not been there before.</summary>
    private static async Task<double?[]> WatchAsync(ProgramFolder folder, double seconds)
    {
        var known = folder.Files().ToHashSet(StringComparer.Ordinal);
        var seen = new double?[s_feeds.Length];
        var end = NumberedStation.Time + seconds;
        while (NumberedStation.Time < end)
        {
            await FaultRun.ForAsync(0.1);
            foreach (var file in folder.Files().Where(f => !known.Contains(f)))
            {
                seen[Array.FindIndex(s_feeds, feed => Path.GetDirectoryName(file)!.EndsWith("/" + feed.Name, StringComparison.Ordinal))] ??= NumberedStation.Time;
            }
        }

        return seen;
    }

    private static List<byte[]> NewestOf(ProgramFolder folder, string name) =>
        [.. folder.Files().Where(f => Path.GetDirectoryName(f)!.EndsWith("/" + name, StringComparison.Ordinal)).TakeLast(2).Select(File.ReadAllBytes)];

    /// <param name="Recorded">How long each source had been recorded.</param>
    /// <param name="Lengths">How much of each its tap had got.</param>
    /// <param name="OldLengths">How much of that a second before.</param>
    /// <param name="Newest">The last files of each, as they were then.</param>
    private sealed record Kill(double[] Recorded, long[] Lengths, long[] OldLengths, List<byte[]>[] Newest);
}
