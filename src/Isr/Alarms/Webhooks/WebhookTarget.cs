using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Isr.Configuration;

namespace Isr.Alarms.Webhooks;

/// <summary>An address that is told of alarms.</summary>
internal sealed class WebhookTarget(Uri url)
{
    /// <summary>What its messages on the disk are known by.</summary>
    public string Key { get; } = KeyOf(url);

    /// <summary>Without credentials, which are sent as Basic authentication (RFC 7617).</summary>
    public Uri Url { get; } = url.UserInfo.Length == 0 ? url : new UriBuilder(url) { UserName = "", Password = "" }.Uri;

    public AuthenticationHeaderValue? Authorization { get; } = url.UserInfo.Length == 0
        ? null
        : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo))));

    public static string KeyOf(Uri url) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url.OriginalString)).AsSpan(0, 8));

    /// <summary>Fit for logs.</summary>
    public override string ToString() => AlarmSettings.ShownUrl(url);
}
