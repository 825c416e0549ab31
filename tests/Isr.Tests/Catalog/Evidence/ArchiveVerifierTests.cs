using System.Text;
using Isr.Catalog.Coverage;
using Isr.Catalog.Evidence;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Catalog.Evidence;

public sealed class ArchiveVerifierTests(RecordedArchive archive) : IClassFixture<RecordedArchive>
{
    [Fact]
    public void What_was_recorded_is_proven_whole()
    {
        using var copy = archive.Copy();

        var report = copy.Verify();

        Assert.Empty(report.Findings);
        Assert.True(report.IsTrue);
        Assert.Equal(copy.Sealed.Count, report.Files.Proven);
        Assert.Equal(report.Files.Known, report.Files.Proven);
        Assert.Equal(copy.Sealed.Sum(name => new FileInfo(copy.PathOf(name)).Length), report.Files.Bytes);
        Assert.Equal((2, copy.Sealed.Count), (report.Journal.Days, report.Journal.Links));
        Assert.Equal(copy.Journal.OfType<FileSealed>().Last().Chain, report.Journal.Head);

        // The last seal is under no other, nor is what was on its way to the disk as it was made.
        Assert.InRange(report.Journal.UnsealedLines, 1, 8);
        Assert.True(File.Exists(copy.PathOf("20260523_000500.mp3")));
    }

    [Theory]
    [InlineData("flipped", FindingKind.Changed, true)]
    [InlineData("shorter", FindingKind.Changed, false)]
    [InlineData("longer", FindingKind.Changed, false)]
    [InlineData("empty", FindingKind.Changed, false)]
    [InlineData("gone", FindingKind.Missing, false)]
    [InlineData("a link", FindingKind.Changed, false)]
    [InlineData("a folder", FindingKind.Missing, false)]
    [InlineData("renamed", FindingKind.Renamed, false)]
    [InlineData("exchanged", FindingKind.Changed, false)]
    internal void Every_damage_to_a_file_is_named(string damage, string kind, bool isOnlyByHash)
    {
        using var copy = archive.Copy();
        var names = copy.Sealed.Where(name => name.Contains("ünï", StringComparison.Ordinal)).ToList();
        var name = names[0];
        var path = copy.PathOf(name);
        Damage(damage, path, copy.PathOf(names[1]));

        var report = copy.Verify();
        var quick = copy.Verify(new EvidenceRequest { IsQuick = true });

        Assert.False(report.IsTrue);
        Assert.Contains(report.Findings, finding => finding is { IsFault: true } && finding.Kind == kind && finding.File == name);
        Assert.Equal(damage == "exchanged" ? 2 : 1, report.Findings.Count);
        Assert.Equal(isOnlyByHash, quick.IsTrue);
        Assert.Equal(0, quick.Files.Bytes);
    }

