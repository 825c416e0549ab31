using System.Security.Cryptography;
using Isr.Recording.Journal;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Recording.Journal;

public sealed class FileSealerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 12, 30, 0, TimeSpan.Zero));
    private readonly LogLines _log = new();

    private string StateDirectory => _directory.File("state");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_chain_holds_over_a_restart_and_a_new_day()
    {
        await SealAsync(("a.mp3", "one"), ("b.mp3", "two"));
        _time.Advance(TimeSpan.FromDays(2));
        await SealAsync(("c.mp3", "three"));

        var seals = Seals();
        Assert.Equal(["a.mp3", "b.mp3", "c.mp3"], seals.ConvertAll(s => s.File));
        var chain = "";
        foreach (var seal in seals)
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(_directory.File(seal.File), TestContext.Current.CancellationToken))), seal.Sha256);
            var lines = string.Concat((seal.Journal ?? []).Select(s => $"\n{s!.Day} {s.From} {s.To} {s.Sha256}"));
            chain = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{chain}\n{seal.File}\n{seal.Sha256}{lines}")));
            Assert.Equal(chain, seal.Chain);
        }
    }

    [Fact]
    public async Task Each_seal_holds_the_lines_that_came_since_the_one_before_over_restarts_and_days()
    {
        await SealAsync(("a.mp3", "one"));
        await SealAsync(("b.mp3", "two"));
        _time.Advance(TimeSpan.FromDays(1));
        await SealAsync(("c.mp3", "three"));

        // Half a line that a crash left is held once the line behind it is whole.
        await File.AppendAllTextAsync(JournalReader.Days(StateDirectory)[^1], "{\"event\":\"op", TestContext.Current.CancellationToken);
        await SealAsync(("d.mp3", "four"));
        await SealAsync(("e.mp3", "five"));

        var days = JournalReader.Days(StateDirectory).ToDictionary(day => Path.GetFileNameWithoutExtension(day)!, File.ReadAllBytes, StringComparer.Ordinal);
        var stretches = Seals().SelectMany(s => s.Journal ?? []).ToList();
        Assert.Equal(2, stretches.Select(s => s!.Day).Distinct(StringComparer.Ordinal).Count());
        foreach (var day in stretches.GroupBy(s => s!.Day, StringComparer.Ordinal))
        {
            var at = 0L;
            foreach (var stretch in day)
            {
                Assert.Equal(at, stretch!.From);
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(days[day.Key].AsSpan((int)stretch.From, (int)(stretch.To - stretch.From)))), stretch.Sha256);
                at = stretch.To;
            }

            // But for the line of the last seal of that day, or of all.
            Assert.InRange(at, 1, days[day.Key].Length);
            Assert.Equal(day.Key == days.Keys.Max(StringComparer.Ordinal) ? 1 : 0, days[day.Key].AsSpan((int)at).Count((byte)'\n'));
        }
    }

    [Fact]
    public async Task A_file_that_is_gone_costs_a_log_line_and_nothing_else()
    {
        await SealAsync(("a.mp3", "one"), ("gone.mp3", null), ("b.mp3", "two"));

        Assert.Equal(["a.mp3", "b.mp3"], Seals().ConvertAll(s => s.File));
        Assert.Equal(1, _log.Count("could not be read back for its hash"));
    }

    [Fact]
    public async Task Recorded_files_are_sealed_as_they_lie_on_the_disk()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async(), splitMinutes: 0.25);
        source.Connect();
        source.Play(40);
        await harness.FinishAsync();

        var seals = harness.Entries<FileSealed>();
        Assert.Equal(harness.Entries<FileClosed>().ConvertAll(c => c.File), seals.ConvertAll(s => s.File));
        var chain = "";
        foreach (var seal in seals)
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(harness.PathOf(seal.File), TestContext.Current.CancellationToken))), seal.Sha256);
            Assert.Equal(chain = FileSealer.Next(chain, seal.File, seal.Sha256, seal.Journal), seal.Chain);
        }
    }

    private List<FileSealed> Seals() => [.. JournalReader.Days(StateDirectory).SelectMany(JournalReader.Read).OfType<FileSealed>()];

    private async Task SealAsync(params (string Name, string? Content)[] files)
    {
        using var journal = new JournalWriter(StateDirectory, _time, _log.CreateFactory().CreateLogger<JournalWriter>());
        var sealer = new FileSealer(StateDirectory, journal, _log.CreateFactory().CreateLogger<FileSealer>());
        journal.Start();
        sealer.Start(CancellationToken.None);
        foreach (var (name, content) in files)
        {
            if (content is not null)
            {
                await File.WriteAllTextAsync(_directory.File(name), content, TestContext.Current.CancellationToken);
            }

            sealer.Add(_directory.File(name), name);
        }

        await sealer.StopAsync();
        await journal.StopAsync();
    }
}
