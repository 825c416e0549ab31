using Isr.Logging;
using Isr.Tests.Support;

namespace Isr.Tests.Logging;

public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_is_appended_to_over_a_restart()
    {
        var path = _directory.File("deep", "recorder.log");
        using (var log = new LogFile(path))
        {
            log.Write("one\n");
        }

        using (var log = new LogFile(path))
        {
            log.Write("zwei: ü\n");
            Assert.Equal("one\nzwei: ü\n", File.ReadAllText(path));
        }
    }

    [Fact]
    public void At_ten_megabytes_it_is_moved_aside_and_five_are_kept()
    {
        var path = _directory.File("recorder.log");
        using (var log = new LogFile(path))
        {
            for (var i = 0; i < 80; i++)
            {
                log.Write($"{i} {new string('x', 1_000_000)}\n");
            }
        }

        // Eleven lines are the first to make more than 10 MB.
        Assert.Equal(
            ["recorder.log", "recorder.log.1", "recorder.log.2", "recorder.log.3", "recorder.log.4", "recorder.log.5"],
            [.. Directory.GetFiles(_directory.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]);
        var numbers = new[] { 5, 4, 3, 2, 1, 0 }
            .SelectMany(i => File.ReadLines(i == 0 ? path : $"{path}.{i}"))
            .Select(line => int.Parse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal)), System.Globalization.CultureInfo.InvariantCulture))
            .ToList();
        Assert.Equal(Enumerable.Range(numbers[0], 80 - numbers[0]), numbers);
        Assert.True(numbers.Count > 50);
    }

    [Fact]
    public async Task A_full_disk_is_borne_and_the_log_goes_on_afterwards()
    {
        await using var disk = await SmallDisk.MountAsync(_directory.File("small"), 256);
        var path = Path.Combine(disk.Path, "recorder.log");
        using var log = new LogFile(path);
        log.Write("before\n");
        var ballast = disk.Fill();
        for (var i = 0; i < 1000; i++)
        {
            log.Write($"while it is full {i}\n");
        }

        File.Delete(ballast);
        log.Write("after\n");

        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.StartsWith("before\n", text, StringComparison.Ordinal);
        Assert.EndsWith("after\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_moves_it_aside_empties_it_or_takes_its_folder_away_loses_no_line()
    {
        var path = _directory.File("log", "recorder.log");
        using var log = new LogFile(path);
        log.Write("one\n");

        // logrotate's usual way, with and without a new file in its place.
        File.Move(path, path + ".old");
        log.Write("two\n");
        File.Move(path, path + ".older");
        File.WriteAllText(path, "");
        log.Write("three\n");
        Assert.Equal(("one\n", "two\n", "three\n"), (File.ReadAllText(path + ".old"), File.ReadAllText(path + ".older"), File.ReadAllText(path)));

        // copytruncate.
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(0);
        }

        log.Write("four\n");
        Assert.Equal("four\n", File.ReadAllText(path));

        Directory.Delete(_directory.File("log"), recursive: true);
        log.Write("five\n");
        Assert.Equal("five\n", File.ReadAllText(path));
    }

    [Fact]
    public void What_stands_in_the_way_of_moving_it_aside_costs_no_line()
    {
        var path = _directory.File("recorder.log");
        Directory.CreateDirectory(path + ".1");
        File.WriteAllText(Path.Combine(path + ".1", "inside"), "");
        Directory.CreateDirectory(path + ".2");
        File.WriteAllText(Path.Combine(path + ".2", "inside"), "");
        using var log = new LogFile(path);
        for (var i = 0; i < 20; i++)
        {
            log.Write($"{i} {new string('x', 1_000_000)}\n");
        }

        Assert.Equal(Enumerable.Range(0, 20), File.ReadLines(path).Select(line => int.Parse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal)), System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_full_disk_leaves_no_torn_line()
    {
        await using var disk = await SmallDisk.MountAsync(_directory.File("torn"), 256);
        var path = Path.Combine(disk.Path, "recorder.log");
        using var log = new LogFile(path);
        for (var i = 0; i < 1000; i++)
        {
            log.Write($"{i} {new string('x', 1000)}\n");
        }

        Assert.All(await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken), line => Assert.EndsWith(new string('x', 1000), line, StringComparison.Ordinal));
    }
}
