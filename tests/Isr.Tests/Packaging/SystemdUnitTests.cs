using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Packaging;

/// <summary>The unit by systemd's own judgement.</summary>
public sealed class SystemdUnitTests
{
    /// <summary>Tenths of systemd's measure: up to 2.5 it says OK, a unit without any sandbox has 9.6.</summary>
    private const int ExposureLimit = 22;

    [Fact]
    public async Task The_unit_is_right()
    {
        using var directory = new TemporaryDirectory();
        var result = await AnalyzeAsync(directory, "verify", "--man=no");

        Assert.Equal("", result.All);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task The_unit_may_do_little_besides_recording()
    {
        using var directory = new TemporaryDirectory();
        var result = await AnalyzeAsync(directory, "security", "--offline=yes", $"--threshold={ExposureLimit}", "--no-pager");

        Assert.True(result.ExitCode == 0, result.All);
        Assert.Contains("Overall exposure level", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Type=notify")]
    [InlineData("OOMPolicy=continue")]
    [InlineData("RestartPreventExitStatus=2")]
    public void What_the_recorder_relies_on_is_set(string line) => Assert.Contains(line, File.ReadAllLines(UnitPath()), StringComparer.Ordinal);

    /// <summary>systemd-analyze looks whether the program is there, which is installed nowhere yet.</summary>
    private static async Task<ProcessResult> AnalyzeAsync(TemporaryDirectory directory, string verb, params string[] options)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is missing (package systemd)");
        var unit = directory.File("isr.service");
        var text = await File.ReadAllTextAsync(UnitPath(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(unit, text.Replace("ExecStart=/usr/bin/isr ", $"ExecStart={IsrProgram.Executable()} ", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        return await Processes.RunAsync("/usr/bin/systemd-analyze", [verb, .. options, unit]);
    }

    private static string UnitPath() => Path.Combine(Campaign.Root(), "packaging", "systemd", "isr.service");
}
