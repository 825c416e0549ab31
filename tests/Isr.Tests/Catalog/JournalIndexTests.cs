using System.Globalization;
using Isr.Catalog;
using Isr.Recording.Journal;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Catalog;

public sealed class JournalIndexTests : IDisposable
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.Parse("2026-05-23T23:30:00+02:00", CultureInfo.InvariantCulture);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_follows_the_journal_as_it_grows()
    {
        using var database = InMemory();
        var index = new JournalIndex(_directory.Path, database);
        index.Update(TestContext.Current.CancellationToken);
        Assert.Null(database.FindFacts("a.mp3"));

        Append("2026-05-23", Opened("a.mp3"));
        index.Update(TestContext.Current.CancellationToken);
        Assert.Equal(new JournalFacts("radio", s_start, 44100, 2), database.FindFacts("a.mp3"));

        Append("2026-05-24", new FileClosed("radio", "a.mp3", s_start.AddHours(1), 1000, 2000, "split"));
        index.Update(TestContext.Current.CancellationToken);
        Assert.Equal((1000, 2000), ((long)database.FindFacts("a.mp3")!.Samples!, (long)database.FindFacts("a.mp3")!.Bytes!));

        Append("2026-05-24", new StartCorrected("a.mp3", s_start.AddYears(1)));
        index.Update(TestContext.Current.CancellationToken);
        Assert.Equal(s_start.AddYears(1), database.FindFacts("a.mp3")!.Start);
    }

    [Fact]
    public void What_a_clock_that_was_set_back_wrote_into_an_earlier_day_is_read_too()
    {
        using var database = InMemory();
        var index = new JournalIndex(_directory.Path, database);
        Append("2026-05-24", Opened("a.mp3"));
        index.Update(TestContext.Current.CancellationToken);

        Append("2026-05-23", Opened("b.mp3"));
        Append("1970-01-01", Opened("c.mp3"));
        index.Update(TestContext.Current.CancellationToken);

        Assert.NotNull(database.FindFacts("b.mp3"));
        Assert.NotNull(database.FindFacts("c.mp3"));
    }

    [Fact]
    public void A_line_that_is_being_written_is_read_when_it_is_whole()
    {
        using var database = InMemory();
        var index = new JournalIndex(_directory.Path, database);
        var line = JournalLine.Format(Opened("a.mp3"));
        AppendBytes("2026-05-23", line[..20]);
        index.Update(TestContext.Current.CancellationToken);
        Assert.Null(database.FindFacts("a.mp3"));

        AppendBytes("2026-05-23", line[20..]);
        index.Update(TestContext.Current.CancellationToken);
        Assert.NotNull(database.FindFacts("a.mp3"));
    }

    [Fact]
    public void Another_journal_in_its_place_is_read_from_its_beginning()
    {
        using var database = InMemory();
        var index = new JournalIndex(_directory.Path, database);
        Append("2026-05-23", Opened("a.mp3"));
        Append("2026-05-23", Opened("b.mp3"));
        Append("2026-05-24", Opened("c.mp3"));
        index.Update(TestContext.Current.CancellationToken);

        File.Delete(Path.Combine(JournalReader.DirectoryOf(_directory.Path), "2026-05-24.jsonl"));
        index.Update(TestContext.Current.CancellationToken);

        Assert.NotNull(database.FindFacts("b.mp3"));
        Assert.Null(database.FindFacts("c.mp3"));
    }

    [Fact]
    public void A_file_that_was_moved_keeps_what_is_known_of_it()
    {
        using var database = InMemory();
        Append("2026-05-23", Opened("/fallback/a.mp3"));
        Append("2026-05-23", new FileClosed("radio", "/fallback/a.mp3", s_start.AddHours(1), 1000, 2000, "split"));
        Append("2026-05-23", new FileMoved("/fallback/a.mp3", "a.mp3"));

        var touched = new JournalIndex(_directory.Path, database).Update(TestContext.Current.CancellationToken);

        Assert.Null(database.FindFacts("/fallback/a.mp3"));
        Assert.Equal(1000, database.FindFacts("a.mp3")!.Samples);
        Assert.Contains("a.mp3", touched);
    }

    private static CatalogDatabase InMemory() => new(null, null, NullLogger<CatalogDatabase>.Instance);

    private static FileOpened Opened(string file) => new("radio", file, s_start, "MpegLayer3", 44100, 2, null);

    private void Append(string day, JournalEntry entry) => AppendBytes(day, JournalLine.Format(entry));

    private void AppendBytes(string day, byte[] bytes)
    {
        Directory.CreateDirectory(JournalReader.DirectoryOf(_directory.Path));
        using var file = new FileStream(Path.Combine(JournalReader.DirectoryOf(_directory.Path), day + ".jsonl"), FileMode.Append);
        file.Write(bytes);
    }
}
