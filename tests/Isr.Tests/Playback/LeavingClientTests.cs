using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Isr.Tests.Support;

namespace Isr.Tests.Playback;

/// <summary>Whoever asked for much and goes before it has come.</summary>
public sealed class LeavingClientTests
{
    private const int Rate = 48000;

    /// <summary>About six hours, 4 GB: nobody reads that in passing.</summary>
    private const int Seconds = 22_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task The_answer_ends_and_the_recording_is_closed()
    {
        await using var folder = new ToldFolder();
        WriteSilence(folder.PathOf("long.wav"));
        folder.Tell("mic", "long.wav", 0, (long)Seconds * Rate, Rate, 2);

        // So nobody but this test looks at it.
        folder.Record("long.wav");
        await folder.BeginAsync();
        var span = $"source=mic&from={ToldFolder.Utc(0)}&to={ToldFolder.Utc(Seconds)}";
        foreach (var target in new[] { "/api/cut?file=long.wav&start=0&end=6:06:40", $"/api/cut?{span}", $"/api/export?{span}&format=wav", $"/api/export?{span}&format=flac" })
        {
            await LeaveAsync(folder, target);
        }

        using var http = new HttpClient();
        using var body = new StringContent("""{"files": ["long.wav"]}""", Encoding.UTF8, "application/json");
        using var zip = await http.PostAsync(new Uri($"http://127.0.0.1:{folder.Port}/api/zip"), body, TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(await zip.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await LeaveAsync(folder, "/" + json.RootElement.GetProperty("path").GetString());
    }

    private static async Task LeaveAsync(ToldFolder folder, string target)
    {
        using (var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1 })
        {
            await client.ConnectAsync("127.0.0.1", folder.Port, TestContext.Current.CancellationToken);
            await client.SendAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"), TestContext.Current.CancellationToken);
            var start = new byte["HTTP/1.1 200"u8.Length];
            var read = await client.ReceiveAsync(start, TestContext.Current.CancellationToken);
            Assert.Equal((target, "HTTP/1.1 200"), (target, Encoding.ASCII.GetString(start, 0, read)));
            Assert.True(IsOpen(folder.PathOf("long.wav")), $"{target}: the answer has ended, or never read the recording");
        }

        await Wait.UntilAsync(() => !IsOpen(folder.PathOf("long.wav")), s_patience, $"{target}: the recording is still open");
    }

    /// <summary>A file that takes no room on the disk.</summary>
    private static void WriteSilence(string path)
    {
        const uint DataBytes = (uint)Rate * 4 * Seconds;
        using var file = new FileStream(path, FileMode.CreateNew);
        file.Write(WavBytes.WithSizes(WavBytes.File(WavBytes.Pcm, Rate, 2, 16, []), DataBytes + 36, DataBytes));
        file.SetLength(file.Length + DataBytes);
    }

    private static bool IsOpen(string path) => Directory.EnumerateFileSystemEntries("/proc/self/fd").Any(fd =>
    {
        try
        {
            return new FileInfo(fd).LinkTarget == path;
        }
        catch (IOException)
        {
            // Closed this moment.
            return false;
        }
    });
}
