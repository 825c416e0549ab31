using Isr.Recording;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Recording;

/// <summary>Recordings that another user left, as a container that ran as root does.</summary>
public sealed class FolderRightsTests(LiveStation station)
{
    [Fact]
    public async Task What_another_user_left_is_named_with_the_way_out_and_the_rest_is_recorded()
    {
        await SkipUnlessTwoUsersAsync();
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        Directory.CreateDirectory(folder.File("recordings", "old"));
        await Processes.CheckAsync("chown", ["-R", "nobody", folder.Path]);
        await Processes.CheckAsync("chown", ["root", folder.File("recordings", "old")]);
        await using var program = Processes.Start(IsrProgram.Executable(), ["record"], folder.Path, user: "nobody:nogroup");

        await Wait.UntilAsync(
            () => program.Text.Contains("cannot be written by the user", StringComparison.Ordinal) && folder.Files().Count == 1, TimeSpan.FromSeconds(20), () => program.Text + program.Errors);
        program.Signal(Signal.Terminate);
        var result = await program.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, result.ExitCode);
        var line = Assert.Single(result.Text.Split('\n'), l => l.Contains("cannot be written by the user", StringComparison.Ordinal));
        Assert.Contains($"{folder.File("recordings", "old")}. What is in them", line, StringComparison.Ordinal);
        Assert.Contains($"chown -R 65534 {folder.Recordings}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_directory_of_another_user_ends_it_with_the_number_to_give_it_to()
    {
        await SkipUnlessTwoUsersAsync();
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        await Processes.CheckAsync("chown", ["nobody", folder.Path]);
        Directory.CreateDirectory(folder.Recordings);
        await using var program = Processes.Start(IsrProgram.Executable(), ["record"], folder.Path, user: "nobody:nogroup");

        var result = await program.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("number 65534, must be allowed to write there", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Own_folders_are_not_named()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.File("a", "b"));

        Assert.Empty(FolderRights.Foreign(directory.Path));
        Assert.Empty(FolderRights.Foreign(directory.File("none")));
    }

    /// <summary>The clone may lie where nobody else may look.</summary>
    private static async Task SkipUnlessTwoUsersAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can leave something to another user");
        await using var look = Processes.Start("test", ["-x", IsrProgram.Executable()], user: "nobody:nogroup");
        Assert.SkipUnless((await look.WaitAsync(TestContext.Current.CancellationToken)).ExitCode == 0, $"{IsrProgram.Executable()} is out of other users' reach");
    }
}
