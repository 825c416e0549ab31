using System.Diagnostics;
using Isr.Catalog.Keeping;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog.Keeping;

public sealed class MarkStoreTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();

    private KeepingOptions Options => new(_directory.Path, _directory.File("state"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Another_process_reads_on_what_this_one_writes_and_half_a_line_costs_nothing_else()
    {
        var (writer, reader) = (new MarkStore(Options), new MarkStore(Options));
        Assert.Null(reader.Find("a"));
        writer.Append(Put(Mark("a", 0)));
        Assert.Equal("a", reader.Find("a")!.Id);

        // A crash.
        File.AppendAllText(writer.FilePath, """{"put":[{"id":"b","file":"x.mp3"}""");
        Assert.Null(reader.Find("b"));
        writer.Append(Put(Mark("c", 1)));

        Assert.Equal(["a", "c"], [.. All(reader)]);
        Assert.Equal(["a", "c"], [.. All(new MarkStore(Options))]);
        File.Delete(writer.FilePath);
        Assert.Empty(All(reader));
    }

    [Fact]
    public void What_is_outdated_is_written_out_of_the_file_now_and_then()
    {
        var (writer, reader) = (new MarkStore(Options), new MarkStore(Options));
        writer.Append(Put(Mark("other", 5)));
        for (var i = 0; i < 600; i++)
        {
            writer.Append(Put(Mark("a", i)));
            Assert.True(i % 100 != 0 || reader.Find("a")!.Start == i);
        }

        Assert.InRange(File.ReadLines(writer.FilePath).Count(), 1, 550);
        Assert.Equal(599, new MarkStore(Options).Find("a")!.Start);
        Assert.Equal(599, reader.Find("a")!.Start);
        Assert.Equal(5, reader.Find("other")!.Start);
    }

    [Fact]
    public void A_hundred_thousand_marks_are_found_at_once()
    {
        const int Count = 100_000;
        var writer = new MarkStore(Options);
        foreach (var some in Enumerable.Range(0, Count).Chunk(1000))
        {
            writer.Append(new MarkChange([.. some.Select(i => Mark($"m{i}", i * 10))], []));
        }

        var store = new MarkStore(Options);
        var began = Stopwatch.GetTimestamp();
        Assert.NotNull(store.Find("m77777"));
        var read = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            var from = s_start.AddSeconds(i * 1000);
            var found = store.List(new MarkFilter { Source = "news", From = from, To = from.AddSeconds(100) }, MarkPlace.First, 100);
            Assert.Equal(10, found.Count);
            Assert.Equal(10, store.Of(new MarkedFile("moved.mp3", "news", from, from.AddSeconds(100))).Count);
        }

        var each = Stopwatch.GetElapsedTime(began) / 200;
        TestContext.Current.TestOutputHelper!.WriteLine($"read in {read.TotalMilliseconds:0} ms, asked in {each.TotalMicroseconds:0} µs");
        Assert.True(each < TimeSpan.FromMilliseconds(20), $"{each.TotalMilliseconds} ms for each question");
    }

    private static Mark Mark(string id, double start) => new()
    {
        Id = id,
        File = $"{(int)(start / 1000)}.mp3",
        Start = start,
        End = start + 5,
        Source = "news",
        From = s_start.AddSeconds(start),
        To = s_start.AddSeconds(start + 5),
        Label = "x",
    };

    private static MarkChange Put(Mark mark) => new([mark], []);

    private static IEnumerable<string> All(MarkStore store) => store.List(default, MarkPlace.First, 100).Select(m => m.Id);
}
