using System.Net;
using System.Text.Json;
using Isr.Access;
using Isr.Tests.Support;

namespace Isr.Tests.Access.SignIn;

[SideBySide]
public sealed class SignInTests(GuardedProgram program) : IClassFixture<GuardedProgram>
{
    [Fact]
    public async Task The_page_leads_whoever_is_not_signed_in_to_the_sign_in_page_and_back()
    {
        using var page = await program.GetAsync("/?view=days&day=2026-05-21");
        Assert.Equal((HttpStatusCode.Found, "signin?next=%2F%3Fview%3Ddays%26day%3D2026-05-21"), (page.StatusCode, page.Headers.Location?.OriginalString));

        using var form = await program.GetAsync("/" + page.Headers.Location!.OriginalString);
        var html = await TextAsync(form);
        Assert.Equal("text/html", form.Content.Headers.ContentType?.MediaType);
        Assert.Contains("value=\"/?view=days&amp;day=2026-05-21\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("role=\"alert\"", html, StringComparison.Ordinal);

        using var answer = await program.SignInAsync(GuardedProgram.ListenPassword, "/?view=days");
        Assert.Equal((HttpStatusCode.SeeOther, "./?view=days"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        using var inside = await program.GetAsync("/", GuardedProgram.CookieOf(answer));
        Assert.NotEqual(HttpStatusCode.Found, inside.StatusCode);
        Assert.Equal(("listen", true, true), await SessionAsync(GuardedProgram.CookieOf(answer)));
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        using var answer = await program.SignInAsync(GuardedProgram.ManagePassword);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("; path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; max-age=2592000", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("/a\r\nX-Injected: 1")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/ü")]
    [InlineData("evil")]
    public async Task Nobody_is_led_to_another_site(string next)
    {
        using var answer = await program.SignInAsync(GuardedProgram.ManagePassword, next);

        Assert.Equal("./", answer.Headers.Location?.OriginalString);
        Assert.False(answer.Headers.Contains("X-Injected"));
    }

    [Fact]
    public async Task A_wrong_password_is_told_to_screen_readers_and_written_down()
    {
        using var answer = await program.SignInAsync("wrong \"><script>");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var html = await TextAsync(answer);
        Assert.Contains("""<p id="error" role="alert">That is not the password.</p>""", html, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", html, StringComparison.Ordinal);
        var audit = string.Concat(Directory.EnumerateFiles(Path.Combine(program.StateDirectory, "audit")).Select(File.ReadAllText));
        Assert.Contains("""
            "who":"none, 127.0.0.1","what":"sign_in_failed"
            """.Trim(), audit, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_also_where_its_cookie_was_copied()
    {
        var cookie = await program.CookieAsync(GuardedProgram.ManagePassword);
        var other = await program.CookieAsync(GuardedProgram.ManagePassword);

        using var answer = await program.AskAsync("POST", "/signout", null, cookie);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(("none", false, true), await SessionAsync(cookie));
        Assert.Equal(("manage", true, true), await SessionAsync(other));
    }

    [Fact]
    public async Task A_new_password_ends_the_sessions_of_the_old_one_at_once()
    {
        var manage = await program.CookieAsync(GuardedProgram.ManagePassword);
        var listen = await program.CookieAsync(GuardedProgram.ListenPassword);

        program.SetPassword(Role.Manage, "another password");

        Assert.Equal(("none", false, true), await SessionAsync(manage));
        Assert.Equal(("listen", true, true), await SessionAsync(listen));
        using var old = await program.SignInAsync(GuardedProgram.ManagePassword);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.Equal(("manage", true, true), await SessionAsync(await program.CookieAsync("another password")));
    }

    [Fact]
    public async Task A_password_file_that_cannot_be_read_opens_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(program.StateDirectory, "access", "password"), "pbkdf2-sha256$x", TestContext.Current.CancellationToken);
        program.RemovePassword(Role.Listen);

        using var answer = await program.GetAsync("/api/files");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        using var attempt = await program.SignInAsync("");
        Assert.Equal(HttpStatusCode.Unauthorized, attempt.StatusCode);
    }

    [Fact]
    public async Task After_a_few_failures_attempts_must_wait_even_the_right_one()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => program.SignInAsync("wrong password")));

        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(17, answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests));
        using var right = await program.SignInAsync(GuardedProgram.ManagePassword);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (right.StatusCode, right.Headers.RetryAfter?.Delta));
        Assert.Contains("Try again in a second.", await TextAsync(right), StringComparison.Ordinal);
        Assert.All(answers, a => a.Dispose());
    }

    [Theory]
    [InlineData("same-origin", null, HttpStatusCode.SeeOther)]
    [InlineData("none", null, HttpStatusCode.SeeOther)]
    [InlineData("same-origin", "null", HttpStatusCode.SeeOther)]
    [InlineData("cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("same-site", null, HttpStatusCode.Forbidden)]
    [InlineData(null, "null", HttpStatusCode.Forbidden)]
    [InlineData(null, "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData(null, "http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData(null, "http://127.0.0.1:PORT", HttpStatusCode.SeeOther)]
    [InlineData(null, "https://127.0.0.1:PORT", HttpStatusCode.Forbidden)]
    [InlineData(null, "http://127.0.0.1:PORT.evil.example", HttpStatusCode.Forbidden)]
    [InlineData(null, "nonsense", HttpStatusCode.Forbidden)]
    public async Task What_another_site_causes_is_refused(string? site, string? origin, HttpStatusCode expected)
    {
        var headers = new List<(string, string)>();
        if (site is not null)
        {
            headers.Add(("Sec-Fetch-Site", site));
        }

        if (origin is not null)
        {
            headers.Add(("Origin", origin.Replace("PORT", $"{program.Port}", StringComparison.Ordinal)));
        }

        using var answer = await program.SignInAsync(GuardedProgram.ManagePassword, "", [.. headers]);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("text/plain", "password=correct horse battery")]
    [InlineData("application/json", "{}")]
    public async Task Only_the_form_signs_in(string type, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, type);

        using var answer = await program.AskAsync("POST", "/signin", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_form_that_is_too_long_is_not_read()
    {
        using var answer = await program.SignInAsync(new string('x', 20_000));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_private_is_kept_out_of_caches_and_other_pages()
    {
        using var answer = await program.GetAsync("/api/status", await program.CookieAsync(GuardedProgram.ListenPassword));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "no end")]
    [InlineData("multipart/form-data", "no boundary")]
    [InlineData("application/json", "{}")]
    public async Task A_form_that_cannot_be_read_is_refused_with_a_sentence(string type, string body)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);

        using var answer = await program.AskAsync("POST", "/signin", content);

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    private async Task<(string? Role, bool SignedIn, bool PasswordSet)> SessionAsync((string, string) cookie)
    {
        using var answer = await program.GetAsync("/api/session", cookie);
        using var json = JsonDocument.Parse(await TextAsync(answer));
        return (json.RootElement.GetProperty("role").GetString(), json.RootElement.GetProperty("signed_in").GetBoolean(), json.RootElement.GetProperty("password_set").GetBoolean());
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
