using System.Net;
using System.Net.Sockets;
using System.Text;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>A recorder and a page as two processes over one folder: who changes what.</summary>
[SideBySide]
public sealed class KeepingTests(LiveStation station) : IClassFixture<LiveStation>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(1)]
    [InlineData(120)]
    internal async Task The_page_asks_the_recorder_and_does_it_itself_when_that_is_gone(int nameLength)
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));

        // Longer than the address of a socket may be.
        var state = folder.File(new string('s', nameLength));
        await File.WriteAllTextAsync(folder.Config, $"[general]\nstate_directory = {state}\n" + (await File.ReadAllTextAsync(folder.Config, TestContext.Current.CancellationToken))["[general]\n".Length..], TestContext.Current.CancellationToken);
        Directory.CreateDirectory(folder.Recordings);
        foreach (var name in new[] { "a.mp3", "b.mp3", "c.mp3" })
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Recordings, name), name, TestContext.Current.CancellationToken);
        }

        var socket = Path.Combine(state, "control.sock");
        await using (var recorder = IsrProgram.Start(folder, ["record"]))
        await using (var page = IsrProgram.Start(folder, ["web"], withPage: true))
        {
            await page.UntilServingAsync();
            await recorder.UntilRecordingAsync(folder);
            await Wait.UntilAsync(() => File.Exists(socket), s_patience, () => $"no socket: {recorder.Errors}");
            Assert.True(!OperatingSystem.IsLinux() || File.GetUnixFileMode(socket) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));

            var live = Path.GetRelativePath(folder.Recordings, folder.Files().Single(f => f.Contains("/live/", StringComparison.Ordinal)));
            Assert.Equal(HttpStatusCode.Conflict, await DeleteAsync(page, live));
            Assert.Equal(HttpStatusCode.OK, await DeleteAsync(page, "a.mp3"));
            Assert.Equal(HttpStatusCode.Created, await MarkAsync(page, "m1", "b.mp3", isProtected: true));
            Assert.Equal(HttpStatusCode.Conflict, await DeleteAsync(page, "b.mp3"));
            Assert.Equal(HttpStatusCode.OK, await LabelAsync(page, "Owl"));
            Assert.Contains("0 recordings", (await IsrProgram.RunAsync(folder, "retention")).All, StringComparison.Ordinal);
            if (nameLength == 1)
            {
                await HarmlessAsync(socket);
            }

            // Its socket stays behind.
            recorder.Kill();
            await recorder.WaitAsync(s_patience);
            Assert.True(File.Exists(socket));
            Assert.Equal(HttpStatusCode.OK, await DeleteAsync(page, "c.mp3"));
            Assert.Equal(HttpStatusCode.OK, await MarkAsync(page, "m1", "b.mp3", isProtected: false));
            Assert.Equal(HttpStatusCode.OK, await LabelAsync(page, "Dog"));

            // The page does not keep what it took.
            await using var second = IsrProgram.Start(folder, ["record"]);
            await second.UntilRecordingAsync(folder, files: 2);
            Assert.Equal(HttpStatusCode.OK, await DeleteAsync(page, "b.mp3"));
            Assert.Equal(0, (await second.EndAsync(Signal.Terminate)).Result.ExitCode);
            Assert.False(File.Exists(socket));
        }

        var journal = JournalReader.Days(state).SelectMany(JournalReader.Read).ToList();
        Assert.Equal(["a.mp3", "c.mp3", "b.mp3"], [.. journal.OfType<FileDeleted>().Select(e => e.File)]);
        Assert.Equal(2, journal.OfType<ProgramStarted>().Count());
    }

    /// <summary>Garbage, half a line, an endless one, and many who say nothing.</summary>
    private static async Task HarmlessAsync(string socket)
    {
        foreach (var line in new[] { "hello\n", "{}\n", "null\n", """{"do":"format-disk"}""" + "\n", """{"do":"delete","name":null}""" + "\n", """{"do":"delete","name":"../../etc/passwd.mp3"}""" + "\n", """{"do":"put-marks","marks":[null]}""" + "\n", """{"do":"put-marks"}""" + "\n", """{"do":"each"}""" + "\n", """{"do":"put-labels"}""" + "\n", """{"do":"put-labels","labels":[null]}""" + "\n" })
        {
            var answer = await SayAsync(socket, Encoding.UTF8.GetBytes(line));
            Assert.True(answer.Contains("Invalid", StringComparison.Ordinal) || answer.Contains("NotFound", StringComparison.Ordinal), $"{line}: {answer}");
        }

        Assert.Equal("", await SayAsync(socket, []));
        var endless = Encoding.UTF8.GetBytes(new string('x', 9 << 20));
        Assert.Contains("Invalid", await SayAsync(socket, endless), StringComparison.Ordinal);
    }

    private static async Task<string> SayAsync(string path, byte[] bytes)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
        if (bytes.Length == 0)
        {
            return "";
        }

        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), TestContext.Current.CancellationToken);
            }
        }
        catch (SocketException)
        {
            // It has heard enough; what it answered is there to be read.
        }

        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    private static async Task<HttpStatusCode> DeleteAsync(IsrProgram page, string name)
    {
        using var answer = await page.Http.DeleteAsync(new Uri($"/api/files/{name}", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> LabelAsync(IsrProgram page, string label)
    {
        using var body = new StringContent($"""["{label}", "", "", "", "", "", "", "", ""]""", Encoding.UTF8, "application/json");
        using var answer = await page.Http.PutAsync(new Uri("/api/labels", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Contains($"\"{label}\"", await page.Http.GetStringAsync(new Uri("/api/labels", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> MarkAsync(IsrProgram page, string id, string file, bool isProtected)
    {
        using var body = new StringContent($$"""{"file": "{{file}}", "protected": {{(isProtected ? "true" : "false")}}}""", Encoding.UTF8, "application/json");
        using var answer = await page.Http.PutAsync(new Uri($"/api/marks/{id}", UriKind.Relative), body, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
