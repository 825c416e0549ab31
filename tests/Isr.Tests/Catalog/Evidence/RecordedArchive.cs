using Isr.Catalog.Evidence;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog.Evidence;

/// <summary>What the recorder has made of two sources in three minutes, over midnight, with a gap and a file out of the fallback; copied for each test.</summary>
public sealed class RecordedArchive : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _fallback = new();

    public async ValueTask InitializeAsync()
    {
        await using var harness = new RecordingHarness("2026-05-22T23:56:50Z");
        harness.Services.Journal.Append(new ProgramStarted("1", 1, "UTC", "synchronised"));
        var radio = harness.AddSource(await FrameSupplies.Mp3Async(), splitMinutes: 0.25);
        var odd = harness.AddSource(await FrameSupplies.Mp3Async(), "odd", splitMinutes: 0.5, harness.PathOf("ünï 東京"), "%H%M%S \"q\" #1 100%% ä");
        foreach (var source in new[] { radio, odd })
        {
            source.Connect();
            source.Play(70);
            source.Disconnect(Isr.Sources.ConnectionEnd.Stopped);
            harness.Advance(7);
            source.Connect();
            source.Play(20);
            harness.Services.Journal.Append(new TitleHeard(source.Monitor.Current.Name, harness.Now, "A title"));

            // The journal has the time at which it was told: before midnight the first source, behind it the other.
            await harness.WrittenAsync();
            await Wait.UntilAsync(
                () => harness.Entries<FileSealed>().Count == harness.Entries<FileClosed>().Count && harness.Entries<FileClosed>().Count > 4,
                TimeSpan.FromSeconds(20),
                "all that is closed is sealed");
            harness.Advance(40);
        }

        // As another disk would have it: recorded, hashed, and then moved to where it belongs.
        var elsewhere = Path.Combine(_fallback.Path, "20260523_000500.mp3");
        await File.WriteAllBytesAsync(elsewhere, await File.ReadAllBytesAsync(harness.Files()[0], TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        harness.Services.Ledger.Append(new FileOpened("radio", elsewhere, harness.Now, "Mpeg", 44100, 2, null));
        var isHashed = new TaskCompletionSource();
        harness.Services.Ledger.Closed(new FileClosed("radio", elsewhere, harness.Now.AddSeconds(1), 44100, new FileInfo(elsewhere).Length, "split"), elsewhere, isHashed.SetResult);
        await isHashed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Null(harness.Mover.TryMove(elsewhere, _fallback.Path, harness.Folder, () => false));
        radio.Play(16);
        await harness.FinishAsync();
        Copy(harness.Folder, _directory.File("rec"));
        Copy(harness.StateDirectory, _directory.File("rec", ".isr"));
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        _fallback.Dispose();
        return ValueTask.CompletedTask;
    }

    internal ArchiveCopy Copy()
    {
        var copy = new ArchiveCopy();
        Copy(_directory.File("rec"), copy.Folder);
        return copy;
    }

    private static void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}

/// <summary>One test's own.</summary>
internal sealed class ArchiveCopy : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public string Folder => _directory.File("rec");

    public string State => Path.Combine(Folder, ".isr");

    /// <summary>The day files, in their order.</summary>
    public IReadOnlyList<string> Days => JournalReader.Days(State);

    public List<JournalEntry> Journal => [.. Days.SelectMany(JournalReader.Read)];

    /// <summary>The recordings that have a hash, by their names now.</summary>
    public List<string> Sealed => [.. Journal.OfType<FileSealed>().Select(s => Journal.OfType<FileMoved>().LastOrDefault(m => m.File == s.File)?.To ?? s.File)];

    public string PathOf(string name) => Path.Combine(Folder, name);

    public EvidenceReport Verify(EvidenceRequest? request = null) =>
        new ArchiveVerifier(Folder, State, TimeProvider.System).Run(request ?? new EvidenceRequest(), _ => { }, TestContext.Current.CancellationToken);

    /// <summary>Has a day file's lines be others.</summary>
    public static void Rewrite(string day, Func<List<string>, IEnumerable<string>> change) =>
        File.WriteAllText(day, string.Concat(change([.. File.ReadAllText(day).Split('\n', StringSplitOptions.RemoveEmptyEntries)]).Select(line => line + "\n")));

    public void Dispose() => _directory.Dispose();
}
