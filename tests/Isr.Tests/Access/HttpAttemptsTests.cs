using System.Globalization;
using System.Text;
using Isr.Tests.EndToEnd;

namespace Isr.Tests.Access;

/// <summary>
/// Attempts to reach what is none of the recordings, or to smuggle something past, each by name and with the answer it must get. With
/// ISR_WRITE_DOCS=1 they become docs/http-attempts.md.
/// </summary>
public sealed class HttpAttemptsTests(HttpAttemptsTests.OpenProgram program, ITestOutputHelper output) : IClassFixture<HttpAttemptsTests.OpenProgram>
{
    private const string Secret = "nobody may read this";

    /// <summary>What stands where a recording's name belongs, as it goes over the wire.</summary>
    private static readonly (string What, string Name)[] s_names =
    [
        ("up a folder", "../secret.wav"),
        ("up many folders", "../../../../../../etc/passwd"),
        ("up, dots encoded", "%2e%2e/secret.wav"),
        ("up, slash encoded", "..%2fsecret.wav"),
        ("up, all encoded", "%2e%2e%2fsecret.wav"),
        ("up, encoded twice", "%252e%252e%252fsecret.wav"),
        ("up, encoded three times", "%25252e%25252e%25252fsecret.wav"),
        ("up from a folder", "news/../../secret.wav"),
        ("up from a folder, encoded", "news%2f%2e%2e%2f%2e%2e%2fsecret.wav"),
        ("up with backslashes", "..\\secret.wav"),
        ("up with backslashes, encoded", "..%5csecret.wav"),
        ("dots in overlong UTF-8", "%c0%ae%c0%ae/secret.wav"),
        ("slash in overlong UTF-8", "..%c0%afsecret.wav"),
        ("slash in UTF-8 of three bytes", "..%e0%80%afsecret.wav"),
        ("slash, full width", "..%ef%bc%8fsecret.wav"),
        ("half a character", "%e2%82.wav"),
        ("bytes that are no UTF-8", "%ff%fe.wav"),
        ("an unpaired surrogate", "%ed%a0%80.wav"),
        ("absolute", "/etc/passwd"),
        ("absolute, encoded", "%2fetc%2fpasswd"),
        ("absolute, to a recording beside", "%2fsecret.wav"),
        ("a file address", "file:%2f%2f%2fetc%2fpasswd"),
        ("a link out", "link-out.wav"),
        ("through a linked folder", "folder-out/secret.wav"),
        ("a folder named as audio", "folder.wav"),
        ("a pipe named as audio", "pipe.wav"),
        ("a hidden file", ".hidden.wav"),
        ("a hidden folder", ".isr/inside.wav"),
        ("the sign-in secrets", ".isr/access/password"),
        ("the journal", ".isr/journal/2026-05-21.jsonl"),
        ("the index", ".isr/catalog.db"),
        ("the status", "status.json"),
        ("a file that is no audio", "notes.txt"),
        ("the folder itself", ""),
        ("a dot", "."),
        ("an encoded dot", "%2e"),
        ("a folder", "news"),
        ("a folder with its slash", "news/"),
        ("a recording as a folder", "20260521_101500.wav/"),
        ("below a recording", "20260521_101500.wav/x.wav"),
        ("a line break and a header", "x%0d%0aX-Injected:%201.wav"),
        ("a line feed", "x%0aX-Injected:%201.wav"),
        ("a percent sign cut short", "%2"),
        ("a percent sign and no digits", "%zz.wav"),
        ("a device", "%2fdev%2fzero.wav"),
        ("of a process", "%2fproc%2fself%2fenviron"),
        ("a drive", "C:%5csecret.wav"),
        ("very long", new string('a', 5000) + ".wav"),
        ("very deep", string.Concat(Enumerable.Repeat("a/", 2000)) + "x.wav"),
        ("another stream of the file", "20260521_101500.wav::$DATA"),
        ("a semicolon", "20260521_101500.wav;x=.wav"),
        ("a trailing space", "20260521_101500.wav%20"),
    ];

