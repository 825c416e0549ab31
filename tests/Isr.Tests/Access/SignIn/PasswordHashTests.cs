using System.Security.Cryptography;
using Isr.Access;
using Isr.Access.SignIn;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Access.SignIn;

public sealed class PasswordHashTests
{
    [Fact]
    public void A_password_fits_its_own_hash_alone()
    {
        var hash = PasswordHash.Create("Kännchen Tee");

        Assert.StartsWith("pbkdf2-sha256$600000$", hash.Text, StringComparison.Ordinal);
        Assert.True(PasswordHash.Parse(hash.Text + "\n")!.Fits("Kännchen Tee"));
        Assert.False(hash.Fits("Kännchen tee"));
        Assert.NotEqual(hash.Text, PasswordHash.Create("Kännchen Tee").Text, StringComparer.Ordinal);
    }

    [Fact]
    public void It_is_what_the_standard_says()
    {
        // RFC 7914 section 11: PBKDF2-HMAC-SHA-256 of "passwd", "salt", 1 round; the salt here is longer, as ours must be.
        var hash = Rfc2898DeriveBytes.Pbkdf2("passwd", "saltsalt"u8, 1, HashAlgorithmName.SHA256, 32);

        Assert.True(PasswordHash.Parse($"pbkdf2-sha256$1${Convert.ToBase64String("saltsalt"u8)}${Convert.ToBase64String(hash)}")!.Fits("passwd"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$$$")]
    [InlineData("pbkdf2-sha1$1000$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$0$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$-1$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$99999999999$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$1000$x$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256$1000$c2FsdHNhbHQ=$")]
    public void What_is_no_hash_is_none(string text) => Assert.Null(PasswordHash.Parse(text));

    [Fact]
    public void The_environment_goes_before_the_file_and_a_secret_file_between()
    {
        using var directory = new TemporaryDirectory();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        var store = new PasswordStore(new AccessOptions(directory.Path) { Environment = environment.GetValueOrDefault }, NullLogger<PasswordStore>.Instance);
        Assert.Null(store.Of(Role.Manage));

        var (kept, named, given) = (Hash("kept"), Hash("named"), Hash("given"));
        store.Set(Role.Manage, kept);
        Assert.Equal(kept.Text, store.Of(Role.Manage)!.Text);

        File.WriteAllText(directory.File("secret"), named.Text + "\n");
        environment["ISR_PASSWORD_HASH_FILE"] = directory.File("secret");
        Assert.Equal(named.Text, store.Of(Role.Manage)!.Text);

        environment["ISR_PASSWORD_HASH"] = given.Text;
        Assert.Equal(given.Text, store.Of(Role.Manage)!.Text);
        Assert.Null(store.Mistake());
        Assert.Null(store.Of(Role.Listen));

        environment["ISR_PASSWORD_HASH"] = "plain text";
        Assert.False(store.Of(Role.Manage)!.IsUsable);
        Assert.StartsWith("ISR_PASSWORD_HASH holds no password", store.Mistake(), StringComparison.Ordinal);

        environment.Remove("ISR_PASSWORD_HASH");
        File.Delete(directory.File("secret"));
        Assert.False(store.Of(Role.Manage)!.IsUsable);
        Assert.StartsWith("ISR_PASSWORD_HASH_FILE holds no password", store.Mistake(), StringComparison.Ordinal);
    }

    private static PasswordHash Hash(string password) => PasswordHash.Parse(
        $"pbkdf2-sha256$1$c2FsdHNhbHQ=${Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(password, "saltsalt"u8, 1, HashAlgorithmName.SHA256, 32))}")!;
}
