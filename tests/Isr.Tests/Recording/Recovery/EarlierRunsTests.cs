using Isr.Recording.Journal;
using Isr.Recording.Recovery;
using Isr.Tests.Support;

namespace Isr.Tests.Recording.Recovery;

/// <summary>What a start finds out from the journals of the runs before it.</summary>
public sealed class EarlierRunsTests : IDisposable
{
    private static readonly DateTimeOffset s_noon = new(2026, 5, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Without_a_journal_there_is_nothing()
    {
        var earlier = Read("a");

        Assert.Null(earlier.LastAlive);
        Assert.Empty(earlier.LeftOpen);
    }

    [Fact]
    public void Files_without_an_end_were_left_open_the_newest_first()
    {
        Write(Started(0), Opened("a", "a1.mp3", 1), Opened("b", "b1.mp3", 2), Closed("a", "a1.mp3", 3, GapCause.Split), Opened("a", "a2.mp3", 3));

        var earlier = Read("a", "b");

        Assert.Equal(["a2.mp3", "b1.mp3"], earlier.LeftOpen.Select(f => f.File), StringComparer.Ordinal);
        Assert.Null(earlier.Stopped);
        Assert.Equal(At(3), earlier.LastAlive);
        Assert.Equal(At(3), earlier.Ends["a"]);
        Assert.Equal(new EarlierFile("a2.mp3", null), earlier.LastFiles["a"]);
    }

    [Fact]
    public void What_a_later_run_finished_is_not_looked_at_again()
    {
        Write(
            Started(0), Opened("a", "gone.mp3", 1), Started(10), new RecoveryFinished(0) { At = At(11) }, Opened("a", "a.mp3", 12),
            Closed("a", "a.mp3", 20, GapCause.Stopped), new ProgramStopped { At = At(21) });

        var earlier = Read("a");

        Assert.Empty(earlier.LeftOpen);
        Assert.Equal(At(21), earlier.Stopped);
        Assert.Equal(new EarlierFile("a.mp3", At(20)), earlier.LastFiles["a"]);
    }

    [Fact]
    public void A_file_is_found_under_its_present_name_and_time()
    {
        Write(
            Started(0), Opened("a", "/fallback/a.mp3", 1), new StartCorrected("/fallback/a.mp3", At(100)) { At = At(2) },
            new FileMoved("/fallback/a.mp3", "a.mp3") { At = At(3) });

        var left = Assert.Single(Read("a").LeftOpen);

        Assert.Equal(new LeftOpenFile("a", "a.mp3", At(100)), left);
    }

    [Fact]
    public void Sources_that_had_ended_before_the_program_have_a_reason()
    {
        Write(
            Started(0), Configured("told", 0), Configured("later", 0), Configured("well", 0), Opened("told", "t.mp3", 1), Opened("later", "l.mp3", 1), Opened("well", "w.mp3", 1),
            Disconnected("told", "ended", "it closed", 50), Closed("told", "t.mp3", 50, "ended"),
            Disconnected("later", "broken", "reset", 60), Closed("later", "l.mp3", 60, "broken"), Disconnected("later", "refused", "404", 61),
            Disconnected("well", GapCause.Stopped, "stopped", 99), Closed("well", "w.mp3", 99, GapCause.Stopped), new ProgramStopped { At = At(100) });

        var earlier = Read("told", "later", "well");

        Assert.Equal(("ended", "it closed"), (earlier.Outages["told"].Cause, earlier.Outages["told"].Sentence));
        Assert.Equal(("refused", "404"), (earlier.Outages["later"].Cause, earlier.Outages["later"].Sentence));
        Assert.False(earlier.Outages.ContainsKey("well"));
        Assert.Equal(["later", "told", "well"], earlier.LastSources.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static DateTimeOffset At(int seconds) => s_noon.AddSeconds(seconds);

    private static ProgramStarted Started(int at) => new("1", 1, "UTC", "synchronised") { At = At(at) };

    private static SourceConfigured Configured(string source, int at) => new(source, "stream", []) { At = At(at) };

    private static FileOpened Opened(string source, string file, int at) => new(source, file, At(at), "MpegLayer3", 44100, 2, null) { At = At(at) };

    private static FileClosed Closed(string source, string file, int at, string how) => new(source, file, At(at), 1, 1, how) { At = At(at) };

    private static SourceDisconnected Disconnected(string source, string cause, string sentence, int at) => new(source, cause, sentence) { At = At(at) };

    private void Write(params JournalEntry[] entries) => JournalFiles.Append(_directory.File("state"), entries);

    private EarlierRuns Read(params string[] sources)
    {
        var earlier = EarlierRuns.Mark(_directory.Path, _directory.File("state"));
        earlier.Read(sources, int.MaxValue, TestContext.Current.CancellationToken);
        return earlier;
    }
}
