using System.Text.Json;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Figures;

/// <summary>What Chromium's own trace says of the page's main thread: script in each frame, and tasks that were long.</summary>
internal sealed class FrameTrace(ICDPSession session)
{
    private const string Categories = "devtools.timeline,toplevel,blink.user_timing";

    /// <summary>Events of one thread, in microseconds.</summary>
    private readonly record struct Slice(string Name, long Thread, double Start, double Length);

    private readonly List<Slice> _slices = [];

    public static async Task<FrameTrace> BeginAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var trace = new FrameTrace(session);
        session.Event("Tracing.dataCollected").OnEvent += (_, data) => trace.Take(data!.Value);
        await session.SendAsync("Tracing.start", new Dictionary<string, object>(StringComparer.Ordinal) { ["categories"] = Categories, ["transferMode"] = "ReportEvents" });
        return trace;
    }

    /// <summary>Milliseconds of script in each drawn frame, in order of size, and of tasks longer than 50 ms.</summary>
    public async Task<(double[] Frames, double[] LongTasks)> EndAsync()
    {
        var complete = new TaskCompletionSource();
        session.Event("Tracing.tracingComplete").OnEvent += (_, _) => complete.TrySetResult();
        await session.SendAsync("Tracing.end");
        await complete.Task;

        var main = _slices.Where(s => s.Name == "FireAnimationFrame").GroupBy(s => s.Thread).MaxBy(g => g.Count())?.Key
            ?? throw new InvalidOperationException("The trace has no frames.");
        var own = _slices.Where(s => s.Thread == main).ToList();
        var frames = own.Where(s => s.Name == "FireAnimationFrame").OrderBy(s => s.Start).Select(s => s.Start).ToArray();
        var script = new double[frames.Length];
        foreach (var slice in own.Where(s => s.Name is "FunctionCall" or "EvaluateScript" or "RunMicrotasks"))
        {
            // A frame lasts from its first callback to the next one's: what events and answers run meanwhile delays it as much.
            var at = Array.BinarySearch(frames, slice.Start);
            at = at >= 0 ? at : ~at - 1;
            if (at >= 0)
            {
                script[at] += slice.Length / 1000;
            }
        }

        Array.Sort(script);
        return (script, [.. own.Where(s => s.Name is "RunTask" or "ThreadControllerImpl::RunTask" && s.Length > 50_000).Select(s => s.Length / 1000)]);
    }

    private void Take(JsonElement data)
    {
        foreach (var item in data.GetProperty("value").EnumerateArray())
        {
            if (item.GetProperty("ph").GetString() == "X")
            {
                var length = item.TryGetProperty("dur", out var duration) ? duration.GetDouble() : 0;
                _slices.Add(new Slice(item.GetProperty("name").GetString()!, item.GetProperty("pid").GetInt64() << 32 | item.GetProperty("tid").GetUInt32(), item.GetProperty("ts").GetDouble(), length));
            }
        }
    }
}
