using Isr.Sources;

namespace Isr.Reliability.Tests.Disk;

/// <summary>One recorder with a source on each of several disks, which all fail at the same time, each in its way.</summary>
public sealed class DiskRun : IAsyncLifetime
{
    private static readonly string[] s_commands = ["eio", "enospc", "readonly", "denied"];

    private readonly FaultRun _run = new();
    private readonly List<FaultDisk> _disks = [];
    private readonly Dictionary<string, (NumberedStation Station, double Recovery)> _failed = new(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        if (FaultDisk.WhyNot is not null)
        {
            return;
        }

        var stations = new List<NumberedStation>();
        foreach (var command in s_commands)
        {
            _disks.Add(await FaultDisk.MountAsync(_run.Folder.File("disk-" + command)));
            stations.Add(_run.Add(new NumberedStation(command).MapHealthy(_run.Server), directory: Path.Combine(_disks[^1].Path, command)));
        }

        await _run.StartAsync();
        await _run.UntilAsync(() => stations.All(s => _run.StatusOf(s.Name)?.State == SourceState.Recording), () => "not all are recorded");
        await FaultRun.ForAsync(2);
        var recoveries = await Task.WhenAll(_disks.Select((disk, i) => FailAsync(disk, s_commands[i], stations[i])));
        await FaultRun.ForAsync(2);
        await _run.StopAsync();
        foreach (var (station, recovery) in stations.Zip(recoveries))
        {
            _failed[station.Name] = (station, recovery);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disk in _disks)
        {
            await disk.DisposeAsync();
        }

        await _run.DisposeAsync();
    }

    internal string Judge(string command)
    {
        Assert.SkipWhen(FaultDisk.WhyNot is not null, $"no file system that fails can be mounted: {FaultDisk.WhyNot}");
        var (station, recovery) = _failed[command];

        // Whether names can be made shows at the next split only.
        var untilNoticed = command == "denied" ? 6 : 0;
        return DiskJudge.Judge(_run, station, recovery, DiskJudge.FaultSeconds + DiskJudge.RecoversWithin + untilNoticed);
    }

    private async Task<double> FailAsync(FaultDisk disk, string command, NumberedStation station)
    {
        await disk.SetAsync(command);
        await _run.UntilAsync(station.Name, SourceState.Disk);
        await FaultRun.ForAsync(DiskJudge.FaultSeconds);
        await disk.SetAsync("ok");
        return await DiskJudge.RecoveryAsync(_run, station);
    }
}
