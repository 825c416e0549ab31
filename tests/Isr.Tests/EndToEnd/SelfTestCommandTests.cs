using System.Text.Json;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The built program tries itself, and fails where it should.</summary>
[SideBySide]
public sealed class SelfTestCommandTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(150);

    [Fact]
    public async Task The_quick_one_proves_this_installation_and_leaves_nothing()
    {
        using var folder = new ProgramFolder();
        string[] words = ["selftest", "--json", .. Campaign.IsFull ? Array.Empty<string>() : ["--quick"]];
        await using var program = IsrProgram.Start(folder, words);

        var result = await program.WaitAsync(s_patience);

        Assert.True(result.ExitCode == 0, result.All);
        var report = JsonDocument.Parse(result.Text).RootElement;
        var trials = report.GetProperty("trials").EnumerateArray().ToDictionary(t => t.GetProperty("trial").GetString()!, t => t.GetProperty("outcome").GetString(), StringComparer.Ordinal);
        Assert.True(report.GetProperty("is_ok").GetBoolean());
        foreach (var trial in new[] { "ffmpeg", "libFLAC", "SQLite", "disk", "names on the disk", "daylight saving", "reconnect", "clock that is set", "kill -9", "every frame", "evidence", "disk that refuses", "clock" })
        {
            Assert.True(trials.TryGetValue(trial, out var outcome) && outcome == "ok", $"{trial}: {result.All}");
        }

        Assert.True(report.GetProperty("disk").GetProperty("megabytes_per_second").GetDouble() > 0);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Without_ffmpeg_on_a_disk_that_takes_nothing_and_on_a_tiny_one_it_fails_with_a_sentence()
    {
        using var folder = new ProgramFolder();
        await using (var program = IsrProgram.Start(folder, ["selftest", "--quick"], environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = folder.Path }))
        {
            var result = await program.WaitAsync(s_patience);
            Assert.Equal(1, result.ExitCode);
            Assert.Matches("FAILED +ffmpeg .*apt-get install ffmpeg", result.Text);
            Assert.Matches("not tried +recording .*ffmpeg", result.Text);
            Assert.Matches("not tried +disk that refuses .*ffmpeg", result.Text);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        var nowhere = await IsrProgram.RunAsync(folder, "selftest", "--quick", "--dir", "/proc");
        Assert.Equal(1, nowhere.ExitCode);
        Assert.Matches("FAILED +disk +/proc cannot be written", nowhere.Text);

        await using var disk = await SmallDisk.MountAsync(folder.File("tiny"), 1024);
        var tiny = await IsrProgram.RunAsync(folder, "selftest", "--quick", "--dir", disk.Path);
        Assert.Equal(1, tiny.ExitCode);
        Assert.Matches("FAILED +disk .*too little room", tiny.Text);
        Assert.Matches("not tried +recording", tiny.Text);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }

    [Fact]
    public async Task Broken_off_it_ends_its_recorders_and_leaves_nothing()
    {
        using var folder = new ProgramFolder();
        await using var program = IsrProgram.Start(folder, ["selftest", "--quick"]);
        await Wait.UntilAsync(() => RecordersIn(folder) > 0, s_patience, () => program.Errors);

        var (result, _) = await program.EndAsync(Signal.Interrupt);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Stopped, and tidied up", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, RecordersIn(folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Its_recorders_end_with_it_even_when_it_is_killed()
    {
        using var folder = new ProgramFolder();
        await using var program = IsrProgram.Start(folder, ["selftest", "--quick"]);
        await Wait.UntilAsync(() => RecordersIn(folder) > 0, s_patience, () => program.Errors);

        program.Kill();
        await program.WaitAsync(s_patience);

        await Wait.UntilAsync(() => RecordersIn(folder) == 0, s_patience, "recorders of a self-test that is gone still run");
    }

    /// <summary>Processes whose command line names the folder, but for the self-test itself.</summary>
    private static int RecordersIn(ProgramFolder folder) => Directory.EnumerateDirectories("/proc").Count(process =>
    {
        try
        {
            var words = File.ReadAllText(Path.Combine(process, "cmdline"));
            return words.Contains("selftest-recorder", StringComparison.Ordinal) && words.Contains(folder.Path, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
