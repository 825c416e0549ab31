using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Isr.Benchmarks;

/// <summary>
/// Asks a server for small ranges of its files, from so many clients at a time that keep their connections, each the next when it has
/// the last. A plain socket and a fixed request: what is measured is the server.
/// </summary>
internal static class RangeLoad
{
    private const int RangeBytes = 1000;

    /// <param name="args">Port, clients, seconds, a file's size in bytes, and the paths of the files.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var (port, clients, seconds, size) = (int.Parse(args[0], CultureInfo.InvariantCulture), int.Parse(args[1], CultureInfo.InvariantCulture),
            double.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
        var paths = args[4..];
        var began = Stopwatch.GetTimestamp();
        var end = began + (long)(seconds * Stopwatch.Frequency);
        var latencies = await Task.WhenAll(Enumerable.Range(0, clients).Select(i => Task.Run(() => AskAsync(port, end, size, paths, new Random(i)))));
        var all = latencies.SelectMany(l => l).Order().ToList();
        var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{all.Count / elapsed:0} {all[all.Count / 2] * 1000:0.00} {all[all.Count * 99 / 100] * 1000:0.00}"));
        return 0;
    }

    private static async Task<List<double>> AskAsync(int port, long end, int size, string[] paths, Random random)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        var buffer = new byte[8192];
        var latencies = new List<double>();
        while (Stopwatch.GetTimestamp() < end)
        {
            var first = random.Next(size - RangeBytes);
            var request = Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"GET {paths[random.Next(paths.Length)]} HTTP/1.1\r\nHost: localhost\r\nRange: bytes={first}-{first + RangeBytes - 1}\r\n\r\n"));
            var asked = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            var (length, headers) = (0, -1);
            while (headers < 0 || length < headers + RangeBytes)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(length));
                length += read;
                headers = headers >= 0 ? headers : buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var at ? at + 4 : -1;
                if (read == 0 || !buffer.AsSpan(0, length).StartsWith("HTTP/1.1 206"u8))
                {
                    throw new InvalidOperationException($"Not a range: {Encoding.ASCII.GetString(buffer, 0, length)}");
                }
            }

            latencies.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
        }

        return latencies;
    }
}