    [Fact]
    public void What_is_copied_in_is_named_and_what_lay_there_before_is_not()
    {
        using var copy = archive.Copy();
        File.Copy(copy.PathOf(copy.Sealed[0]), copy.PathOf("copied in.mp3"));
        File.Copy(copy.PathOf(copy.Sealed[0]), copy.PathOf("old.mp3"));
        File.SetLastWriteTimeUtc(copy.PathOf("old.mp3"), new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var report = copy.Verify();

        Assert.Equal("copied in.mp3", Assert.Single(report.Findings).File);
        Assert.False(report.IsTrue);
        Assert.Equal((1, 1), (report.Files.Added, report.Files.Older));
        Assert.True(copy.Verify(new EvidenceRequest { IgnoresAdded = true }).IsTrue);
    }

    [Fact]
    public void Only_what_is_asked_for_is_read_but_the_chain_always_whole()
    {
        using var copy = archive.Copy();
        var damaged = copy.Journal.OfType<FileOpened>().First(o => o.Source == "radio");
        Damage("flipped", copy.PathOf(damaged.File), "");
        var span = new Interval(damaged.Start.UtcTicks + TimeSpan.TicksPerSecond, damaged.Start.UtcTicks + (2 * TimeSpan.TicksPerSecond));

        Assert.True(copy.Verify(new EvidenceRequest { Source = "odd" }).IsTrue);
        Assert.False(copy.Verify(new EvidenceRequest { Source = "radio" }).IsTrue);
        Assert.False(copy.Verify(new EvidenceRequest { Span = span }).IsTrue);
        Assert.Equal(1, copy.Verify(new EvidenceRequest { Span = span }).Files.Checked);
        Assert.True(copy.Verify(new EvidenceRequest { Span = new Interval(0, damaged.Start.UtcTicks) }).IsTrue);

        ArchiveCopy.Rewrite(copy.Days[0], lines => lines.Where((_, i) => i != 1));
        Assert.Contains(copy.Verify(new EvidenceRequest { Span = new Interval(0, 1) }).Findings, finding => finding.Kind == FindingKind.Journal);
    }

    [Fact]
    public void Any_line_that_is_cut_out_is_found_whatever_it_says()
    {
        using var copy = archive.Copy();
        var unsealed = copy.Verify().Journal.UnsealedLines;
        foreach (var day in copy.Days)
        {
            var text = File.ReadAllText(day);
            var count = text.Count(c => c == '\n');
            for (var i = 0; i < count; i++)
            {
                ArchiveCopy.Rewrite(day, lines => lines.Where((_, number) => number != i));
                var isUnderSeal = !(day == copy.Days[^1] && i >= count - unsealed);
                Assert.True(!isUnderSeal || !copy.Verify(new EvidenceRequest { IsQuick = true }).IsTrue, $"line {i + 1} of {day} was cut out and not missed");
            }

            File.WriteAllText(day, text);
        }
    }

    [Theory]
    [InlineData("\"A title\"", "\"Another title\"")]
    [InlineData("\"how\":\"split\"", "\"how\":\"disk\"")]
    [InlineData("\"sha256\":\"", "\"sha256\":\"00")]
    [InlineData("\"chain\":\"", "\"chain\":\"00")]
    [InlineData("\"source\":\"radio\"", "\"source\":\"rodeo\"")]
    public void A_line_that_is_written_anew_with_a_right_checksum_breaks_the_chain(string old, string anew)
    {
        using var copy = archive.Copy();
        ArchiveCopy.Rewrite(copy.Days.First(day => File.ReadAllText(day).Contains(old, StringComparison.Ordinal)), lines =>
        {
            var i = lines.FindIndex(line => line.Contains(old, StringComparison.Ordinal));
            Assert.True(JournalLine.TryUnseal(Encoding.UTF8.GetBytes(lines[i]), out var json));
            lines[i] = Encoding.UTF8.GetString(JournalLine.Seal(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json).Replace(old, anew, StringComparison.Ordinal)))).TrimEnd('\n');
            return lines;
        });

        var report = copy.Verify(new EvidenceRequest { IsQuick = true });

