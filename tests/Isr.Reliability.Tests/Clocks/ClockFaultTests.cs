using System.Globalization;
using Isr.Recording.Journal;
using Isr.Recording.Time;
using Isr.Tests.EndToEnd;

namespace Isr.Reliability.Tests.Clocks;

/// <summary>The clock is wrong, is set, or changes its zone's offset while a recorder runs.</summary>
public sealed class ClockFaultTests
{
    private const string Whole = "every frame is in exactly one file, nothing is overwritten, the file's name is the new time's";

    [Fact]
    public Task The_clock_is_set_forwards_backwards_and_to_1970() => FaultMatrix.RowAsync(
        FaultKind.Clock, "the clock is set: +1 h, back by 1 h, to 1970, right again", $"{Whole}; each step is in the journal within 4 s", async () =>
        {
            await using var run = new FaultRun { SplitMinutes = 1440 };
            var clock = new ClockFile(run.Folder);
            clock.Set(0);
            await run.StartAsync(clock.Environment);
            await run.UntilAsync(() => run.Folder.Entries<FileOpened>().Count == 1, () => "nothing is recorded");

            var to1970 = 86_400 * Math.Round((DateTimeOffset.UnixEpoch.AddDays(3) - TimeProvider.System.GetUtcNow()).TotalDays);
            var slowest = 0.0;
            double[] offsets = [3600, 0, to1970, 0];
            foreach (var (offset, step) in offsets.Select((offset, i) => (offset, i + 1)))
            {
                await FaultRun.ForAsync(1);
                var began = NumberedStation.Time;
                clock.Set(offset);
                await run.UntilAsync(() => run.Folder.Entries<FileOpened>().Count == step + 1, () => $"step {step} began no new file");
                slowest = Math.Max(slowest, NumberedStation.Time - began);
            }

            await FaultRun.ForAsync(1);
            await run.StopAsync();

            var found = run.Witness.Find(run.Folder).IsWhole("witness", inFlight: 16, inOrder: false);
            var steps = run.Folder.Entries<ClockStepped>().ConvertAll(s => s.Seconds);
            double[] expected = [3600, -3600, to1970, -to1970];
            Assert.Equal(expected.Length, steps.Count);
            Assert.All(expected.Order().Zip(steps.Order()), pair => Assert.InRange(pair.Second, pair.First - 1, pair.First + 1));
            Assert.InRange(slowest, 0, 4);
            var files = run.Folder.Entries<FileOpened>();
            Assert.Equal(files.Count, files.DistinctBy(f => f.File, StringComparer.Ordinal).Count());
            Assert.StartsWith("witness/1970", Assert.Single(files, f => f.Start.Year == 1970).File, StringComparison.Ordinal);
            Assert.Empty(run.Folder.Entries<GapFound>());
            return FormattableString.Invariant($"{steps.Count} steps, {found.Figures}; new file after {slowest:0.0} s at most");
        });

    [Fact]
    public Task The_clock_is_in_1970_until_a_time_server_is_found() => FaultMatrix.RowAsync(
        FaultKind.Clock, "the program starts in 1970 with a clock that is not synchronised, which is then set", $"{Whole}; the first file's start is corrected in the journal", async () =>
        {
            await using var run = new FaultRun { SplitMinutes = 1440 };
            var clock = new ClockFile(run.Folder);
            clock.Set(-TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 100, isSynchronised: false);
            await run.StartAsync(clock.Environment);
            await run.UntilAsync(() => run.Folder.Entries<FileOpened>().Count == 1, () => "nothing is recorded");
            await FaultRun.ForAsync(2);
            var truth = TimeProvider.System.GetUtcNow().AddSeconds(NumberedStation.SecondsPerFrame * -(run.Witness.Last - run.Witness.First));

            clock.Set(0);
            await run.UntilAsync(() => run.Folder.Entries<StartCorrected>().Count > 0, () => "no start is corrected");
            await run.StopAsync();

            var found = run.CheckWitness();
            var opened = run.Folder.Entries<FileOpened>()[0];
            var corrected = run.Folder.Entries<StartCorrected>()[0];
            Assert.Equal("unsynchronised", opened.Clock);
            Assert.Equal(1970, opened.Start.Year);
            Assert.Equal(opened.File, corrected.File);
            var wrong = Math.Abs((corrected.Start - truth).TotalSeconds);
            Assert.InRange(wrong, 0, 1.5);
            return FormattableString.Invariant($"{found.Figures}; the corrected start is right to {Math.Ceiling(wrong):0} s");
        });

    [Theory]
    [InlineData("2027-03-28T00:59:54Z", "forwards, from 2:00 to 3:00", "20270328_030000")]
    [InlineData("2026-10-25T00:59:54Z", "back, from 3:00 to 2:00", "20261025_020000")]
    public Task Daylight_saving_begins_and_ends(string from, string how, string name) => FaultMatrix.RowAsync(
        FaultKind.Clock, $"daylight saving moves the local clock {how}", Whole, async () =>
        {
            await using var run = new FaultRun { SplitMinutes = 30 };
            var clock = new ClockFile(run.Folder);
            clock.Set(Math.Round((DateTimeOffset.Parse(from, CultureInfo.InvariantCulture) - TimeProvider.System.GetUtcNow()).TotalSeconds));
            await run.StartAsync(new Dictionary<string, string>(clock.Environment, StringComparer.Ordinal) { ["TZ"] = "Europe/Berlin" });
            await run.UntilAsync(() => run.Folder.Entries<FileOpened>().Count == 2, () => "no new file begins");
            await FaultRun.ForAsync(1);
            await run.StopAsync();

            var found = run.CheckWitness();
            var files = run.Folder.Entries<FileOpened>();
            Assert.EndsWith($"/{name}.aac", files[1].File, StringComparison.Ordinal);
            Assert.NotEqual(files[0].Start.Offset, files[1].Start.Offset);
            Assert.InRange((files[1].Start.UtcDateTime - DateTimeOffset.Parse(from, CultureInfo.InvariantCulture).UtcDateTime.AddSeconds(6)).TotalSeconds, 0, 0.1);
            Assert.Empty(run.Folder.Entries<ClockStepped>());
            return found.Figures;
        });

    /// <summary>The file that the program's test clock reads.</summary>
    private sealed class ClockFile(ProgramFolder folder)
    {
        private readonly string _path = folder.File("clock");

        public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal) { [TestClock.Variable] = _path };

        public void Set(double offsetSeconds, bool isSynchronised = true)
        {
            // Replaced as a whole: half a file would be an offset of its own.
            File.WriteAllText(_path + ".new", FormattableString.Invariant($"offset {offsetSeconds}\nsynchronised {(isSynchronised ? "yes" : "no")}\n"));
            File.Move(_path + ".new", _path, overwrite: true);
        }
    }
}
