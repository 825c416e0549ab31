using System.Net;
using System.Text;
using Isr.Access;
using Isr.Tests.Support;

namespace Isr.Tests.Access;

[SideBySide]
public sealed class TokenTests(GuardedProgram program) : IClassFixture<GuardedProgram>
{
    [Fact]
    public async Task A_token_is_shown_as_bearer_or_as_anybodys_password_and_never_in_an_address()
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("anybody:" + program.ListenToken));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/files", GuardedProgram.Bearer(program.ListenToken)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/stream/20260521_101500.wav", ("Authorization", "Basic " + basic)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/api/files?token=" + program.ListenToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/api/files?access_token=" + program.ListenToken));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer isr_wrong")]
    [InlineData("Bearer a b c")]
    [InlineData("Basic !!!!")]
    [InlineData("Basic Og==")]
    [InlineData("Digest username=\"x\"")]
    [InlineData("\u0001")]
    public async Task What_is_no_token_lets_nobody_in(string header) =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/api/files", ("Authorization", header)));

    [Fact]
    public async Task An_expired_token_is_told_so()
    {
        using var answer = await program.GetAsync("/api/files", GuardedProgram.Bearer(program.ExpiredToken));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("The token old has expired", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_program_follows_what_the_command_line_does()
    {
        var tokens = program.Tokens(TimeProvider.System);

        var secret = tokens.Add("late", Role.Listen, null)!;
        Assert.Null(tokens.Add("late", Role.Manage, null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/files", GuardedProgram.Bearer(secret)));

        Assert.True(tokens.Remove("late"));
        Assert.False(tokens.Remove("late"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/api/files", GuardedProgram.Bearer(secret)));
    }

    [Fact]
    public async Task Players_are_asked_for_a_password_and_browsers_are_not()
    {
        using var player = await program.GetAsync("/stream/20260521_101500.wav", ("User-Agent", "VLC/3.0"));
        using var browser = await program.GetAsync("/stream/20260521_101500.wav", ("User-Agent", "Mozilla/5.0"));

        Assert.Equal(["Bearer", "Basic"], player.Headers.WwwAuthenticate.Select(h => h.Scheme), StringComparer.Ordinal);
        Assert.Equal(["Bearer"], browser.Headers.WwwAuthenticate.Select(h => h.Scheme), StringComparer.Ordinal);
    }

    [Fact]
    public void Nothing_that_is_kept_holds_a_secret_and_nobody_else_may_read_it()
    {
        var files = Directory.GetFiles(Path.Combine(program.StateDirectory, "access"), "*", SearchOption.AllDirectories);

        Assert.Equal(5, files.Length);
        Assert.All(files, file =>
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Permissions.Of(file));
            Assert.Equal(SecretFile.FolderMode, Permissions.Of(Path.GetDirectoryName(file)!));
            var text = File.ReadAllText(file);
            Assert.DoesNotContain(program.ManageToken, text, StringComparison.Ordinal);
            Assert.DoesNotContain(program.ListenToken, text, StringComparison.Ordinal);
            Assert.DoesNotContain(GuardedProgram.ManagePassword, text, StringComparison.Ordinal);
        });
    }

    private async Task<HttpStatusCode> StatusAsync(string path, params (string, string)[] headers)
    {
        using var answer = await program.GetAsync(path, headers);
        return answer.StatusCode;
    }
}
