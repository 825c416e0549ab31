using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Isr.Access.SignIn;

/// <summary>
/// A password as it is kept: <c>pbkdf2-sha256$ROUNDS$SALT$HASH</c>, the last two in base64 (PBKDF2, RFC 8018 section 5.2).
/// </summary>
internal sealed class PasswordHash
{
    public const int MinLength = 8;
    public const int MaxLength = 1024;

    /// <summary>What OWASP's "Password Storage Cheat Sheet" asks of PBKDF2 with SHA-256.</summary>
    private const int Rounds = 600_000;
    private const int MaxRounds = 10_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const string Scheme = "pbkdf2-sha256";

    private readonly int _rounds;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(string text, int rounds, byte[] salt, byte[] hash)
    {
        Text = text;
        _rounds = rounds;
        _salt = salt;
        _hash = hash;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    /// <summary>One that no password fits: what is written where a password belongs cannot be read.</summary>
    public static PasswordHash Unusable { get; } = new("", 0, [], []);

    public bool IsUsable => _rounds > 0;

    public string Text { get; }

    /// <summary>Tells this password from any other, and nothing of it.</summary>
    public string Fingerprint { get; }

    public static PasswordHash Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(password, salt, Rounds, HashBytes);
        return new PasswordHash(string.Create(CultureInfo.InvariantCulture, $"{Scheme}${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}"), Rounds, salt, hash);
    }

    public static PasswordHash? Parse(string text)
    {
        text = text.Trim();
        var parts = text.Split('$');
        return parts is [Scheme, _, _, _]
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds is > 0 and <= MaxRounds
            && Decode(parts[2]) is { Length: >= 8 and <= 64 } salt
            && Decode(parts[3]) is { Length: HashBytes } hash
            ? new PasswordHash(text, rounds, salt, hash)
            : null;
    }

    /// <summary>Takes as long for a wrong password as for the right one: a tenth of a second and more.</summary>
    public bool Fits(string password) =>
        IsUsable && password.Length <= MaxLength && CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _rounds, _hash.Length), _hash);

    public override string ToString() => Scheme;

    private static byte[] Derive(string password, byte[] salt, int rounds, int length) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, length);

    private static byte[]? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? bytes[..count] : null;
    }
}
