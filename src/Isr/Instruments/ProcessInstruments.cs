using System.Globalization;

namespace Isr.Instruments;

/// <summary>What this process takes of the computer, by the names that Prometheus' own libraries use.</summary>
internal sealed class ProcessInstruments : IInstruments
{
    /// <summary>Fields of /proc/self/stat behind the name in parentheses, by proc(5); the name's is number 2.</summary>
    private const int Threads = 20 - 3;
    private const int StartTime = 22 - 3;
    private const int VirtualBytes = 23 - 3;
    private const int ResidentPages = 24 - 3;

    /// <summary>USER_HZ, which is 100 on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    public IEnumerable<Instrument> All { get; } =
    [
        Instrument.Gauge("isr_build_info", "Always 1; the label tells the version.", into => into.Add(1, ("version", ProgramVersion.Text))),
        Instrument.Counter("process_cpu_seconds_total", "Processor time of this process.", () => Environment.CpuUsage.TotalTime.TotalSeconds),
        Instrument.Gauge("process_resident_memory_bytes", "Memory of this process.", () => Stat(ResidentPages) * Environment.SystemPageSize),
        Instrument.Gauge("process_virtual_memory_bytes", "Addresses that this process has taken.", () => Stat(VirtualBytes)),
        Instrument.Gauge("process_start_time_seconds", "When this process started, since 1970.", () => s_started.Value),
        Instrument.Gauge("process_threads", "Threads of this process.", () => Stat(Threads)),
        Instrument.Gauge("process_open_fds", "Files and connections that this process has open.", () => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count()),
        Instrument.Gauge("process_max_fds", "How many it may have open.", () => s_mostOpen.Value),
        Instrument.Gauge("dotnet_gc_heap_bytes", "What the objects of this process take.", () => GC.GetTotalMemory(forceFullCollection: false)),
        Instrument.Counter("dotnet_gc_collections_total", "Collections of garbage, by generation.", into =>
        {
            for (var i = 0; i <= GC.MaxGeneration; i++)
            {
                // A collection of a generation is one of those below, too.
                into.Add(GC.CollectionCount(i) - (i < GC.MaxGeneration ? GC.CollectionCount(i + 1) : 0), ("generation", i.ToString(CultureInfo.InvariantCulture)));
            }
        }),
        Instrument.Counter("dotnet_gc_pause_seconds_total", "How long all threads stood still for them.", () => GC.GetTotalPauseDuration().TotalSeconds),
    ];

    private static readonly Lazy<double> s_started = new(() => BootTime() + (Stat(StartTime) / TicksPerSecond));

    private static readonly Lazy<double> s_mostOpen = new(() => File.ReadLines("/proc/self/limits")
        .Where(line => line.StartsWith("Max open files", StringComparison.Ordinal))
        .Select(line => double.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture, out var most) ? most : double.PositiveInfinity)
        .First());

    private static double Stat(int field)
    {
        // The name may hold spaces and parentheses: what follows begins behind the last one.
        var text = File.ReadAllText("/proc/self/stat");
        return double.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[field], CultureInfo.InvariantCulture);
    }

    private static double BootTime() => double.Parse(
        File.ReadLines("/proc/stat").First(line => line.StartsWith("btime ", StringComparison.Ordinal)).AsSpan(6), CultureInfo.InvariantCulture);
}