        Assert.Contains(report.Findings, finding => finding is { IsFault: true, Kind: FindingKind.Journal or FindingKind.Chain });
    }

    [Fact]
    public void Lines_that_change_places_or_come_in_are_found()
    {
        using var copy = archive.Copy();
        var text = File.ReadAllText(copy.Days[0]);
        ArchiveCopy.Rewrite(copy.Days[0], lines => lines.Take(1).Concat([lines[2], lines[1]]).Concat(lines.Skip(3)));
        Assert.False(copy.Verify().IsTrue);

        var at = copy.Journal[0].At;
        var forged = Encoding.UTF8.GetString(JournalLine.Format(new FilePurged(copy.Sealed[0], null, 1, null, "asked") { At = at })).TrimEnd('\n');
        File.WriteAllText(copy.Days[0], text);
        ArchiveCopy.Rewrite(copy.Days[0], lines => lines.Take(3).Append(forged).Concat(lines.Skip(3)));
        Assert.False(copy.Verify().IsTrue);
    }

    [Fact]
    public void A_day_that_is_gone_is_found_the_first_and_the_last()
    {
        foreach (var i in new[] { 0, 1 })
        {
            using var copy = archive.Copy();
            File.Delete(copy.Days[i]);

            var report = copy.Verify();

            Assert.False(report.IsTrue);
            Assert.NotEmpty(report.Findings);
        }
    }

    [Fact]
    public void An_end_that_was_cut_off_shows_by_the_files_it_told_of_and_by_the_head_that_was_noted()
    {
        using var copy = archive.Copy();
        var head = copy.Verify().Journal.Head!;
        var noted = copy.Verify(new EvidenceRequest { Head = head[..16] });
        Assert.True(noted.IsTrue);
        Assert.Contains("is in the chain", Assert.Single(noted.Findings).Sentence, StringComparison.Ordinal);

        // Without its seal alone, a file is one that a crash left so.
        ArchiveCopy.Rewrite(copy.Days[1], lines => lines.Take(lines.FindLastIndex(line => line.Contains("\"sealed\"", StringComparison.Ordinal))));
        var withoutSeal = copy.Verify();
        Assert.Equal((true, FindingKind.Unsealed), (withoutSeal.IsTrue, Assert.Single(withoutSeal.Findings).Kind));
        Assert.Contains(copy.Verify(new EvidenceRequest { Head = head }).Findings, finding => finding is { IsFault: true, Kind: FindingKind.Head });

        ArchiveCopy.Rewrite(copy.Days[1], lines => lines.Take(lines.FindLastIndex(line => line.Contains("\"opened\"", StringComparison.Ordinal))));
        Assert.Equal(FindingKind.Added, Assert.Single(copy.Verify().Findings, finding => finding.IsFault).Kind);
    }

    [Fact]
    public void Half_a_line_of_a_crash_is_no_fault_and_a_damaged_one_is()
    {
        using var copy = archive.Copy();
        var last = copy.Days[^1];
        var at = copy.Journal[^1].At;
        var next = JournalLine.Format(new ProgramStarted("1", 2, "UTC", "synchronised") { At = at });
        var torn = JournalLine.Format(new TitleHeard("radio", at, "A title") { At = at });
        var whole = File.ReadAllBytes(last);
        for (var length = 1; length < torn.Length - 1; length += Campaign.IsFull || length > torn.Length - 25 ? 1 : 9)
        {
            File.WriteAllBytes(last, [.. whole, .. torn[..length]]);
            Assert.True(copy.Verify(new EvidenceRequest { IsQuick = true }).IsTrue, $"half a line of {length} bytes is taken for damage");
            File.WriteAllBytes(last, [.. whole, .. torn[..length], (byte)'\n', .. next]);
            var report = copy.Verify(new EvidenceRequest { IsQuick = true });
            Assert.True(report.IsTrue, string.Join('\n', report.Findings));
            Assert.Equal(FindingKind.Torn, Assert.Single(report.Findings).Kind);
        }

        // A run does not begin behind it: nothing was torn there.
        File.WriteAllBytes(last, [.. whole, .. torn[..20], (byte)'\n', .. torn]);
        Assert.False(copy.Verify(new EvidenceRequest { IsQuick = true }).IsTrue);
    }

    [Fact]
    public void Names_in_the_journal_lead_nowhere_else()
    {
        using var copy = archive.Copy();
        var at = copy.Journal[^1].At;
        string[] names = ["../outside.mp3", "a/../../outside.mp3", "nul\0.mp3", "/dev/zero", "/proc/self/fd/0"];
        JournalFiles.Append(copy.State, names.SelectMany(name => new JournalEntry[]
        {
            new FileOpened("x", name, at, "Mpeg", 1, 1, null) { At = at },
            new FileClosed("x", name, at, 1, 0, "split") { At = at },
        }));
        JournalFiles.Append(copy.State, new FileDeleted(copy.Sealed[0], "../../../etc/passwd", 1, null, "asked") { At = at });

        var report = copy.Verify();

        Assert.Equal(names.Length + 1, report.Findings.Count);
        Assert.All(report.Findings, finding => Assert.True(finding.Kind is FindingKind.Missing or FindingKind.Changed or FindingKind.Renamed, $"{finding}"));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_over_midnight_leaves_the_chain_whole()
    {
        using var directory = new TemporaryDirectory();
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 5, 23, 12, 30, 0, TimeSpan.Zero));
        var loggers = new LogLines().CreateFactory();
        var state = directory.File("rec", ".isr");
        Directory.CreateDirectory(directory.File("rec"));
        using (var journal = new JournalWriter(state, time, loggers.CreateLogger<JournalWriter>()))
        {
            var sealer = new FileSealer(state, journal, loggers.CreateLogger<FileSealer>());
            journal.Start();
            sealer.Start(CancellationToken.None);
            foreach (var (name, days) in new[] { ("a.mp3", 0), ("b.mp3", 1), ("c.mp3", 0), ("d.mp3", -1), ("e.mp3", 0), ("f.mp3", 1), ("g.mp3", -1) })
            {
                time.StepWall(TimeSpan.FromDays(days));
                await File.WriteAllTextAsync(directory.File("rec", name), name, TestContext.Current.CancellationToken);
                journal.Append(new FileOpened("radio", name, time.GetUtcNow(), "Mpeg", 1, 1, null));
                journal.Append(new FileClosed("radio", name, time.GetUtcNow().AddSeconds(1), 1, name.Length, "split"));
                var isHashed = new TaskCompletionSource();
                sealer.Add(directory.File("rec", name), name, isHashed.SetResult);
                await isHashed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
                await Wait.UntilAsync(() => JournalReader.Days(state).SelectMany(JournalReader.Read).OfType<FileSealed>().Any(s => s.File == name), TimeSpan.FromSeconds(20), name);
            }

            await sealer.StopAsync();
            await journal.StopAsync();
        }

        var report = new ArchiveVerifier(directory.File("rec"), state, TimeProvider.System).Run(new EvidenceRequest(), _ => { }, TestContext.Current.CancellationToken);

        Assert.Empty(report.Findings);
        Assert.Equal((7, 7L, 2), (report.Files.Proven, report.Journal.Links, report.Journal.Days));
        Assert.Equal(JournalReader.Days(state).SelectMany(JournalReader.Read).OfType<FileSealed>().Single(s => s.File == "g.mp3").Chain, report.Journal.Head);
    }

    [Fact]
    public void A_byte_damaged_anywhere_is_always_found()
    {
        using var copy = archive.Copy();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        List<string> paths = [.. copy.Sealed.Select(copy.PathOf), .. copy.Days];
        for (var i = 0; i < (Campaign.IsFull ? 3000 : 60); i++)
        {
            // As often in the journal as in the files, which are far larger.
            var path = random.Next(2) == 0 ? copy.Days[random.Next(copy.Days.Count)] : paths[random.Next(paths.Count)];
            var bytes = File.ReadAllBytes(path);
            var at = random.Next(bytes.Length);
            var damaged = bytes.ToArray();
            damaged[at] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(path, damaged);

            Assert.False(copy.Verify().IsTrue, $"seed {seed}, round {i}: byte {at} of {path} is {damaged[at]} instead of {bytes[at]}, and nothing was found");

            File.WriteAllBytes(path, bytes);
        }
    }

    private static void Damage(string how, string path, string other)
    {
        var bytes = File.ReadAllBytes(path);
        switch (how)
        {
            case "flipped":
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            case "shorter":
                File.WriteAllBytes(path, bytes[..^1]);
                break;
            case "longer":
                File.WriteAllBytes(path, [.. bytes, 0]);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "gone":
                File.Delete(path);
                break;
            case "a link":
                File.Move(path, path + ".real");
                File.CreateSymbolicLink(path, path + ".real");
                break;
            case "a folder":
                File.Delete(path);
                Directory.CreateDirectory(path);
                break;
            case "renamed":
                File.Move(path, Path.Combine(Path.GetDirectoryName(path)!, "other name.mp3"));
                break;
            case "exchanged":
                File.Move(path, path + ".kept");
                File.Move(other, path);
                File.Move(path + ".kept", other);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(how));
        }
    }
}
