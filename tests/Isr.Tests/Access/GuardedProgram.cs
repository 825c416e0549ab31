using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Isr.Access;
using Isr.Access.SignIn;
using Isr.Commands;
using Isr.Configuration;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Access;

/// <summary>The whole program in this process, over a folder with two recordings, with both passwords and three tokens.</summary>
public sealed class GuardedProgram : IAsyncLifetime
{
    public const string ManagePassword = "correct horse battery";
    public const string ListenPassword = "only for ears";

    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(20) };
    private IHost? _host;

    public string Folder => _directory.File("recordings");

    public string StateDirectory => Path.Combine(Folder, ".isr");

    public int Port { get; private set; }

    public IServiceProvider Services => _host!.Services;

    internal Func<GeneralSettings, GeneralSettings> Adjust { get; init; } = general => general;

    internal WebOptions Web { get; init; } = new() { Port = 0 };

    internal bool HasPasswords { get; init; } = true;

    internal string ManageToken { get; private set; } = "";

    internal string ListenToken { get; private set; } = "";

    internal string ExpiredToken { get; private set; } = "";

    /// <summary>Every route there is, whoever added it.</summary>
    internal IReadOnlyList<RouteEndpoint> Routes => [.. Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private AccessOptions Options => new(StateDirectory);

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "news"));
        var sound = WavBytes.File(WavBytes.Pcm, 8000, 1, 16, new byte[32000]);
        await File.WriteAllBytesAsync(Path.Combine(Folder, "20260521_101500.wav"), sound);
        await File.WriteAllBytesAsync(Path.Combine(Folder, "news", "20260522_101500.wav"), sound);
        if (HasPasswords)
        {
            SetPassword(Role.Manage, ManagePassword);
            SetPassword(Role.Listen, ListenPassword);
        }

        ManageToken = Tokens(TimeProvider.System).Add("scripts", Role.Manage, null)!;
        ListenToken = Tokens(TimeProvider.System).Add("player", Role.Listen, 1)!;
        ExpiredToken = Tokens(new ManualTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero))).Add("old", Role.Manage, 1)!;

        var settings = Settings.ForFolder(Folder);
        _host = RunCommand.Build(settings with { General = Adjust(settings.General) }, Web, RunParts.All, log: null);
        await _host.StartAsync();
        Port = new Uri(((WebApplication)_host).Urls.First()).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        _http.Dispose();
        _directory.Dispose();
    }

    /// <summary>A hash of few rounds, as the running program takes any number.</summary>
    internal void SetPassword(Role role, string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1000, HashAlgorithmName.SHA256, 32);
        new PasswordStore(Options, NullLogger<PasswordStore>.Instance).Set(
            role, PasswordHash.Parse(string.Create(CultureInfo.InvariantCulture, $"pbkdf2-sha256$1000${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}"))!);
    }

    internal void RemovePassword(Role role) => new PasswordStore(Options, NullLogger<PasswordStore>.Instance).Remove(role);

    /// <summary>As the command line sees them, in another process.</summary>
    internal TokenStore Tokens(TimeProvider time) => new(Options, time, NullLogger<TokenStore>.Instance);

    internal async Task<HttpResponseMessage> AskAsync(string method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{Port}{path}") { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    internal Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => AskAsync("GET", path, null, headers);

    internal Task<HttpResponseMessage> SignInAsync(string password, string next = "", params (string Name, string Value)[] headers) =>
        AskAsync("POST", "/signin", new FormUrlEncodedContent([new("password", password), new("next", next)]), headers);

    /// <summary>Signs in and gives the cookie as a header.</summary>
    internal async Task<(string Name, string Value)> CookieAsync(string password)
    {
        using var answer = await SignInAsync(password);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return CookieOf(answer);
    }

    internal static (string Name, string Value) CookieOf(HttpResponseMessage answer) => ("Cookie", answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);

    internal static (string Name, string Value) Bearer(string token) => ("Authorization", "Bearer " + token);
}