    /// <summary>Request lines and hosts.</summary>
    private static readonly (string What, string Method, string Target, string Host, int Status)[] s_lines =
    [
        ("a zero in a name", "GET", "/stream/20260521_101500.wav%00.txt", "localhost", 400),
        ("a zero alone", "GET", "/download/%00", "localhost", 400),
        ("a zero in a query", "GET", "/api/analyze?file=20260521_101500.wav%00", "localhost", 404),
        ("a raw zero", "GET", "/stream/\0.wav", "localhost", 400),
        ("a raw byte above 127", "GET", "/stream/\u00ff.wav", "localhost", 400),
        ("a header in a query", "GET", "/api/files?q=%0d%0aX-Injected:%201", "localhost", 200),
        ("a header in a filter", "GET", "/api/files?source=%0d%0aSet-Cookie:%20x=1&limit=1", "localhost", 200),
        ("a header in where to go next", "GET", "/signin?next=%0d%0aX-Injected:%201", "localhost", 200),
        ("markup in where to go next", "GET", "/signin?next=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "localhost", 200),
        ("a range cut in a thousand", "GET", "/api/files?" + new string('&', 4000), "localhost", 200),
        ("a number too large", "GET", "/api/files?limit=99999999999999999999", "localhost", 400),
        ("not a number", "GET", "/api/analyze?file=20260521_101500.wav&margin=NaN", "localhost", 200),
        ("a whole address of this server", "GET", "http://localhost/stream/20260521_101500.wav", "localhost", 200),
        ("a whole address of another", "GET", "http://evil.example/api/files", "evil.example", 403),
        ("a whole address and another host", "GET", "http://localhost/api/files", "evil.example", 400),
        ("an address of another kind", "GET", "ftp://localhost/api/files", "localhost", 400),
        ("a tunnel", "CONNECT", "evil.example:443", "evil.example:443", 403),
        ("everything", "OPTIONS", "*", "localhost", 404),
        ("everything, to be got", "GET", "*", "localhost", 405),
        ("no slash", "GET", "api/files", "localhost", 400),
        ("only a query", "GET", "?x=1", "localhost", 400),
        ("a fragment", "GET", "/api/storage#x", "localhost", 404),
        ("two slashes", "GET", "//api/files", "localhost", 404),
        ("another server in the path", "GET", "//evil.example/api/files", "localhost", 404),
        ("above the root", "GET", "/../../etc/passwd", "localhost", 404),
        ("an encoded route", "GET", "/%61pi/storage", "localhost", 200),
        ("a route in capitals", "GET", "/API/storage", "localhost", 200),
        ("a strange method", "BREW", "/api/files", "localhost", 404),
        ("tracing", "TRACE", "/", "localhost", 404),
        ("a method with a space", "GE T", "/api/files", "localhost", 400),
        ("another host", "GET", "/api/files", "evil.example", 403),
        ("a host that ends as ours", "GET", "/api/files", "xlocalhost", 403),
        ("a host that begins as ours", "GET", "/api/files", "localhost.evil.example", 403),
        ("a user in the host", "GET", "/api/files", "localhost@evil.example", 400),
        ("a path in the host", "GET", "/api/files", "localhost/evil", 400),
        ("an address of nobody", "GET", "/api/files", "192.0.2.1", 403),
        ("no host", "GET", "/api/files", "", 403),
        ("two hosts", "GET", "/api/files", "localhost\r\nHost: evil.example", 400),
        ("a host that a proxy might have meant", "GET", "/api/storage", "localhost\r\nX-Forwarded-Host: evil.example", 403),
        ("a header that is continued", "GET", "/api/files", "localhost\r\nX-A: 1\r\n 2", 400),
        ("a header without a name", "GET", "/api/files", "localhost\r\n: 1", 400),
        ("a length and chunks", "POST", "/signin", "localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0", 400),
        ("a length below zero", "POST", "/signin", "localhost\r\nContent-Length: -1", 400),
        ("a body of a terabyte", "POST", "/signin", "localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1099511627776", 400),
    ];

    [Fact]
    public async Task None_of_them_gets_anywhere()
    {
        var rows = new List<string>();
        var wrong = new List<string>();
        foreach (var (what, name) in s_names)
        {
            foreach (var (method, place) in ((string, string)[])[("GET", "/stream/"), ("GET", "/download/"), ("DELETE", "/api/files/"), ("GET", "/api/analyze?file=")])
            {
                // What decodes to no name is not found; what is too long, the server itself refuses.
                await TryAsync(what, method, place + name.Replace("#", "%23", StringComparison.Ordinal), "localhost", [400, 403, 404, 414]);
            }
        }

        foreach (var (what, method, target, host, status) in s_lines)
        {
            await TryAsync(what, method, target, host, [status]);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows.Count} attempts"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(Secret, await File.ReadAllTextAsync(program.SecretPath, TestContext.Current.CancellationToken));
        Assert.True(File.Exists(Path.Combine(program.Folder, "20260521_101500.wav")));
        Assert.True(File.Exists(Path.Combine(program.Folder, "status.json")) && File.Exists(Path.Combine(program.Folder, ".isr", "inside.wav")));
        await WriteDocsAsync(rows);

        async Task TryAsync(string what, string method, string target, string host, int[] statuses)
        {
            RawAnswer answer;
            try
            {
                answer = await RawHttp.AskAsync(program.Port, method, target, $"Host: {host}");
            }
            catch (Exception e) when (e is IOException or IndexOutOfRangeException)
            {
                wrong.Add($"{what}: {method} {Shown(target)} Host {Shown(host)}: no answer, {e.Message}");
                return;
            }

            if (!statuses.Contains(answer.Status) || answer.Text.Contains(Secret, StringComparison.Ordinal) || answer.Text.Contains("root:", StringComparison.Ordinal)
                || answer.Headers.ContainsKey("X-Injected") || answer.Headers.ContainsKey("Set-Cookie") || answer.Text.Contains("<script>alert", StringComparison.Ordinal)
                || answer.Text.Contains(program.Folder, StringComparison.Ordinal)
                || (answer is { Status: >= 400, Body.Length: > 0 } && !answer["Content-Type"].StartsWith("application/problem+json", StringComparison.Ordinal)))
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {method} {Shown(target)} Host {Shown(host)}: {answer.Status} {answer.Text[..Math.Min(200, answer.Text.Length)]}"));
            }

            rows.Add(string.Create(CultureInfo.InvariantCulture, $"| {what} | `{method} {Shown(target)}` | `{Shown(host)}` | {answer.Status} |"));
        }
    }

