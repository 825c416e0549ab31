using System.Security.Cryptography;
using Isr.Access;
using Isr.Access.SignIn;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Access.SignIn;

public sealed class SessionStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly PasswordHash _password = PasswordHash.Parse(
        $"pbkdf2-sha256$1$c2FsdHNhbHQ=${Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2("password", "saltsalt"u8, 1, HashAlgorithmName.SHA256, 32))}")!;

    private readonly PasswordStore _passwords;
    private readonly SessionStore _sessions;

    public SessionStoreTests()
    {
        var options = new AccessOptions(_directory.File("state"));
        _passwords = new PasswordStore(options, NullLogger<PasswordStore>.Instance);
        _passwords.Set(Role.Manage, _password);
        _sessions = new SessionStore(options, _passwords, _time, NullLogger<SessionStore>.Instance);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_session_lasts_thirty_days_from_its_last_use()
    {
        var secret = _sessions.Begin(Role.Manage, _password);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromDays(29));
            Assert.NotNull(_sessions.Find(secret, out var isRenewed));
            Assert.True(isRenewed);
        }

        _time.Advance(TimeSpan.FromDays(31));
        Assert.Null(_sessions.Find(secret, out _));
    }

    [Fact]
    public void One_that_began_by_a_clock_that_was_years_ahead_does_not_last_for_years()
    {
        _time.StepWall(TimeSpan.FromDays(10_000));
        var secret = _sessions.Begin(Role.Manage, _password);
        _time.StepWall(TimeSpan.FromDays(-10_000));

        Assert.NotNull(_sessions.Find(secret, out _));
        _time.Advance(TimeSpan.FromDays(31));
        Assert.Null(_sessions.Find(secret, out _));
    }

    [Fact]
    public void Who_may_not_look_whether_there_is_a_password_does_not_take_it_for_none()
    {
        Directory.Delete(Path.Combine(_directory.File("state"), "access"), recursive: true);
        Assert.False(_passwords.IsAnySet);

        // A loop of links is refused as another user's folder is, by root, too.
        File.CreateSymbolicLink(Path.Combine(_directory.File("state"), "access"), "access");
        Assert.True(_passwords.IsAnySet);
        Assert.Contains("must be allowed to read it", _passwords.Mistake(), StringComparison.Ordinal);
    }
}
