using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Isr.Access;

/// <summary>Secrets of 256 random bits, that nobody can guess: a plain hash is enough to keep them by.</summary>
internal static class SecretText
{
    /// <summary>As text fit for headers and cookies.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
