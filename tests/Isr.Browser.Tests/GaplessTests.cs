using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests;

/// <summary>What comes out of the page, sample by sample, while it plays over the joints of files of three seconds.</summary>
public sealed class GaplessTests(SteadyStations stations) : IClassFixture<SteadyStations>
{
    /// <summary>In milliseconds.</summary>
    private const double Unnoticed = 50;

    /// <summary>Less than was listened for, as a page needs some time until it sounds; more than two files in any case.</summary>
    private const double LeastSeconds = 6.2;

    [Theory]
    [InlineData("flac")]
    [InlineData("mp3")]
    [InlineData("opus")]
    public void Recordings_that_follow_on_one_another_are_heard_as_one(string source) => IsHeardAsOne(source, live: false);

    [Theory]
    [InlineData("flac")]
    [InlineData("mp3")]
    [InlineData("opus")]
    public void Who_listens_to_what_is_being_recorded_does_not_notice_that_files_end(string source) => IsHeardAsOne(source, live: true);

    private void IsHeardAsOne(string source, bool live)
    {
        var (sound, player) = stations.Heard(source, live);
        TestContext.Current.TestOutputHelper!.WriteLine($"{source}{(live ? " live" : "")}: {sound}; {player.ReplaceLineEndings(" ")}");

        Assert.InRange(sound.Seconds, LeastSeconds, double.MaxValue);
        Assert.InRange(sound.LongestBreak, 0, Unnoticed);
        Assert.InRange(sound.LargestLeap, -Unnoticed, Unnoticed);
    }
}
