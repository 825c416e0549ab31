using Isr.Recording.Journal;

namespace Isr.Reliability.Tests.Disk;

/// <summary>What must be true after a disk failed for some seconds.</summary>
internal static class DiskJudge
{
    public const double FaultSeconds = 7;

    /// <summary>The recorder tries a disk again every 5 s; then the first frames must come.</summary>
    public const double RecoversWithin = 7;

    public const string MustBe = "what is missing is one gap in the journal, of cause disk and that long; nothing doubled; recorded again within 7 s";

    /// <summary>Seconds until the source is recorded again: the gap is told when the next file has its first bytes on the disk.</summary>
    public static async Task<double> RecoveryAsync(FaultRun run, NumberedStation station)
    {
        var began = NumberedStation.Time;
        await run.UntilAsync(() => run.Folder.Entries<GapFound>().Any(g => g.Source == station.Name), () => $"{station.Name} is not recorded again");
        return NumberedStation.Time - began;
    }

    /// <summary>Holds what was recorded against what was sent, after the program's end, and returns the figures.</summary>
    public static string Judge(FaultRun run, NumberedStation station, double recovery, double longest)
    {
        if (station != run.Witness)
        {
            run.CheckWitness();
        }

        var found = station.Find(run.Folder);
        var gap = Assert.Single(run.Folder.Entries<GapFound>(), g => g.Source == station.Name);
        Assert.Equal(GapCause.Disk, gap.Cause);
        Assert.Equal((0, 0, 0), (found.Foreign, found.Doubled, found.Disordered));
        Assert.InRange(found.LostAtEnd, 0, 16);
        Assert.InRange((found.Lost - found.LostAtEnd) * NumberedStation.SecondsPerFrame, gap.Seconds - 0.3, gap.Seconds + 0.3);
        Assert.InRange(gap.Seconds, 0, longest);
        Assert.InRange(recovery, 0, RecoversWithin);
        return FormattableString.Invariant($"{found.Figures}; recorded again after {recovery:0.0} s");
    }
}
