using System.Text.Json;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>What the built program proves of what it has recorded.</summary>
[SideBySide]
public sealed class VerifyCommandTests(LiveStation station)
{
    private const string OddName = "an \"odd\"\nname #1 ü.mp3";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Recordings_are_proven_through_a_kill_a_rename_and_the_trash_beside_the_recorder_and_on_a_copy()
    {
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("live", await station.UrlAsync()));
        await using (var killed = IsrProgram.Start(folder, ["record"]))
        {
            await killed.UntilRecordingAsync(folder);
            await Wait.UntilAsync(() => folder.Entries<FileOpened>().Count == 1, s_patience, "the file is in the journal");
            killed.Kill();
            await killed.WaitAsync(s_patience);
        }

        var leftOpen = await VerifyAsync(folder);
        Assert.Equal((0, 1), (leftOpen.Code, leftOpen.Count("unfinished")));
        await using (var second = IsrProgram.Start(folder, ["record"]))
        {
            await second.UntilRecordingAsync(folder, files: 2);
            await Wait.UntilAsync(() => folder.Entries<FileSealed>().Count == 1, s_patience, () => second.Errors);
            await second.EndAsync(Signal.Terminate);
        }

        string moved, deleted;
        await using (var third = IsrProgram.Start(folder, ["run"], withPage: true))
        {
            await third.UntilServingAsync();
            await third.UntilRecordingAsync(folder, files: 3);
            (deleted, moved) = (folder.Entries<FileOpened>()[0].File, folder.Entries<FileOpened>()[1].File);
            await third.UntilListedAsync(Path.GetFileName(moved));
            using var answer = await third.Http.DeleteAsync(new Uri($"/api/files/{deleted}", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode);
            File.Move(Path.Combine(folder.Recordings, moved), Path.Combine(folder.Recordings, "live", OddName));
            await Wait.UntilAsync(() => folder.Entries<FileMoved>().Count == 1, s_patience, () => third.Errors);
            var beside = await VerifyAsync(folder);
            Assert.True(beside.Code == 0, beside.All);
            Assert.Equal((2, 1, 1), (beside.Count("proven"), beside.Count("in_trash"), beside.Count("recording")));
            await third.EndAsync(Signal.Terminate);
        }

        var whole = await VerifyAsync(folder);
        Assert.True(whole.Code == 0, whole.All);
        Assert.Equal((3, 3), (whole.Count("proven"), whole.Count("known")));

        var head = (await IsrProgram.RunAsync(folder, "verify", "--print-head")).Text.Split(' ')[0];
        Assert.Equal(folder.Entries<FileSealed>()[^1].Chain, head);
        Assert.Equal(0, (await IsrProgram.RunAsync(folder, "verify", "--head", head)).ExitCode);
        Assert.Equal(1, (await IsrProgram.RunAsync(folder, "verify", "--head", new string('0', 64), "--quick")).ExitCode);
        var unknown = await IsrProgram.RunAsync(folder, "verify", "--source", "radio");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("knows no source radio. It knows: live.", unknown.Errors, StringComparison.Ordinal);

        // As on another computer: nothing but the folder, and nothing may be written.
        var copy = folder.File("copy");
        Assert.Equal(0, (await Processes.RunAsync("cp", ["-a", folder.Recordings, copy])).ExitCode);
        var before = Listing(copy);
        File.Delete(folder.Config);
        var copied = await IsrProgram.RunAsync(folder, "verify", "--dir", copy);
        Assert.True(copied.ExitCode == 0, copied.All);
        Assert.Equal(before, Listing(copy));

        var odd = Path.Combine(copy, "live", OddName);
        var bytes = await File.ReadAllBytesAsync(odd, TestContext.Current.CancellationToken);
        bytes[^100] ^= 4;
        await File.WriteAllBytesAsync(odd, bytes, TestContext.Current.CancellationToken);
        File.Delete(Directory.GetFiles(Path.Combine(copy, ".trash"), "*.mp3").Single());
        var damaged = await IsrProgram.RunAsync(folder, "verify", "--dir", copy);
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains("FAULT  changed: live/an \"odd\"\\nname #1 ü.mp3 has other bytes", damaged.Text, StringComparison.Ordinal);
        Assert.Contains($"FAULT  missing: {deleted} is missing from the trash", damaged.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no journal")]
    [InlineData("--from and --to", "--from", "yesterday")]
    [InlineData("--from must lie before --to", "--from", "2026-05-24", "--to", "2026-05-23")]
    [InlineData("--head takes", "--head", "12345")]
    [InlineData("--nonsense", "--nonsense")]
    public async Task Wrong_use_ends_it_with_a_sentence(string sentence, params string[] words)
    {
        using var folder = new ProgramFolder();

        var result = await IsrProgram.RunAsync(folder, ["verify", "--dir", folder.Recordings, .. words]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(sentence, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_off_it_says_how_far_it_came()
    {
        // Holes take no room, and long to read.
        const long Bytes = 1L << 40;
        var at = new DateTimeOffset(2026, 5, 23, 10, 0, 0, TimeSpan.Zero);
        var hash = new string('0', 64);
        using var folder = new ProgramFolder();
        Directory.CreateDirectory(folder.Recordings);
        using (var file = File.OpenHandle(Path.Combine(folder.Recordings, "a.flac"), FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.SetLength(file, Bytes);
        }

        JournalFiles.Append(
            folder.StateDirectory,
            new FileOpened("radio", "a.flac", at, "Flac", 44100, 2, null) { At = at },
            new FileClosed("radio", "a.flac", at.AddHours(1), 44100, Bytes, "split") { At = at },
            new FileSealed("a.flac", hash, FileSealer.Next("", "a.flac", hash)) { At = at });
        await using var program = IsrProgram.Start(folder, ["verify", "--dir", folder.Recordings]);
        await Wait.UntilAsync(() => ReadBytes(program.Id) > 100_000_000, s_patience, () => program.Errors);

        var (result, _) = await program.EndAsync(Signal.Interrupt);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Stopped after 0 of 1 file: nothing is said of the rest.", result.Text, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string All, Func<string, int> Count)> VerifyAsync(ProgramFolder folder)
    {
        var result = await IsrProgram.RunAsync(folder, "verify", "--json");
        var files = JsonDocument.Parse(result.Text).RootElement.GetProperty("files");
        return (result.ExitCode, result.All, name => files.GetProperty(name).GetInt32());
    }

    private static List<string> Listing(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(info => $"{info.FullName} {info.LastWriteTimeUtc:O} {(info as FileInfo)?.Length}").Order(StringComparer.Ordinal)];

    /// <summary>What the process has read so far (proc_pid_io(5)).</summary>
    private static long ReadBytes(int process) => long.Parse(File.ReadLines($"/proc/{process}/io").First()["rchar: ".Length..], System.Globalization.CultureInfo.InvariantCulture);
}
