using System.Globalization;
using Isr.Recording.Journal;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Recording.Journal;

public sealed class JournalWriterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(DateTimeOffset.Parse("2026-05-23T23:59:58Z", CultureInfo.InvariantCulture));
    private readonly LogLines _log = new();

    private string StateDirectory => _directory.File("state");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_new_day_in_utc_begins_a_new_file()
    {
        await WriteAsync(journal =>
        {
            journal.Append(Title(1));
            _time.Advance(TimeSpan.FromSeconds(3));
            journal.Append(Title(2));
            journal.Append(Title(3));
        });

        Assert.Equal(["2026-05-23.jsonl", "2026-05-24.jsonl"], JournalReader.Days(StateDirectory).Select(d => Path.GetFileName(d)).ToList());
        Assert.Equal([1, 2], JournalReader.Days(StateDirectory).Select(d => JournalReader.Read(d).Count).ToList());
        Assert.Equal([1, 2, 3], Read());
    }

    [Fact]
    public async Task Half_a_line_at_the_end_is_passed_over_and_the_next_begins_on_its_own()
    {
        await WriteAsync(journal => journal.Append(Title(1)));
        var day = JournalReader.Days(StateDirectory)[0];
        var bytes = await File.ReadAllBytesAsync(day, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(day, [.. bytes, .. bytes.AsSpan(0, bytes.Length / 2)], TestContext.Current.CancellationToken);
        Assert.Equal([1], Read());

        await WriteAsync(journal => journal.Append(Title(2)));

        Assert.Equal([1, 2], Read());
    }

    [Fact]
    public async Task A_reader_that_follows_reads_every_line_once_wherever_it_comes_in_between()
    {
        await WriteAsync(journal =>
        {
            for (var i = 0; i < 5; i++)
            {
                journal.Append(Title(i));
            }
        });
        var day = JournalReader.Days(StateDirectory)[0];
        var bytes = await File.ReadAllBytesAsync(day, TestContext.Current.CancellationToken);

        for (var cut = 0; cut <= bytes.Length; cut += 7)
        {
            var growing = _directory.File("growing");
            var position = 0L;
            await File.WriteAllBytesAsync(growing, bytes[..cut], TestContext.Current.CancellationToken);
            var first = JournalReader.Read(growing, ref position);
            await File.WriteAllBytesAsync(growing, bytes, TestContext.Current.CancellationToken);
            var rest = JournalReader.Read(growing, ref position);

            Assert.Equal([0, 1, 2, 3, 4], first.Concat(rest).Select(NumberOf).ToList());
            Assert.Equal(bytes.Length, position);
        }
    }

    [Fact]
    public async Task Damage_of_any_length_costs_its_own_line_alone()
    {
        await WriteAsync(journal => journal.Append(Title(1)));
        var day = JournalReader.Days(StateDirectory)[0];
        await File.AppendAllTextAsync(day, new string('x', 1_000_000) + "\n", TestContext.Current.CancellationToken);

        await WriteAsync(journal => journal.Append(Title(2)));

        Assert.Equal([1, 2], Read());
    }

    [Fact]
    public async Task A_full_disk_neither_loses_nor_doubles_a_line()
    {
        await using var disk = await SmallDisk.MountAsync(StateDirectory, 256);
        using var journal = new JournalWriter(StateDirectory, _time, _log.CreateFactory().CreateLogger<JournalWriter>());
        journal.Start();
        journal.Append(Title(0));
        await PassUntilAsync(() => Read().Count == 1);
        var ballast = disk.Fill();
        // The part of a page that is still free takes some of these lines, and the midnight between them makes two files.
        for (var i = 1; i <= 20; i++)
        {
            journal.Append(Title(i));
        }

        _time.Advance(TimeSpan.FromSeconds(3));
        for (var i = 21; i <= 200; i++)
        {
            journal.Append(Title(i));
        }

        await PassUntilAsync(() => _log.Count("cannot be written") == 1);
        await PassAsync(60);
        File.Delete(ballast);
        await PassUntilAsync(() => _log.Count("is written again") == 1);
        journal.Append(Title(201));
        await journal.StopAsync();

        Assert.Equal(Enumerable.Range(0, 202), Read());
        Assert.Equal(1, _log.Count("cannot be written"));
        var lines = JournalReader.Days(StateDirectory).Sum(d => File.ReadAllLines(d).Length);
        Assert.Equal(202, lines);
    }

    private static TitleHeard Title(int number) => new("radio", default, number.ToString(CultureInfo.InvariantCulture));

    private static int NumberOf(JournalEntry entry) => int.Parse(((TitleHeard)entry).Title, CultureInfo.InvariantCulture);

    private List<int> Read() => [.. JournalReader.Days(StateDirectory).SelectMany(JournalReader.Read).Select(NumberOf)];

    private async Task WriteAsync(Action<JournalWriter> append)
    {
        using var journal = new JournalWriter(StateDirectory, _time, _log.CreateFactory().CreateLogger<JournalWriter>());
        journal.Start();
        append(journal);
        await journal.StopAsync();
    }

    private Task PassUntilAsync(Func<bool> condition) => Wait.UntilAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            return condition();
        },
        TimeSpan.FromSeconds(10),
        () => string.Join('\n', _log.All));

    /// <summary>So many times the writer has slept and woken.</summary>
    private async Task PassAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Wait.UntilAsync(() => _time.PendingTimers > 0, TimeSpan.FromSeconds(10), "the writer sleeps");
            _time.Advance(_time.UntilNextTimer ?? TimeSpan.Zero);
        }
    }
}
