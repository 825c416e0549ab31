using System.Globalization;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Cards;

/// <summary>Soundcards that fail in every way, all at once, in one recorder. Their samples count, so what is missing shows.</summary>
public sealed class CardFaultTests(CardRun run) : IClassFixture<CardRun>
{
    [Theory]
    [InlineData("witness")]
    [InlineData("witness-flac")]
    public Task A_card_beside_others_that_fail_loses_nothing_and_is_split_on_the_boundary(string name) => FaultMatrix.RowAsync(
        FaultKind.Card,
        $"the process is stopped for 1.5 s ({(name == "witness" ? "WAV" : "FLAC")}, a card that is 50 ppm fast)",
        "nothing lost, nothing doubled; every file begins with the boundary's sample, to 5 ms",
        async () =>
        {
            var (files, _) = await run.FilesOfAsync(name);
            Assert.Empty(files.Holes);
            Assert.DoesNotContain(run.Folder.Entries<GapFound>(), g => g.Source == name);
            Assert.Equal(0, run.Last[name].Overruns);
            var errors = files.SplitErrors().ToList();
            Assert.InRange(errors.Count, 2, 10);
            Assert.All(errors, error => Assert.InRange(error, -5, 5));
            await AudioChecks.PassesAllAsync(files.Files.Select(file => Path.Combine(run.Folder.Recordings, file.Opened.File)));

            return string.Create(CultureInfo.InvariantCulture, $"{files.Samples} samples in {files.Files.Count} files, 0 lost, 0 doubled; splits {errors.Min():0.00} to {errors.Max():0.00} ms after the boundary");
        });

    [Theory]
    [InlineData("overrun", "the card's buffer runs over, twice", GapCause.Xrun, 2, 0, 0)]
    [InlineData("unplugged", "the card is unplugged for 4 s", "broken", 1, 3.5, 3)]
    [InlineData("error", "a read fails with EIO", "broken", 1, 0, 3)]
    [InlineData("suspended", "the card is suspended for 3 s", "broken", 1, 2.5, 3)]
    [InlineData("silent", "the card gives no data for 10 s, and no error", "silence", 1, 8, 12)]
    public Task What_a_card_in_trouble_did_not_give_is_a_gap_of_that_length(string name, string injected, string cause, int holes, double atLeast, double within) => FaultMatrix.RowAsync(
        FaultKind.Card,
        injected,
        $"what is missing is in the journal, with its length to 20 ms; nothing doubled; recorded again{(within > 0 ? string.Create(CultureInfo.InvariantCulture, $" within {within} s") : "")}",
        async () =>
        {
            var (files, back) = await run.FilesOfAsync(name);
            Assert.Equal(holes, files.Holes.Count);
            Assert.All(files.Holes, hole => Assert.Null(hole.File));
            var error = files.WorstGapError(run.Folder, name);
            Assert.InRange(error, 0, 20);
            Assert.InRange(back, 0, within > 0 ? within : double.PositiveInfinity);
            Assert.All(run.Folder.Entries<GapFound>().Where(g => g.Source == name), gap => Assert.Equal(cause, gap.Cause));
            var missing = files.Holes.Sum(h => h.Count) / (double)CardFiles.Rate;
            Assert.InRange(missing, atLeast, 60);
            return string.Create(CultureInfo.InvariantCulture, $"{missing:0.00} s missing, the journal is wrong by {error:0.0} ms at most; recorded again after {back:0.0} s");
        });

    [Fact]
    public Task A_card_that_is_busy_at_first_is_recorded_when_it_is_free() => FaultMatrix.RowAsync(
        FaultKind.Card, "another program has the card for 4 s when the recorder starts", "said once; recorded within 3 s after it is free; nothing lost from then on", async () =>
        {
            var (files, back) = await run.FilesOfAsync("busy");
            Assert.Empty(files.Holes);
            Assert.InRange(back, 0, 3);
            Assert.Single(run.LogOf("busy").Split('\n'), line => line.Contains("next attempt", StringComparison.Ordinal));
            return string.Create(CultureInfo.InvariantCulture, $"recorded after {back:0.0} s");
        });

    [Fact]
    public Task Samples_that_a_card_left_out_without_a_word_are_found() => FaultMatrix.RowAsync(
        FaultKind.Card, "a card leaves out 0.5 s without an error", "it is in the journal as a stall, with file, place (to 0.2 s) and length (to 20 ms); what follows is dated rightly", async () =>
        {
            var (files, _) = await run.FilesOfAsync("jump");
            var hole = Assert.Single(files.Holes);
            Assert.Equal(24_000, hole.Count);
            var error = files.WorstGapError(run.Folder, "jump");
            Assert.InRange(error, 0, 20);
            var stall = run.Folder.Entries<StallFound>().Single(s => s.Source == "jump");
            Assert.Equal(hole.File, stall.File);
            Assert.InRange(stall.Sample - hole.Sample, -9600, 9600);
            Assert.InRange((files.TimeOf(files.Files[^1].Numbers[0]) - files.Files[^1].Opened.Start).TotalMilliseconds, -3, 3);
            return string.Create(CultureInfo.InvariantCulture, $"length wrong by {error:0.0} ms, place by {(stall.Sample - hole.Sample) * 1000.0 / CardFiles.Rate:0} ms");
        });
}
