using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests;

public sealed class PlaybackTests(RecordedStations stations) : IClassFixture<RecordedStations>
{
    /// <summary>
    /// How far Chromium's duration may be from the truth. ADTS has no duration: Chromium guesses it from the size of the
    /// file and the bitrate of its first frames. Of a growing file the last second may not be there yet.
    /// </summary>
    private const double Exact = 0.1;
    private const double Guess = 1.5;

    [Theory]
    [InlineData("mp3", "audio/mpeg", Exact)]
    [InlineData("aac", "audio/aac", Guess)]
    [InlineData("vorbis", "audio/ogg", Exact)]
    [InlineData("opus", "audio/ogg", Exact)]
    [InlineData("oggflac", "audio/ogg", Exact)]
    [InlineData("flac", "audio/flac", Exact)]
    public void A_finished_file_shows_its_length_and_plays_from_its_middle_to_its_end(string source, string type, double tolerance)
    {
        var file = stations.Finished(source);
        TestContext.Current.SendDiagnosticMessage($"{source}: {file}");

        Assert.Null(file.Failure);
        Assert.Equal(type, file.Type);
        Assert.Equal(file.Seconds, file.Duration - file.PreSkip, tolerance);
        PlaysFromItsMiddle(file, tolerance);
    }

    [Theory]
    [InlineData("mp3", "audio/mpeg")]
    [InlineData("aac", "audio/aac")]
    [InlineData("vorbis", "audio/ogg")]
    [InlineData("opus", "audio/ogg")]
    [InlineData("oggflac", "audio/ogg")]
    [InlineData("flac", "audio/flac")]
    public void A_growing_file_shows_what_is_there_and_plays_from_its_middle_to_there(string source, string type)
    {
        var file = stations.Growing(source);
        TestContext.Current.SendDiagnosticMessage($"{source}: {file}");

        Assert.Null(file.Failure);
        Assert.Equal(type, file.Type);
        Assert.Equal(file.Seconds, file.Duration - file.PreSkip, Guess);
        PlaysFromItsMiddle(file, Guess);
    }

    // Only when asked for: on a computer with ten times the work that it can do, three of ten runs had a break of 80 to 340 ms in MP3, as a page
    // that is starved of time begins late. Where there is time, breaks are 2 to 9 ms.
    [Fact(Explicit = true)]
    public async Task Recordings_that_follow_on_one_another_are_heard_as_one()
    {
        const double UnnoticedMilliseconds = 50;
        foreach (var (source, sound) in await stations.ListenAsync())
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{source}: {sound}");

            // Three seconds before the joint, and something behind it.
            Assert.InRange(sound.Seconds, 3.5, double.MaxValue);
            Assert.InRange(sound.LongestBreak, 0, UnnoticedMilliseconds);
            Assert.InRange(sound.LargestLeap, -UnnoticedMilliseconds, UnnoticedMilliseconds);
        }
    }

    private static void PlaysFromItsMiddle(PlayedFile file, double tolerance)
    {
        Assert.Equal(file.Middle, file.Landed, 0.05);
        Assert.Equal(file.Duration, file.EndedAt, tolerance);

        // Had it landed elsewhere, it would have played longer or less long to the end.
        var rest = file.EndedAt - file.Landed;
        Assert.InRange(file.PlayedSeconds, rest - 0.5, rest + 1.5);
    }
}
