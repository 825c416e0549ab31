using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Isr.Alarms.Webhooks;

internal enum SendOutcome
{
    /// <summary>Answered with 2xx.</summary>
    Delivered,

    /// <summary>Answered with 410: nobody wants it there any more.</summary>
    Gone,

    /// <summary>Anything else, which may pass.</summary>
    Failed,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Sentence">The answer, or why there was none: "answered 500".</param>
/// <param name="RetryAfter">When the server wants to be asked again.</param>
internal readonly record struct SendResult(SendOutcome Outcome, string Sentence, TimeSpan? RetryAfter = null);

/// <summary>
/// Sends messages and heartbeats. Redirects are not followed, and what is answered beside the status is not read. Nothing a server does makes it throw.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    public const string SignatureHeader = "Isr-Signature";
    public const string DeliveryHeader = "Isr-Delivery";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly ProductInfoHeaderValue s_agent = new("isr", ProgramVersion.Text);

    private readonly byte[]? _secret;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <param name="secret">What messages are signed with; null for not at all.</param>
    /// <param name="time">The clock.</param>
    public WebhookClient(string? secret, TimeProvider time)
    {
        _secret = string.IsNullOrEmpty(secret) ? null : Encoding.UTF8.GetBytes(secret);
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = s_limit,

            // An answer's body is never read: its connection is not used again. Names are looked up anew each time.
            PooledConnectionLifetime = TimeSpan.Zero,
        });
    }

    public bool IsSigned => _secret is not null;

    public void Dispose() => _http.Dispose();

    public Task<SendResult> PostAsync(WebhookTarget target, string delivery, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(DeliveryHeader, delivery);
        if (_secret is not null)
        {
            request.Headers.Add(SignatureHeader, Sign(_secret, _time.GetUtcNow(), body.Span));
        }

        return SendAsync(request, target, cancellationToken);
    }

    public Task<SendResult> GetAsync(WebhookTarget target, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, target.Url), target, cancellationToken);

    /// <summary>
    /// "t=SECONDS,v1=HEX": HMAC-SHA256 (RFC 2104) over the seconds since 1970 as text, a full stop, and the body. The time in it keeps an old message from
    /// being sent again by somebody else.
    /// </summary>
    public static string Sign(byte[] secret, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds), (byte)'.', .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(secret, signed))}";
    }

    private async Task<SendResult> SendAsync(HttpRequestMessage request, WebhookTarget target, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, s_limit, Timeout.InfiniteTimeSpan);
        request.Headers.UserAgent.Add(s_agent);
        request.Headers.Authorization = target.Authorization;
        try
        {
            using (request)
            using (var response = await _http.SendAsync(request, limit.Token))
            {
                var status = (int)response.StatusCode;
                return response.StatusCode switch
                {
                    _ when response.IsSuccessStatusCode => new SendResult(SendOutcome.Delivered, $"answered {status}"),
                    HttpStatusCode.Gone => new SendResult(SendOutcome.Gone, "answered 410: gone for good"),
                    _ => new SendResult(SendOutcome.Failed, $"answered {status}{(status is >= 300 and < 400 ? ", a redirect, which is not followed" : "")}", RetryAfterOf(response)),
                };
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.Failed, $"did not answer within {s_limit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The innermost says what it is; none of them names more of the address than host and port.
            return new SendResult(SendOutcome.Failed, $"could not be reached: {(e.InnerException?.GetBaseException() ?? e).Message}");
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } retry ? retry.Delta ?? (retry.Date - _time.GetUtcNow()) : null;
}
