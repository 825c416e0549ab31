using System.Net;
using System.Text;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Commands;

/// <summary>`isr password` and `isr token`, as processes of their own, and what they change for `isr web`.</summary>
[SideBySide]
public sealed class AccessCommandTests
{
    [Fact]
    public async Task A_password_is_set_from_standard_input_and_lets_other_computers_in()
    {
        using var folder = new ProgramFolder();

        var none = await RunAsync(folder, "", "web", "--dir", folder.Recordings, "--host", "0.0.0.0", "--port", "0");
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("there is no password yet: set one with `isr password`, or add --no-auth", none.Errors, StringComparison.Ordinal);

        var @short = await RunAsync(folder, "1234567\n", "password", "--dir", folder.Recordings, "--stdin");
        Assert.Equal((2, "A password needs at least 8 characters."), (@short.ExitCode, @short.Errors.Trim()));

        var set = await RunAsync(folder, "12345678\n", "password", "--dir", folder.Recordings, "--stdin");
        Assert.True(set.ExitCode == 0, set.Errors);
        Assert.DoesNotContain("12345678", set.All, StringComparison.Ordinal);
        var file = Path.Combine(folder.StateDirectory, "access", "password");
        Assert.StartsWith("pbkdf2-sha256$600000$", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Permissions.Of(file));

        await using (var program = IsrProgram.Start(folder, ["web", "--dir", folder.Recordings, "--host", "0.0.0.0"], withPage: true))
        {
            await Wait.UntilAsync(async () => await StatusAsync(program) is not null, TimeSpan.FromSeconds(20), () => program.Errors);
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(program));
        }

        var removed = await RunAsync(folder, "", "password", "--dir", folder.Recordings, "--remove");
        Assert.True(removed.ExitCode == 0, removed.Errors);
        Assert.False(File.Exists(file));
        Assert.Equal(1, (await RunAsync(folder, "", "password", "--dir", folder.Recordings, "--remove")).ExitCode);
    }

    [Fact]
    public async Task A_hash_is_printed_for_the_environment_and_nothing_is_set()
    {
        using var folder = new ProgramFolder();

        var printed = await RunAsync(folder, "longer than eight\n", "password", "--print", "--stdin");

        Assert.Equal(0, printed.ExitCode);
        Assert.True(Isr.Access.SignIn.PasswordHash.Parse(printed.Text)!.Fits("longer than eight"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("holds no password that can be read", "ISR_PASSWORD_HASH=secret")]
    [InlineData("holds no password that can be read", "ISR_LISTEN_PASSWORD_HASH_FILE=/nowhere/at/all")]
    public async Task A_password_in_the_environment_that_is_none_ends_it_with_a_sentence(string sentence, string variable)
    {
        using var folder = new ProgramFolder();
        var pair = variable.Split('=');
        await using var program = IsrProgram.Start(folder, ["web", "--dir", folder.Recordings, "--port", "0"], environment: new Dictionary<string, string>(StringComparer.Ordinal) { [pair[0]] = pair[1] });

        var result = await program.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(sentence, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_made_shown_once_listed_and_removed()
    {
        using var folder = new ProgramFolder();
        string[] where = ["--dir", folder.Recordings];

        var added = await RunAsync(folder, "", ["token", "add", "backup", "--role", "listen", "--days", "30", .. where]);
        Assert.True(added.ExitCode == 0, added.Errors);
        Assert.Matches("^isr_[A-Za-z0-9_-]{43}$", added.Text.Trim());
        Assert.Equal(1, (await RunAsync(folder, "", ["token", "add", "backup", "--role", "listen", .. where])).ExitCode);

        var listed = await RunAsync(folder, "", ["token", "list", .. where]);
        Assert.Matches(@"backup\s+listen\s+\d{4}-\d\d-\d\d\s+\d{4}-\d\d-\d\d", listed.Text);
        Assert.DoesNotContain("isr_", listed.Text, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync(folder, "", ["token", "remove", "backup", .. where])).ExitCode);
        Assert.Equal("There are no tokens.", (await RunAsync(folder, "", ["token", "list", .. where])).Text.Trim());
        Assert.Equal(1, (await RunAsync(folder, "", ["token", "remove", "../access/password", .. where])).ExitCode);
        Assert.Equal(2, (await RunAsync(folder, "", ["token", "add", "../x", "--role", "listen", .. where])).ExitCode);
        Assert.Equal(2, (await RunAsync(folder, "", ["token", "add", "x", .. where])).ExitCode);
    }

    private static async Task<HttpStatusCode?> StatusAsync(IsrProgram program)
    {
        try
        {
            using var answer = await program.Http.GetAsync(new Uri("/api/files", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException && !program.HasExited)
        {
            return null;
        }
    }

    private static Task<ProcessResult> RunAsync(ProgramFolder folder, string input, params string[] words)
    {
        // A program in another folder than the tests' own, with standard input.
        return Processes.RunAsync("/usr/bin/env", ["-C", folder.Path, IsrProgram.Executable(), .. words], Encoding.UTF8.GetBytes(input));
    }
}
