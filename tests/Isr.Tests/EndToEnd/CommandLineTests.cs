using System.Net;
using System.Net.Sockets;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The built program where it has nothing, or nothing right, to record.</summary>
public sealed class CommandLineTests
{
    private const string ThreeMistakes = "[general]\nsplit_minutes = never\n[radio]\ntype = stream\n[news]\ntype = stream\nurl = ftp://radio.example/\n";

    private static Uri DeadUrl => new($"http://127.0.0.1:{IsrProgram.FreePort()}/dead.mp3");

    [Theory]
    [InlineData("run", "--port", "0")]
    [InlineData("record")]
    [InlineData("check")]
    public async Task A_wrong_configuration_is_told_whole_and_starts_nothing(params string[] words)
    {
        using var folder = new ProgramFolder();
        await File.WriteAllTextAsync(folder.Config, ThreeMistakes, TestContext.Current.CancellationToken);

        var result = await IsrProgram.RunAsync(folder, words);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("split_minutes", result.All, StringComparison.Ordinal);
        Assert.Contains("[radio] url", result.All, StringComparison.Ordinal);
        Assert.Contains("[news] url", result.All, StringComparison.Ordinal);
        Assert.Equal(folder.Config, Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path)));
    }

    [Fact]
    public async Task A_missing_configuration_names_the_way_out()
    {
        using var folder = new ProgramFolder();

        var result = await IsrProgram.RunAsync(folder);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("isr demo", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_right_configuration_is_checked_without_being_run()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("radio", DeadUrl));

        var result = await IsrProgram.RunAsync(folder, "check");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("no mistake", result.Text, StringComparison.Ordinal);
        Assert.Equal(folder.Config, Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path)));
    }

    [Theory]
    [InlineData("--no-auth", "--host", "0.0.0.0")]
    [InlineData("--margin", "--threshold", "-30")]
    [InlineData("65535", "--port", "65536")]
    [InlineData("--nonsense", "--nonsense")]
    public async Task Wrong_options_end_it_with_a_sentence(string sentence, params string[] words)
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("radio", DeadUrl));

        var result = await IsrProgram.RunAsync(folder, ["run", .. words]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(sentence, result.Errors, StringComparison.Ordinal);
        Assert.Equal(folder.Config, Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path)));
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_it_before_anything_is_recorded()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("radio", DeadUrl));
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var result = await IsrProgram.RunAsync(folder, "run", "--port", $"{port}");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"Port {port} on 127.0.0.1 is taken", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
        Assert.Equal(folder.Config, Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path)));
    }

    [Fact]
    public async Task An_address_of_another_computer_ends_it_with_a_sentence()
    {
        using var folder = new ProgramFolder();

        // 192.0.2.0/24 is nobody's (RFC 5737).
        var result = await IsrProgram.RunAsync(folder, "web", "--host", "192.0.2.1", "--no-auth", "--port", "0");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("192.0.2.1", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_records_and_serves_what_it_records()
    {
        using var folder = new ProgramFolder();
        await using var program = IsrProgram.Start(folder, ["demo"], withPage: true);
        await program.UntilServingAsync();
        await program.UntilRecordingAsync(folder);
        await program.UntilListedAsync("\"recording\":true");
        using var page = await program.Http.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        var (result, took) = await program.EndAsync(Signal.Terminate);

        Assert.Equal(0, result.ExitCode);
        Assert.InRange(took, TimeSpan.Zero, IsrProgram.EndsWithin);
        Assert.Equal(IsrProgram.HasPage ? HttpStatusCode.OK : HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("The page is at http://127.0.0.1:", result.Text, StringComparison.Ordinal);
        foreach (var file in folder.Files())
        {
            await AudioChecks.PassesMp3valAsync(file);
        }
    }
}
