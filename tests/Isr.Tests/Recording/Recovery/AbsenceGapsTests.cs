using Isr.Recording;
using Isr.Recording.Journal;
using Isr.Recording.Recovery;
using Isr.Recording.Time;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Recording.Recovery;

/// <summary>What the journal says of the time between two runs.</summary>
public sealed class AbsenceGapsTests : IDisposable
{
    private static readonly DateTimeOffset s_noon = new(2026, 5, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly JournalWriter _journal;
    private readonly AbsenceGaps _gaps;
    private readonly List<GapFound> _found = [];

    public AbsenceGapsTests()
    {
        var time = new ManualTimeProvider(At(110));
        _journal = new JournalWriter(_directory.Path, time, NullLogger<JournalWriter>.Instance);
        _gaps = new AbsenceGaps(_journal, new WallClock(time, () => ClockState.Synchronised));
        _gaps.Follow();
        _journal.Appended += entry =>
        {
            if (entry is GapFound gap)
            {
                _found.Add(gap);
            }
        };
    }

    public void Dispose()
    {
        _journal.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_source_lacks_what_passed_between_its_files_whichever_is_known_first(bool endFirst)
    {
        if (endFirst)
        {
            Know(("a", 99));
            Open("a", 112);
        }
        else
        {
            Open("a", 112);
            Assert.Empty(_found);
            Know(("a", 99));
        }

        Open("a", 500);
        Assert.Equal([(99, 112, GapCause.Killed, "the program was not running from 12:01:40 to 12:01:50")], Told());
    }

    [Fact]
    public void Each_part_of_a_long_absence_has_its_own_reason()
    {
        Know(("a", 20), ("b", 20));
        _journal.Append(new SourceDisconnected("a", "unreachable", "nobody answers"));
        Open("a", 300);
        Open("b", 300);

        Assert.Equal(
        [
            (20, 100, "refused", "404"), (100, 110, GapCause.Killed, "the program was not running from 12:01:40 to 12:01:50"), (110, 300, "unreachable", "nobody answers"),
            (20, 300, GapCause.Killed, "the program was not running from 12:01:40 to 12:01:50"),
        ],
        Told());
    }

    [Fact]
    public void What_was_joined_to_the_last_run_and_what_is_new_lacks_nothing()
    {
        Know(("a", 99));
        _journal.Append(new GapHealed("a", At(99), 10, 1, GapCause.Killed, null));
        Open("a", 99);
        Open("new", 120);

        Assert.Empty(_found);
    }

    private static DateTimeOffset At(int seconds) => s_noon.AddSeconds(seconds);

    private void Know(params (string Source, int End)[] ends) => _gaps.Know(new Absence(
        ends.ToDictionary(e => e.Source, e => At(e.End), StringComparer.Ordinal),
        new Dictionary<string, Gap>(StringComparer.Ordinal) { ["a"] = new("refused", "404") },
        GapCause.Killed,
        At(100),
        At(110)));

    private void Open(string source, int start) => _journal.Append(new FileOpened(source, source + ".mp3", At(start), "MpegLayer3", 44100, 2, null));

    private IEnumerable<(int From, int To, string Cause, string? Sentence)> Told() =>
        _found.Select(g => ((int)(g.From - s_noon).TotalSeconds, (int)(g.To - s_noon).TotalSeconds, g.Cause, g.Sentence));
}
