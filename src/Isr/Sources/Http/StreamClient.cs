using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;
using Isr.Configuration;

namespace Isr.Sources.Http;

/// <summary>Where a stream may be, and what to say to that server.</summary>
/// <param name="Url">An http or https address; user name and password in it win.</param>
/// <param name="Credentials">"user:password", or null.</param>
internal readonly record struct StreamAddress(Uri Url, string? Credentials)
{
    /// <summary>"user:password" for this address, or null.</summary>
    public string? Login => Url.UserInfo.Length > 0 ? Uri.UnescapeDataString(Url.UserInfo) : Credentials;

    /// <summary>The address that this one points to. A password goes only to the server that it was meant for.</summary>
    public StreamAddress Follow(Uri next) => new(
        next,
        Url.Scheme == next.Scheme && Url.Port == next.Port && string.Equals(Url.Host, next.Host, StringComparison.OrdinalIgnoreCase)
            ? Login
            : null);

    public override string ToString() => SourceSettings.RedactedUrl(Url);
}

/// <summary>Either an answer that may be a stream, or the reason why there is none.</summary>
internal readonly record struct OpenResult(StreamBody? Body, ConnectionEnd End);

/// <summary>
/// Opens streams as radio servers give them: old status lines, HTTP/1.0 without a length, redirects, playlists,
/// Basic authentication. Nothing a server sends makes it throw.
/// </summary>
internal sealed class StreamClient : IDisposable
{
    private const int MaxHeaderKilobytes = 512;
    private const int MaxMetadataInterval = 1 << 20;
    private const int MaxTextChars = 200;

    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(15);
    private static readonly HttpRequestOptionsKey<Socket> s_socketKey = new("socket");
    private static readonly ProductInfoHeaderValue s_agent =
        new("isr", ProgramVersion.Text);

    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public StreamClient(TimeProvider time)
    {
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectTimeout = s_connectLimit,
#pragma warning disable CA2262 // Kilobytes are meant: servers with half a megabyte of headers exist.
            MaxResponseHeadersLength = MaxHeaderKilobytes,
#pragma warning restore CA2262
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ConnectCallback = ConnectAsync,
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new IcyStatusLineStream(context.PlaintextStream)),
        });
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks once. What a redirect or a playlist names instead goes onto <paramref name="more"/>, the first on top.</summary>
    public async Task<OpenResult> OpenAsync(StreamAddress address, Stack<StreamAddress> more, CancellationToken cancellationToken)
    {
        var url = address.Url;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, s_answerLimit, Timeout.InfiniteTimeSpan);
        var request = CreateRequest(address);
        HttpResponseMessage? response = null;

        try
        {
            response = await _http.SendAsync(request, limit.Token);
            if (RedirectOf(response, url) is { } location)
            {
                // A password goes only to the server that it was meant for.
                more.Push(address.Follow(location));
                return Fail(EndCause.Refused, $"{SourceSettings.RedactedUrl(url)} redirects to {SourceSettings.RedactedUrl(location)}");
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new OpenResult(null, Refusal(response, url));
            }

            var stream = await response.Content.ReadAsStreamAsync(limit.Token);
            if (await ReadPlaylistAsync(response, stream, limit.Token) is { } playlist)
            {
                return FollowPlaylist(playlist, address, more);
            }

            request.Options.TryGetValue(s_socketKey, out var socket);
            var facts = FactsOf(response, url);
            if (!TryReadMetadataInterval(response, out var interval))
            {
                return Fail(EndCause.Refused, $"{SourceSettings.RedactedUrl(url)} sends an icy-metaint that is no number from 1 to {MaxMetadataInterval}");
            }

            var body = new StreamBody(response, stream, socket, facts, interval, _time);
            response = null;
            return new OpenResult(body, default);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new OpenResult(null, ConnectionEnd.Stopped);
        }
        catch (OperationCanceledException) when (!limit.IsCancellationRequested)
        {
            return Fail(EndCause.Unreachable, $"{url.Host}:{url.Port} cannot be reached (no connection within {s_connectLimit.TotalSeconds:0} s)");
        }
        catch (OperationCanceledException)
        {
            return Fail(EndCause.Unreachable, $"{SourceSettings.RedactedUrl(url)} did not answer within {s_answerLimit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return Fail(EndCause.Unreachable, Explain(e, url));
        }
        finally
        {
            response?.Dispose();
        }
    }

    private static OpenResult Fail(EndCause cause, string sentence) => new(null, new ConnectionEnd(cause, sentence));

    private static HttpRequestMessage CreateRequest(StreamAddress address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address.Url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(s_agent.Product!));
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        request.Headers.TryAddWithoutValidation("Icy-MetaData", "1");
        if (address.Login is { } login)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        }

        return request;
    }

    private static Uri? RedirectOf(HttpResponseMessage response, Uri url) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
        && response.Headers.NonValidated.TryGetValues("Location", out var values)
        && Decode(values.First()) is { Length: <= Playlist.MaxAddressChars } address
        && Uri.TryCreate(url, address, out var location)
        && (location.Scheme == Uri.UriSchemeHttp || location.Scheme == Uri.UriSchemeHttps)
            ? location
            : null;

    private ConnectionEnd Refusal(HttpResponseMessage response, Uri url)
    {
        var code = (int)response.StatusCode;
        var reason = code switch
        {
            401 => "wants a user name and password (401), or these are wrong: see username and password",
            403 => "refuses: full, or not allowed (403)",
            404 => "has no such stream now (404)",
            >= 300 and < 400 => $"redirects without a usable address ({code})",
            >= 500 => $"is in trouble ({code})",
            _ => $"answers {code}",
        };
        var after = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return new ConnectionEnd(EndCause.Refused, $"{SourceSettings.RedactedUrl(url)} {reason}") { RetryAfter = after };
    }

    private static async Task<byte[]?> ReadPlaylistAsync(HttpResponseMessage response, Stream stream, CancellationToken cancellationToken)
    {
        if (!Playlist.IsPlaylistType(response.Content.Headers.ContentType?.MediaType))
        {
            return null;
        }

        var body = new byte[Playlist.MaxBytes];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return body[..length];
    }

    /// <summary>Puts the entries on the stack, the first on top, so that a dead one is followed by the next.</summary>
    public static OpenResult FollowPlaylist(ReadOnlySpan<byte> playlist, StreamAddress address, Stack<StreamAddress> more)
    {
        var url = address.Url;
        if (Playlist.IsHls(playlist))
        {
            return Fail(EndCause.Unsupported, $"{SourceSettings.RedactedUrl(url)} is HLS, which is not recorded: give the address of an Icecast or HTTP stream");
        }

        var entries = Playlist.Read(playlist, url);
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            more.Push(address.Follow(entries[i]));
        }

        return Fail(EndCause.Refused, $"the playlist {SourceSettings.RedactedUrl(url)} holds no http address");
    }

    private static StreamFacts FactsOf(HttpResponseMessage response, Uri url) => new()
    {
        Url = SourceSettings.RedactedUrl(url),
        ContentType = Header(response, "Content-Type"),
        Name = Header(response, "icy-name"),
        Server = Header(response, "Server"),
        Bitrate = Header(response, "icy-br"),
        IsFinite = response.Content.Headers.ContentLength is not null,
    };

    private static string? Header(HttpResponseMessage response, string name)
    {
        if (!response.Headers.NonValidated.TryGetValues(name, out var values)
            && !response.Content.Headers.NonValidated.TryGetValues(name, out values))
        {
            return null;
        }

        var text = Clean(Decode(values.ToString()));
        return text.Length == 0 ? null : text;
    }

    /// <summary>A header's true text: it is read as Latin-1 so that nothing is lost, and most servers mean UTF-8.</summary>
    private static string Decode(string header)
    {
        var bytes = Encoding.Latin1.GetBytes(header);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : header;
    }

    /// <summary>Text that a server may have had a hand in, fit for logs and pages: no control characters, not long.</summary>
    public static string Clean(string text)
    {
        text = string.Concat(text.Where(c => !char.IsControl(c))).Trim();
        return text.Length > MaxTextChars ? text[..MaxTextChars] : text;
    }

    private static bool TryReadMetadataInterval(HttpResponseMessage response, out int interval)
    {
        interval = 0;
        return Header(response, "icy-metaint") is not { } text
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out interval) && interval <= MaxMetadataInterval);
    }

    private static string Explain(Exception e, Uri url)
    {
        var where = $"{url.Host}:{url.Port}";
        return e switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"the name {url.Host} cannot be resolved",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"no secure connection to {where}: {Clean(e.InnerException?.Message ?? e.Message)}",
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => $"the proxy does not connect to {where}: {Clean(e.Message)}",
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => $"{where} does not speak HTTP: {Clean(e.InnerException?.Message ?? e.Message)}",
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => $"{where} sends more than {MaxHeaderKilobytes} kB of headers",
            _ when InnerMost(e) is SocketException socket => socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => $"{where} refuses connections (nothing listens there)",
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"the name {url.Host} cannot be resolved",
                SocketError.TimedOut => $"{where} cannot be reached (timed out)",
                _ => $"{where}: {socket.Message}",
            },
            _ => $"{where}: {Clean(InnerMost(e).Message)}",
        };
    }

    private static Exception InnerMost(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            context.InitialRequestMessage.Options.Set(s_socketKey, socket);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
