using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Docs;

/// <summary>docs/performance.md holds what was measured, and nothing else.</summary>
public sealed class PerformancePageTests
{
    [Fact]
    public async Task Every_figure_is_one_that_a_benchmark_wrote()
    {
        var result = await Processes.RunAsync("python3", [Path.Combine(Campaign.Root(), "benchmarks", "performance.py"), "--check"]);

        Assert.True(result.ExitCode == 0, result.All);
    }
}
