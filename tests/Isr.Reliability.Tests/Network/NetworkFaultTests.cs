namespace Isr.Reliability.Tests.Network;

/// <summary>Servers that fail in every way, all at once, in one recorder.</summary>
public sealed class NetworkFaultTests(NetworkRun run) : IClassFixture<NetworkRun>
{
    /// <summary>What was sent in the last second before the program's end may not have been read yet.</summary>
    private const int InFlight = 16;

    public static TheoryData<string> Faults => [.. NetworkFault.All.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Faults))]
    public Task Every_frame_of_a_source_in_trouble_is_recorded_once(string name)
    {
        var fault = NetworkFault.All.Single(f => f.Name == name);
        var station = run.StationOf(name);
        var again = fault.RecoversWithin > 0 ? FormattableString.Invariant($", heard again within {fault.RecoversWithin} s") : "";
        var lost = fault.MayLose > 0 ? $"at most {fault.MayLose} frames lost" : "nothing lost that was sent";
        return FaultMatrix.RowAsync(FaultKind.Network, fault.Injected, $"{lost}, nothing doubled{again}", () =>
        {
            var found = Check(station, fault.MayLose);
            return Task.FromResult($"{found.Figures}; {(fault.RecoversWithin > 0 ? RecoveryOf(station, fault.RecoversWithin) : $"{run.RequestsOf(name)} connection")}");
        });
    }

    [Fact]
    public Task A_server_that_goes_and_comes_again_is_recorded_again() => FaultMatrix.RowAsync(
        FaultKind.Network, "the server is gone for 6 s: connections are closed, new ones refused", "nothing lost that was sent, nothing doubled, heard again within 8 s",
        () => Task.FromResult($"{Check(run.Gone, 0).Figures}; {RecoveryOf(run.Gone, 8)}"));

    [Fact]
    public Task A_server_that_closes_at_any_byte_is_asked_again() => FaultMatrix.RowAsync(
        FaultKind.Network, $"the server closes at every byte of its answer's header and of the first frame ({run.AtEachByte.Count} sources)", "nothing lost that was sent after, nothing doubled, heard again within 3 s each",
        () =>
        {
            var slowest = run.AtEachByte.Max(station => Recovery(station, 3));
            var all = run.AtEachByte.ConvertAll(station => station.Find(run.Folder).IsWhole(station.Name, InFlight));
            return Task.FromResult(FormattableString.Invariant($"{all.Sum(f => f.Sent)} frames sent, 0 lost, 0 doubled; heard again after {slowest:0.0} s at most"));
        });

    [Fact]
    public void The_witness_lost_nothing()
    {
        run.Witness.IsWhole("witness", InFlight);
        Assert.InRange(run.SecondsToEnd, 0, 10);
    }

    private FoundFrames Check(NumberedStation station, int mayLose)
    {
        var found = station.Find(run.Folder);
        var inHole = Math.Min(found.Lost - found.LostAtEnd, mayLose);
        (found with { Lost = found.Lost - inHole }).IsWhole(station.Name, InFlight);

        // What a server never sent is a gap, and the journal knows how long; what a reset took is one, too.
        Assert.True(
            Math.Abs(found.GapSeconds - found.UnsentSeconds) < 0.3 + (mayLose * NumberedStation.SecondsPerFrame),
            $"{station.Name}: {found.GapSeconds:0.000} s are missing as the journal has it, {found.UnsentSeconds:0.000} s were not sent");
        return found;
    }

    private string RecoveryOf(NumberedStation station, double within) => FormattableString.Invariant($"heard again after {Recovery(station, within):0.0} s");

    private double Recovery(NumberedStation station, double within)
    {
        Assert.True(station.Back is not null && station.FaultOver is not null, $"{station.Name} was not heard again:\n{run.LogOf(station.Name)}");
        var seconds = Math.Max(0, station.Back.Value - station.FaultOver.Value);
        Assert.True(seconds <= within, $"{station.Name} was heard again after {seconds:0.0} s:\n{run.LogOf(station.Name)}");
        return seconds;
    }
}
