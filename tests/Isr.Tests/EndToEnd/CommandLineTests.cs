using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>What the built program answers to those who call it wrongly, and to those who only ask.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("run")]
    [InlineData("")]
    [InlineData("record")]
    [InlineData("web")]
    [InlineData("check")]
    public async Task Every_mistake_of_a_configuration_is_said_and_nothing_is_made(string command)
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("config.ini"), "[general]\nsplit_minutes = never\n[a]\ntype = stream\nurl = http://a/1\nformt = mp3\n[b]\ntype = streem\n", TestContext.Current.CancellationToken);

        var result = await IsrProcess.RunAsync(directory, command);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("config.ini:2: [general] split_minutes: ", result.All, StringComparison.Ordinal);
        Assert.Contains("config.ini:6: [a] formt: unknown key; did you mean format?", result.All, StringComparison.Ordinal);
        Assert.Contains("config.ini:8: [b] type: ", result.All, StringComparison.Ordinal);
        Assert.Equal("config.ini", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(directory.Path))));
    }

    [Theory]
    [InlineData("--threshold 5", "--threshold is now --margin")]
    [InlineData("web --threshold 0.1", "--threshold is now --margin")]
    [InlineData("run --host 0.0.0.0", "--no-auth")]
    [InlineData("--host :: ", "--no-auth")]
    [InlineData("--port 65536", "--port 65536 is no port")]
    [InlineData("--port abc", "abc")]
    [InlineData("demo --port -1", "--port -1 is no port")]
    [InlineData("record --port 80", "--port")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("--frobnicate", "--frobnicate")]
    [InlineData("--config other.ini", "other.ini")]
    [InlineData("", "config.ini")]
    [InlineData("check", "config.ini")]
    public async Task Wrong_use_is_2_with_a_sentence_and_makes_nothing(string arguments, string sentence)
    {
        using var directory = new TemporaryDirectory();

        var result = await IsrProcess.RunAsync(directory, arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(sentence, result.All, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    [Theory]
    [InlineData("--help", "record")]
    [InlineData("run --help", "--port")]
    [InlineData("record --help", "--config")]
    [InlineData("web --help", "--host")]
    [InlineData("check --help", "--probe")]
    [InlineData("demo --help", "--dir")]
    public async Task Every_command_explains_itself(string arguments, string word)
    {
        using var directory = new TemporaryDirectory();

        var result = await IsrProcess.RunAsync(directory, arguments);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(word, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_finds_no_mistake_and_makes_nothing()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("config.ini"), "[a]\ntype = stream\nurl = http://a/1\nmax_retries = 3\n", TestContext.Current.CancellationToken);

        var result = await IsrProcess.RunAsync(directory, "check");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"config.ini: 1 source, no mistake. Recordings go to {directory.File("recordings")}.", result.Text, StringComparison.Ordinal);
        Assert.Contains("max_retries", result.Text, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public async Task Probe_says_what_every_source_sends()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        await OddServers.MapAsync(server, burstSeconds: 3);
        await File.WriteAllTextAsync(
            directory.File("config.ini"),
            $"""
            [general]
            type = stream
            [good one]
            url = {server.Url("/v1.mp3")}
            [aac]
            url = {server.Url("/plain.aac")}
            [gone]
            url = {server.Url("/gone")}
            [ogg]
            url = {server.Url("/oggasmp3.mp3")}
            """,
            TestContext.Current.CancellationToken);

        var result = await IsrProcess.RunAsync(directory, "check --probe");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Listening to 4 streams for up to 5 s", result.Text, StringComparison.Ordinal);
        var lines = result.Text.Split('\n');
        Assert.Matches(@"^source +format +name +burst +state$", Assert.Single(lines, l => l.StartsWith("source", StringComparison.Ordinal)));
        Assert.Matches(@"^good one +MP3 128 kbit/s 44.1 kHz stereo +v1 +[23]\.\d s +ok$", Assert.Single(lines, l => l.StartsWith("good one", StringComparison.Ordinal)));
        Assert.Matches(@"^aac +AAC 1\d\d kbit/s 44.1 kHz stereo +- +[23]\.\d s +ok$", Assert.Single(lines, l => l.StartsWith("aac", StringComparison.Ordinal)));
        Assert.EndsWith("has no such stream now (404)", Assert.Single(lines, l => l.StartsWith("gone", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.EndsWith("which is not recorded yet", Assert.Single(lines, l => l.StartsWith("ogg", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_and_the_recorder_ends_in_order()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("config.ini"), "[a]\ntype = stream\nurl = http://127.0.0.1:1/x\n", TestContext.Current.CancellationToken);

        await using var process = IsrProcess.Start(directory, string.Create(CultureInfo.InvariantCulture, $"run --port {port}"));
        var result = await process.WaitAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"Port {port} on 127.0.0.1 is taken: choose another with --port.", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
        Assert.IsType<Isr.Recording.Journal.ProgramStopped>(process.Journal[^1]);
    }

    [Fact]
    public async Task An_address_that_is_not_this_computer_s_is_said()
    {
        using var directory = new TemporaryDirectory();

        var result = await IsrProcess.RunAsync(directory, "web --host 192.0.2.1 --port 0 --no-auth");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("192.0.2.1", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
    }
}
