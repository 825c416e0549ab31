using System.Net;
using Isr.Access;
using Isr.Web;

namespace Isr.Tests.Access;

/// <summary>Behind a reverse proxy on this computer, below a path.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private readonly GuardedProgram _program = new()
    {
        Adjust = general => general with { Hosts = ["radio.example"], TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")], BasePath = "/isr" },
    };

    public ValueTask InitializeAsync() => _program.InitializeAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task The_page_and_all_that_it_loads_is_found_below_the_path()
    {
        var cookie = await SignedInAsync();
        using var bare = await _program.GetAsync("/isr?q=1", cookie);
        using var page = await _program.GetAsync("/isr/", cookie);
        Assert.Equal((HttpStatusCode.PermanentRedirect, "/isr/?q=1"), (bare.StatusCode, bare.Headers.Location?.OriginalString));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var links = System.Text.RegularExpressions.Regex.Matches(html, "(?:src|href)=\"([^\"]+)\"").Select(m => m.Groups[1].Value).Append("signin.css").ToList();
        Assert.True(links.Count > 3, html);
        foreach (var link in links)
        {
            Assert.False(link.StartsWith('/'), link);
            using var asset = await _program.GetAsync(new Uri(new Uri("http://x/isr/"), link).AbsolutePath);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
        }

        using var sound = await _program.GetAsync("/isr/stream/news/20260522_101500.wav", cookie);
        Assert.Equal((HttpStatusCode.OK, "audio/wav"), (sound.StatusCode, sound.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_trusted_proxy_says_how_it_was_asked()
    {
        using var answer = await _program.SignInAsync(
            GuardedProgram.ManagePassword, "", ("Origin", "https://radio.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "radio.example"), ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Prefix", "/isr"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; path=/isr;", cookie, StringComparison.OrdinalIgnoreCase);
        var audit = string.Concat(Directory.EnumerateFiles(Path.Combine(_program.StateDirectory, "audit")).Select(File.ReadAllText));
        Assert.Contains("manage, 203.0.113.9", audit, StringComparison.Ordinal);

        using var sound = await _program.GetAsync("/stream/news/20260522_101500.wav", ("X-Forwarded-Prefix", "/isr"), GuardedProgram.CookieOf(answer));
        Assert.Equal(HttpStatusCode.OK, sound.StatusCode);
    }

    [Fact]
    public async Task It_cannot_lend_the_server_a_strange_name()
    {
        using var answer = await _program.GetAsync("/isr/api/session", ("X-Forwarded-Host", "evil.example"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private async Task<(string, string)> SignedInAsync()
    {
        using var answer = await _program.AskAsync("POST", "/isr/signin", new FormUrlEncodedContent([new("password", GuardedProgram.ListenPassword)]));
        Assert.Equal("./", answer.Headers.Location?.OriginalString);
        return GuardedProgram.CookieOf(answer);
    }
}

/// <summary>Behind a reverse proxy on this computer, without a password.</summary>
public sealed class OpenProxyTests : IAsyncLifetime
{
    private readonly GuardedProgram _program = new() { HasPasswords = false, Adjust = general => general with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] } };

    public ValueTask InitializeAsync() => _program.InitializeAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    /// <summary>Any page can have the browser of this computer send these, once its own name leads to 127.0.0.1.</summary>
    [Fact]
    public async Task What_a_trusted_proxy_passed_on_does_not_come_from_this_computer_whatever_it_says()
    {
        using var own = await _program.GetAsync("/api/files");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);

        foreach (var header in (string[])["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix"])
        {
            var value = header switch { "X-Forwarded-Host" => "localhost", "X-Forwarded-Proto" => "http", "X-Forwarded-Prefix" => "/isr", _ => "127.0.0.1" };
            foreach (var path in (string[])["/api/files", "/metrics"])
            {
                using var passed = await _program.GetAsync(path, (header, value));
                Assert.Equal((header, HttpStatusCode.Forbidden), (header, passed.StatusCode));
            }
        }
    }
}

/// <summary>Without a password.</summary>
public sealed class NoPasswordTests : IAsyncLifetime
{
    private readonly GuardedProgram _program = new() { HasPasswords = false };

    public ValueTask InitializeAsync() => _program.InitializeAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task This_computer_itself_is_let_in_and_what_was_passed_on_to_it_is_not()
    {
        using var own = await _program.GetAsync("/api/files");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);

        foreach (var header in (string[])["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
        {
            using var passed = await _program.GetAsync("/api/files", (header, "127.0.0.1"));
            Assert.Equal(HttpStatusCode.Forbidden, passed.StatusCode);
            Assert.Contains("no password yet", await passed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_nobody_trusts_cannot_say_how_it_was_asked()
    {
        using var answer = await _program.GetAsync("/api/session", ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("cross-site", "image", false)]
    [InlineData("cross-site", "audio", false)]
    [InlineData("cross-site", "iframe", false)]
    [InlineData("cross-site", "empty", false)]
    [InlineData("same-site", "script", false)]
    [InlineData("cross-site", "document", true)]
    [InlineData("same-origin", "audio", true)]
    [InlineData("none", "document", true)]
    public async Task A_page_of_another_site_may_link_to_recordings_but_not_have_this_computer_work_for_it(string site, string destination, bool isLetIn)
    {
        foreach (var path in (string[])["/api/files", "/stream/20260521_101500.wav", "/api/clip?file=20260521_101500.wav&start=0&end=1", "/metrics"])
        {
            using var answer = await _program.GetAsync(path, ("Sec-Fetch-Site", site), ("Sec-Fetch-Dest", destination));
            Assert.Equal((path, isLetIn ? HttpStatusCode.OK : HttpStatusCode.Forbidden), (path, answer.StatusCode));
        }

        using var page = await _program.GetAsync("/signin.css", ("Sec-Fetch-Site", site), ("Sec-Fetch-Dest", destination));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_password_that_is_set_later_closes_the_door_at_once()
    {
        _program.SetPassword(Role.Manage, GuardedProgram.ManagePassword);

        using var answer = await _program.GetAsync("/api/files");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("radio.example", true)]
    [InlineData("RADIO.example", true)]
    [InlineData("localhost", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("", false)]
    [InlineData("evil.example", false)]
    [InlineData("radio.example.evil.example", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("0x7f000001.evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    public void Names_of_this_server_are_its_own_and_those_configured(string host, bool isOwn) =>
        Assert.Equal(isOwn, new HostNames(new AccessOptions("/nowhere") { Hosts = ["radio.example"] }, TimeProvider.System).IsOwn(host));
}
