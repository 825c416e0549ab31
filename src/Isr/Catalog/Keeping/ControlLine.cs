using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Isr.Catalog.Keeping;

/// <summary>What goes over the control socket: a line of JSON there, a line of JSON back.</summary>
internal static class ControlLine
{
    /// <summary>A thousand marks as long as a request over HTTP may be, and written longer.</summary>
    private const int MaxBytes = 8 << 20;

    /// <summary>What another process sends must come in this time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Task SendAsync<T>(Socket socket, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAllAsync(socket, (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n'], cancellationToken);

    /// <summary>Null when what comes is no such line, or ends before one.</summary>
    public static async Task<T?> ReceiveAsync<T>(Socket socket, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var buffer = new byte[4096];
        var length = 0;
        while (await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            var end = buffer.AsSpan(length, read).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return Read(buffer.AsSpan(0, length + end), type);
            }

            length += read;
            if (length == MaxBytes)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        return null;
    }

    private static T? Read<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // Not ours, or of a later version.
            return null;
        }
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
        }
    }
}
