using System.Net;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog.Keeping;

/// <summary>Somebody gives recordings other names, or moves them to other folders.</summary>
[SideBySide]
public sealed class RenameTests
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Marks_find_their_recordings_after_a_folder_was_renamed(bool isRecorder, bool isRunning)
    {
        await using var kept = await BeginAsync(isRecorder);
        await kept.AskAsync("PUT", "/api/marks/told", """{"file": "old/told.mp3", "start": 1, "end": 2, "label": "x"}""");
        await kept.AskAsync("PUT", "/api/marks/dropped", """{"file": "old/dropped.mp3", "start": 3, "end": 4, "protected": true}""");
        await kept.AskAsync("PUT", "/api/marks/other", """{"file": "other.mp3"}""");
        var levels = Path.Combine(kept.State, "levels");
        Directory.CreateDirectory(Path.Combine(levels, "old"));
        await File.WriteAllTextAsync(Path.Combine(levels, "old/told.mp3.levels"), "levels", TestContext.Current.CancellationToken);
        if (!isRunning)
        {
            await kept.EndAsync();
        }

        Directory.Move(kept.PathOf("old"), kept.PathOf("new"));
        if (!isRunning)
        {
            await kept.BeginAsync();
        }

        await UntilMarkedAsync(kept, "new/dropped.mp3", "dropped");
        await UntilMarkedAsync(kept, "new/told.mp3", "told");
        await Wait.UntilAsync(async () => await SourceAsync(kept, "new/told.mp3") == "news", s_patience, () => "the source is forgotten");
        Assert.Equal(HttpStatusCode.Conflict, (await kept.AskAsync("DELETE", "/api/files/new/dropped.mp3")).Status);
        Assert.Equal("other.mp3", (await kept.AskAsync("GET", "/api/marks/other")).Json.GetProperty("file").GetString());

        // What was measured goes with them.
        await Wait.UntilAsync(() => File.Exists(Path.Combine(levels, "new/told.mp3.levels")), s_patience, () => "its levels stayed behind");
        Assert.False(File.Exists(Path.Combine(levels, "old/told.mp3.levels")));

        // And on, and without the index.
        Directory.CreateDirectory(kept.PathOf("far/away"));
        File.Move(kept.PathOf("new/dropped.mp3"), kept.PathOf("far/away/dropped.mp3"));
        await UntilMarkedAsync(kept, "far/away/dropped.mp3", "dropped");
        await Wait.UntilAsync(() => kept.Journal.OfType<FileMoved>().Count() >= 3, s_patience, () => "the journal does not tell of it");
        await kept.EndAsync();
        File.Delete(Path.Combine(kept.State, "catalog.db"));
        await kept.BeginAsync();
        await UntilMarkedAsync(kept, "far/away/dropped.mp3", "dropped");
        await UntilMarkedAsync(kept, "new/told.mp3", "told");
        Assert.Equal("news", await SourceAsync(kept, "new/told.mp3"));
        Assert.Equal(3, (await kept.AskAsync("GET", "/api/marks")).Json.GetArrayLength());
    }

    [Fact]
    public async Task Another_recording_under_another_name_does_not_get_the_marks_of_one_that_went()
    {
        await using var kept = await BeginAsync(isRecorder: true);
        await kept.AskAsync("PUT", "/api/marks/m", """{"file": "old/dropped.mp3"}""");

        // Of the same length, and maybe with the number that has become free.
        File.Delete(kept.PathOf("old/dropped.mp3"));
        File.WriteAllText(kept.PathOf("old/another.mp3"), "sound_of old/dropped.mp3");
        await Wait.UntilAsync(async () => (await kept.AskAsync("GET", "/api/files?q=another")).Json.GetArrayLength() == 1, s_patience, () => "it is not listed");
        await Wait.UntilAsync(async () => (await kept.AskAsync("GET", "/api/files?q=dropped")).Json.GetArrayLength() == 0, s_patience, () => "it is still listed");

        Assert.Equal("old/dropped.mp3", (await kept.AskAsync("GET", "/api/marks/m")).Json.GetProperty("file").GetString());
        Assert.Empty(kept.Journal.OfType<FileMoved>());
    }

    [Fact]
    public async Task Whoever_listens_is_told_of_a_move_once()
    {
        await using var kept = await BeginAsync(isRecorder: true);
        using var events = await kept.SendAsync("GET", "/api/events", streamed: true);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        Directory.Move(kept.PathOf("old"), kept.PathOf("new"));
        var told = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            var moved = await EventLines.NextAsync(reader, "recording");
            Assert.Equal("moved", moved.GetProperty("kind").GetString());
            told.Add($"{moved.GetProperty("from").GetString()} {moved.GetProperty("name").GetString()}");
        }

        Assert.Equal(["old/dropped.mp3 new/dropped.mp3", "old/told.mp3 new/told.mp3"], [.. told.Order(StringComparer.Ordinal)!]);
        await Wait.UntilAsync(() => kept.Journal.OfType<FileMoved>().Count() == 2, s_patience, () => "the journal does not tell of it");
        File.Delete(kept.PathOf("other.mp3"));
        var next = await EventLines.NextAsync(reader, "recording");
        Assert.Equal(("removed", "other.mp3"), (next.GetProperty("kind").GetString(), next.GetProperty("name").GetString()));
    }

    /// <summary>One recording that the journal knows, and two that somebody laid there.</summary>
    private static async Task<KeptFolder> BeginAsync(bool isRecorder)
    {
        var kept = new KeptFolder { IsRecorder = isRecorder };
        foreach (var name in new[] { "old/told.mp3", "old/dropped.mp3", "other.mp3" })
        {
            kept.Write(name);
        }

        kept.Tell("old/told.mp3", "news", s_start, 100);
        await kept.BeginAsync();
        return kept;
    }

    private static async Task UntilMarkedAsync(KeptFolder kept, string name, string id) => await Wait.UntilAsync(
        async () => (await kept.AskAsync("GET", $"/api/marks?file={name}")).Json.EnumerateArray().Select(mark => mark.GetProperty("id").GetString()).SequenceEqual([id], StringComparer.Ordinal),
        s_patience,
        () => $"{name} has not its mark");

    private static async Task<string?> SourceAsync(KeptFolder kept, string name) =>
        (await kept.AskAsync("GET", "/api/files")).Json.EnumerateArray().Single(item => item.GetProperty("name").GetString() == name).GetProperty("source").GetString();
}
