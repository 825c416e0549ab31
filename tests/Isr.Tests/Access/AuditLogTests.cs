using System.Text.Json;
using Isr.Access;
using Isr.Tests.Support;

namespace Isr.Tests.Access;

public sealed class AuditLogTests
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly CollectedLog<AuditLog> _log = new();

    [Fact]
    public void Each_thing_is_one_line_whatever_its_name()
    {
        using var directory = new TemporaryDirectory();
        var audit = new AuditLog(new AccessOptions(directory.Path), _time, _log);

        audit.Append(new AuditEntry("deleted", "manage, 127.0.0.1", "line\nfeed\u0000\u001b[2J\"\u2028.mp3"));
        audit.Append(new AuditEntry("cut", "token backup, 192.0.2.1", new string('x', 10_000), "0 s to 5 s"));

        var lines = File.ReadAllLines(directory.File("audit", "2026-05.jsonl"));
        Assert.Equal(2, lines.Length);
        using var first = JsonDocument.Parse(lines[0]);
        Assert.Equal("line\nfeed\u0000\u001b[2J\"\u2028.mp3", first.RootElement.GetProperty("name").GetString());
        Assert.Equal("2026-05-21T12:00:00+00:00", first.RootElement.GetProperty("at").GetString());
        Assert.Equal(["at", "who", "what", "name"], first.RootElement.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal);
        Assert.InRange(lines[1].Length, 4096, 4400);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Permissions.Of(directory.File("audit", "2026-05.jsonl")));
    }

    [Fact]
    public async Task Many_may_write_at_once_and_no_line_is_lost()
    {
        using var directory = new TemporaryDirectory();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            var audit = new AuditLog(new AccessOptions(directory.Path), _time, _log);
            for (var i = 0; i < 100; i++)
            {
                audit.Append(new AuditEntry("marked", $"{writer}", $"{i}"));
            }
        })));

        var lines = await File.ReadAllLinesAsync(directory.File("audit", "2026-05.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(400, lines.Select(line => JsonSerializer.Deserialize(line, AuditJson.Default.AuditLine)!).DistinctBy(line => (line.Who, line.Name)).Count());
    }

    [Fact]
    public void What_cannot_be_written_is_said_and_keeps_nobody_from_anything()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("audit"), "in the way");

        new AuditLog(new AccessOptions(directory.Path), _time, _log).Append(new AuditEntry("deleted", "manage"));

        Assert.StartsWith("Error: That somebody did \"deleted\" cannot be written down", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }
}
