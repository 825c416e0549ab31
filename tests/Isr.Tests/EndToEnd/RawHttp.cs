using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Isr.Tests.EndToEnd;

/// <summary>Requests exactly as they are written: no client tidies up the path on the way.</summary>
internal static class RawHttp
{
    public static async Task<RawAnswer> AskAsync(int port, string method, string target, params string[] headers)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
        var host = headers.Any(h => h.StartsWith("Host:", StringComparison.Ordinal)) ? "" : $"Host: 127.0.0.1:{port}\r\n";
        await socket.SendAsync(Encoding.Latin1.GetBytes($"{method} {target} HTTP/1.1\r\n{host}Connection: close\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n"), cancellationToken);

        using var all = new MemoryStream();
        await using var stream = new NetworkStream(socket);
        await stream.CopyToAsync(all, cancellationToken);
        var bytes = all.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        var lines = Encoding.Latin1.GetString(bytes, 0, Math.Max(0, end)).Split("\r\n");
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            fields[line.Split(':')[0]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }

        var body = bytes[(end + 4)..];
        return new RawAnswer(
            int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture),
            fields,
            fields.GetValueOrDefault("Transfer-Encoding") == "chunked" ? Unchunk(body) : body);
    }

    private static byte[] Unchunk(byte[] body)
    {
        var whole = new List<byte>();
        var rest = body.AsSpan();
        while (rest.IndexOf("\r\n"u8) is > 0 and var end)
        {
            var length = Convert.ToInt32(Encoding.ASCII.GetString(rest[..end]), 16);
            whole.AddRange(rest.Slice(end + 2, length));
            rest = rest[(end + 2 + length + 2)..];
        }

        return [.. whole];
    }
}

internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string this[string header] => Headers.GetValueOrDefault(header, "");

    /// <summary>Fails unless it is a refusal as the contract wants it.</summary>
    public void IsProblem(params int[] statuses)
    {
        Assert.Contains(Status, statuses);
        Assert.Equal("application/problem+json", this["Content-Type"].Split(';')[0]);
        using var json = JsonDocument.Parse(Body);
        Assert.NotEmpty(json.RootElement.GetProperty("error").GetString()!);
        Assert.Equal(Status, json.RootElement.GetProperty("status").GetInt32());
    }
}