    private static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.Length > 80 ? text[..77] + "..." : text)
        {
            _ = c is < ' ' or > '~' ? shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}") : shown.Append(c == '|' ? "\\|" : c);
        }

        return shown.ToString();
    }

    private static async Task WriteDocsAsync(List<string> rows)
    {
        if (Environment.GetEnvironmentVariable("ISR_WRITE_DOCS") != "1")
        {
            return;
        }

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Isr.slnx")))
        {
            root = root.Parent;
        }

        string[] head =
        [
            "# Attempts over HTTP", "",
            "What `tests/Isr.Tests/Access/HttpAttemptsTests.cs` sends over a plain socket, byte for byte, and what the program answers. None gets at a file",
            "that is no recording, none puts a header into an answer. Written by that test with `ISR_WRITE_DOCS=1`.", "",
            "| attempt | request | host | answer |", "|---|---|---|---|",
        ];
        await File.WriteAllLinesAsync(Path.Combine(root.FullName, "docs", "http-attempts.md"), [.. head, .. rows]);
    }

    /// <summary>Open to this computer, with traps around its recordings.</summary>
    public sealed class OpenProgram : IAsyncLifetime
    {
        private readonly GuardedProgram _program = new() { HasPasswords = false };

        public int Port => _program.Port;

        public string Folder => _program.Folder;

        public string SecretPath => Path.Combine(Path.GetDirectoryName(Folder)!, "secret.wav");

        public async ValueTask InitializeAsync()
        {
            await _program.InitializeAsync();
            await File.WriteAllTextAsync(SecretPath, Secret);
            foreach (var name in (string[])[".hidden.wav", ".isr/inside.wav", "notes.txt"])
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, name))!);
                await File.WriteAllTextAsync(Path.Combine(Folder, name), Secret);
            }

            Directory.CreateDirectory(Path.Combine(Folder, "folder.wav"));
            File.CreateSymbolicLink(Path.Combine(Folder, "link-out.wav"), SecretPath);
            Directory.CreateSymbolicLink(Path.Combine(Folder, "folder-out"), Path.GetDirectoryName(SecretPath)!);
            var made = await Support.Processes.CheckAsync("mkfifo", [Path.Combine(Folder, "pipe.wav")]);
            Assert.Equal("", made.Errors);
        }

        public ValueTask DisposeAsync() => _program.DisposeAsync();
    }
}
