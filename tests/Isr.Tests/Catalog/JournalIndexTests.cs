using System.Globalization;
using Isr.Catalog;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog;

public sealed class JournalIndexTests : IDisposable
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.Parse("2026-05-23T23:30:00+02:00", CultureInfo.InvariantCulture);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_follows_the_journal_as_it_grows()
    {
        var index = new JournalIndex(_directory.Path);
        index.Update();
        Assert.Null(index.Find("a.mp3"));

        Append("2026-05-23", Opened("a.mp3"));
        index.Update();
        Assert.Equal(new JournalFacts("radio", s_start, 44100, 2), index.Find("a.mp3"));

        Append("2026-05-24", new FileClosed("radio", "a.mp3", s_start.AddHours(1), 1000, 2000, "split"));
        index.Update();
        Assert.Equal((1000, 2000), ((long)index.Find("a.mp3")!.Samples!, (long)index.Find("a.mp3")!.Bytes!));

        Append("2026-05-24", new StartCorrected("a.mp3", s_start.AddYears(1)));
        index.Update();
        Assert.Equal(s_start.AddYears(1), index.Find("a.mp3")!.Start);
    }

    [Fact]
    public void What_a_clock_that_was_set_back_wrote_into_an_earlier_day_is_read_too()
    {
        var index = new JournalIndex(_directory.Path);
        Append("2026-05-24", Opened("a.mp3"));
        index.Update();

        Append("2026-05-23", Opened("b.mp3"));
        Append("1970-01-01", Opened("c.mp3"));
        index.Update();

        Assert.NotNull(index.Find("b.mp3"));
        Assert.NotNull(index.Find("c.mp3"));
    }

    [Fact]
    public void A_line_that_is_being_written_is_read_when_it_is_whole()
    {
        var index = new JournalIndex(_directory.Path);
        var line = JournalLine.Format(Opened("a.mp3"));
        AppendBytes("2026-05-23", line[..20]);
        index.Update();
        Assert.Null(index.Find("a.mp3"));

        AppendBytes("2026-05-23", line[20..]);
        index.Update();
        Assert.NotNull(index.Find("a.mp3"));
    }

    private static FileOpened Opened(string file) => new("radio", file, s_start, "MpegLayer3", 44100, 2, null);

    private void Append(string day, JournalEntry entry) => AppendBytes(day, JournalLine.Format(entry));

    private void AppendBytes(string day, byte[] bytes)
    {
        Directory.CreateDirectory(JournalReader.DirectoryOf(_directory.Path));
        using var file = new FileStream(Path.Combine(JournalReader.DirectoryOf(_directory.Path), day + ".jsonl"), FileMode.Append);
        file.Write(bytes);
    }
}
