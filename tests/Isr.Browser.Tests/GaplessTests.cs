using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests;

/// <summary>What comes out of the page, sample by sample, while it plays over the joints of files of six seconds.</summary>
[Collection(Listening.Name)]
public sealed class GaplessTests(SteadyStations stations)
{
    /// <summary>In milliseconds.</summary>
    private const double Unnoticed = 50;

    /// <summary>Somewhat less than was listened for, as a page needs a while until it sounds; over two joints in any case.</summary>
    private const double LeastSeconds = 8;

    [Theory(Explicit = true)]
    [InlineData("flac")]
    [InlineData("mp3")]
    [InlineData("opus")]
    public Task Recordings_that_follow_on_one_another_are_heard_as_one(string source) => IsHeardAsOneAsync(source, live: false);

    [Fact(Explicit = true)]
    public Task Who_listens_to_what_is_being_recorded_does_not_notice_that_files_end() => IsHeardAsOneAsync(SteadyStations.Live, live: true);

    private async Task IsHeardAsOneAsync(string source, bool live)
    {
        var sound = await stations.HeardAsync(source, live);
        TestContext.Current.TestOutputHelper!.WriteLine($"{source}{(live ? " live" : "")}: {sound}");

        Assert.InRange(sound.Seconds, LeastSeconds, double.MaxValue);
        Assert.InRange(sound.LongestBreak, 0, Unnoticed);
        Assert.InRange(sound.LargestLeap, -Unnoticed, Unnoticed);
    }
}
