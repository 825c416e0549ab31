using System.Diagnostics;

namespace Isr.Audio.Tests.Hostile;

/// <summary>Many inputs of one format on all cores, with a watchdog.</summary>
internal sealed class HostileRun
{
    private const int MaxFaults = 100;
    private const int MaxFaultsOfKind = 5;
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<(int Seed, string Fault)> _faults = [];
    private readonly Dictionary<string, int> _kinds = new(StringComparer.Ordinal);
    private readonly Worker[] _workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Worker())];
    private readonly HostileFormat _format;
    private readonly int _end;
    private int _next;

    public HostileRun(HostileFormat format, int firstSeed, int inputs)
    {
        _format = format;
        _next = firstSeed;
        _end = firstSeed + inputs;
    }

    public long Bytes => _workers.Sum(worker => worker.Bytes);

    public long Frames => _workers.Sum(worker => worker.Frames);

    public long Files => _workers.Sum(worker => worker.Files);

    public long Written => _workers.Sum(worker => worker.Written);

    public long Refusals => _workers.Sum(worker => worker.Refusals);

    public (TimeSpan Time, int Seed) Longest => _workers.Max(worker => worker.Longest);

    public (long Bytes, int Seed) MostAllocated => _workers.Max(worker => worker.MostAllocated);

    public (long Files, int Seed) MostFiles => _workers.Max(worker => worker.MostFiles);

    /// <summary>How many inputs broke something.</summary>
    public int FaultCount
    {
        get
        {
            lock (_gate)
            {
                return _kinds.Values.Sum();
            }
        }
    }

    /// <summary>What was broken, a few of each kind, with their seeds; empty when nothing was.</summary>
    public IReadOnlyList<(int Seed, string Fault)> Faults
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults.OrderBy(fault => fault.Seed)];
            }
        }
    }

    public void Run()
    {
        var threads = _workers.Select(worker => new Thread(() => Work(worker)) { IsBackground = true }).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        foreach (var thread in threads)
        {
            while (!thread.Join(250))
            {
                // A thread that hangs cannot be ended; it is left behind and dies with the process.
                if (_workers.FirstOrDefault(worker => worker.Started != 0 && Stopwatch.GetElapsedTime(worker.Started) > 3 * TooLong) is { } hanging)
                {
                    AddFault(hanging.Seed, "it does not come back");
                    return;
                }
            }
        }
    }

    private void Work(Worker worker)
    {
        var drive = new HostileDrive();
        while (true)
        {
            var seed = Interlocked.Increment(ref _next) - 1;
            if (seed >= _end || _faults.Count >= MaxFaults)
            {
                return;
            }

            worker.Seed = seed;
            try
            {
                var input = _format.Input(seed, out var random);
                worker.Started = Stopwatch.GetTimestamp();
                worker.Add(seed, input.Length, drive.Run(_format.Kind, input, random));
                if (worker.TakeTime(seed) is var time && time > TooLong)
                {
                    AddFault(seed, $"it took {time.TotalSeconds:0.0} s");
                }
            }
            catch (Exception e)
            {
                AddFault(seed, e is InvalidDataException ? e.Message + Place(e) : e.ToString());
                drive = new HostileDrive();
            }

            worker.Started = 0;
        }
    }

    private static string Place(Exception e) => string.Concat(
        new StackTrace(e).GetFrames().Skip(1).Take(3).Select(frame => $" < {frame.GetMethod()?.Name}"));

    private void AddFault(int seed, string fault)
    {
        lock (_gate)
        {
            // Equal but for their figures: a few of a kind say enough.
            var kind = string.Concat(fault.Where(c => !char.IsAsciiDigit(c)));
            var seen = _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
            if (seen <= MaxFaultsOfKind)
            {
                _faults.Add((seed, fault));
            }
        }
    }

    private sealed class Worker
    {
        public long Started;

        public int Seed { get; set; }

        public long Bytes { get; private set; }

        public long Frames { get; private set; }

        public long Files { get; private set; }

        public long Written { get; private set; }

        public long Refusals { get; private set; }

        public (TimeSpan Time, int Seed) Longest { get; private set; }

        public (long Bytes, int Seed) MostAllocated { get; private set; }

        public (long Files, int Seed) MostFiles { get; private set; }

        public void Add(int seed, int bytes, HostileOutcome outcome)
        {
            Bytes += bytes;
            Frames += outcome.Frames;
            Files += outcome.Files;
            Written += outcome.Written;
            Refusals += outcome.IsRefused ? 1 : 0;
            MostAllocated = outcome.Allocated > MostAllocated.Bytes ? (outcome.Allocated, seed) : MostAllocated;
            MostFiles = outcome.Files > MostFiles.Files ? (outcome.Files, seed) : MostFiles;
        }

        public TimeSpan TakeTime(int seed)
        {
            var time = Stopwatch.GetElapsedTime(Started);
            Longest = time > Longest.Time ? (time, seed) : Longest;
            return time;
        }
    }
}
