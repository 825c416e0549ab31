using System.Text.Json;
using Isr.Catalog;
using Isr.Recording.Journal;
using Isr.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Isr.Tests.Catalog;

public sealed class CatalogDatabaseTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 23, 10, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();

    private string Folder => _directory.File("rec");

    private string State => _directory.File("rec", ".isr");

    private string DatabasePath => _directory.File("rec", ".isr", "catalog.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Deleting_it_loses_nothing()
    {
        await MakeAsync();
        var before = await ListAsync();

        DeleteDatabase();
        var after = await ListAsync();

        Assert.True(File.Exists(DatabasePath));
        Assert.Equal(before, after);
        Assert.Contains("\"Source\":\"radio\"", before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_it_while_it_is_open_changes_no_answer()
    {
        await MakeAsync();
        await using var rig = Rig();
        var before = JsonSerializer.Serialize(await rig.ListAsync());

        DeleteDatabase();

        Assert.Equal(before, JsonSerializer.Serialize(await rig.ListAsync()));
    }

    [Fact]
    public async Task What_changed_while_the_program_was_off_is_found()
    {
        await MakeAsync();
        await ListAsync();
        File.Delete(Path.Combine(Folder, "20260523_100000.mp3"));
        File.Copy(Path.Combine(Folder, "deep/foreign.mp3"), Path.Combine(Folder, "deep/new.mp3"));
        File.Move(Path.Combine(Folder, "20260523_110000.mp3"), Path.Combine(Folder, "renamed.mp3"));
        await File.WriteAllBytesAsync(Path.Combine(Folder, "deep/foreign.mp3"), (await TestAudio.Mp3Async()).Bytes(0, 20), TestContext.Current.CancellationToken);
        var after = await ListAsync();

        DeleteDatabase();

        Assert.Equal(await ListAsync(), after);
        Assert.DoesNotContain("20260523_1", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_journal_says_while_the_program_was_off_is_taken_up()
    {
        await MakeAsync();
        await ListAsync();
        JournalFiles.Append(State, new StartCorrected("20260523_100000.mp3", s_start.AddMinutes(1)) { At = s_start.AddDays(1) });

        await using var rig = Rig();
        var listed = (await rig.ListAsync()).Single(i => i.Name == "20260523_100000.mp3");

        Assert.Equal(s_start.AddMinutes(1), listed.Started);
    }

    [Fact]
    public async Task An_older_version_is_brought_up_to_date_with_all_that_it_knew()
    {
        await MakeAsync();
        var expected = await ListAsync();
        DeleteDatabase();
        await ExecuteAsync($"{CatalogSchema.Step(1)} PRAGMA user_version = 1;");
        await ExecuteAsync(
            """
            INSERT INTO files VALUES ('old.mp3', 'OLD.MP3', '.mp3', 7, 8, 1, 9.5, 44100, 2, 10, NULL, NULL, '2026-01-01 00:00:00', NULL);
            INSERT INTO days VALUES ('2026-05-23.jsonl', 999999);
            """);

        await using var rig = Rig();
        Assert.Equal(9.5, rig.Database.FindFile("old.mp3")!.Duration.Seconds);
        Assert.Empty(rig.Database.JournalPositions());
        Assert.Equal(expected, JsonSerializer.Serialize(await rig.ListAsync()));
        Assert.Equal("radio", Assert.Single(rig.Coverage.Sources()));
    }

    [Fact]
    public async Task One_that_does_not_know_which_files_they_are_learns_it()
    {
        await MakeAsync();
        var expected = await ListAsync();
        await ExecuteAsync("UPDATE files SET inode = NULL;");

        await using var rig = Rig();
        Assert.Equal(expected, JsonSerializer.Serialize(await rig.ListAsync()));
        Assert.NotEmpty(rig.Database.KnownFiles());
        Assert.All(rig.Database.KnownFiles(), file => Assert.NotNull(file.Value.Trace.Inode));
    }

    [Fact]
    public async Task One_of_a_later_version_is_made_anew()
    {
        await MakeAsync();
        var expected = await ListAsync();
        await ExecuteAsync("PRAGMA user_version = 99; DROP TABLE files;");

        await using var rig = Rig();

        Assert.Equal(expected, JsonSerializer.Serialize(await rig.ListAsync()));
        Assert.Equal(1, rig.Log.Count("later version"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task A_damaged_one_is_made_anew(int from)
    {
        await MakeAsync();
        var expected = await ListAsync();
        var bytes = await File.ReadAllBytesAsync(DatabasePath, TestContext.Current.CancellationToken);
        bytes.AsSpan(from).Fill(0xA5);
        await File.WriteAllBytesAsync(DatabasePath, bytes, TestContext.Current.CancellationToken);

        await using (var rig = Rig())
        {
            // What the damage costs is found out and filled in again by the next look.
            await rig.ListAsync();
            Assert.Equal(expected, JsonSerializer.Serialize(await rig.ListAsync()));
            Assert.Equal(1, rig.Log.Count("is damaged"));
            Assert.False(rig.Database.IsInMemory);
        }

        Assert.Equal(expected, await ListAsync());
    }

    [Fact]
    public async Task Where_it_cannot_be_written_the_list_is_kept_in_memory()
    {
        await MakeAsync();
        var expected = await ListAsync();
        await File.WriteAllTextAsync(_directory.File("state"), "no folder", TestContext.Current.CancellationToken);
        JournalFiles.Append(_directory.File("other"));

        await using var rig = new CatalogRig(Folder, _directory.File("state"), TimeProvider.System, isKept: true);
        var listed = await rig.ListAsync();

        Assert.True(rig.Database.IsInMemory);
        Assert.Equal(1, rig.Log.Count("cannot be written"));
        Assert.Equal(expected.Split("\"Name\"").Length - 1, listed.Count);
    }

    [Fact]
    public async Task A_page_alone_begins_with_what_the_recorders_database_knows()
    {
        await MakeAsync();
        var expected = await ListAsync();
        var before = await File.ReadAllBytesAsync(DatabasePath, TestContext.Current.CancellationToken);

        await using var rig = new CatalogRig(Folder, State, TimeProvider.System);
        Assert.NotNull(rig.Database.FindFile("deep/foreign.mp3"));

        Assert.True(rig.Database.IsInMemory);
        Assert.Equal(expected, JsonSerializer.Serialize(await rig.ListAsync()));
        Assert.Equal(before, await File.ReadAllBytesAsync(DatabasePath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Lists_are_narrowed_by_any_text_without_harm()
    {
        await MakeAsync();
        await using var rig = Rig();
        Assert.Equal(2, (await rig.ListAsync(new FileFilter(Source: "radio"))).Count);
        Assert.Single(await rig.ListAsync(new FileFilter(Q: "FOREIGN")));
        Assert.Single(await rig.ListAsync(new FileFilter(Q: "ÜNÏ%_")));
        foreach (var text in new[] { "'", "\"", "%", "\\", "\0", "\ud800", "2026-05-23'; DROP TABLE files; --", new string('x', 100_000) })
        {
            await rig.ListAsync(new FileFilter(text, text, text, text, 1));
        }

        Assert.Equal(4, (await rig.ListAsync()).Count);
    }

    private async Task MakeAsync()
    {
        var sound = (await TestAudio.Mp3Async()).Bytes(0, 100);
        foreach (var name in new[] { "20260523_100000.mp3", "20260523_110000.mp3", "deep/foreign.mp3", "ünï%_.mp3" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, name))!);
            await File.WriteAllBytesAsync(Path.Combine(Folder, name), sound);
            File.SetLastWriteTimeUtc(Path.Combine(Folder, name), s_start.AddDays(-1).UtcDateTime);
        }

        JournalFiles.Append(
            State,
            new SourceConfigured("radio", "stream", []) { At = s_start },
            new FileOpened("radio", "20260523_100000.mp3", s_start, "Mpeg", 44100, 2, null) { At = s_start },
            new FileClosed("radio", "20260523_100000.mp3", s_start.AddHours(1), 44100 * 3600L, sound.Length, "split") { At = s_start.AddHours(1) },
            new FileOpened("radio", "20260523_110000.mp3", s_start.AddHours(1), "Mpeg", 44100, 2, null) { At = s_start.AddHours(1) });
    }

    private CatalogRig Rig() => new(Folder, State, TimeProvider.System, isKept: true);

    private async Task<string> ListAsync()
    {
        await using var rig = Rig();
        return JsonSerializer.Serialize(await rig.ListAsync());
    }

    private void DeleteDatabase()
    {
        foreach (var file in Directory.GetFiles(State, "catalog.db*"))
        {
            File.Delete(file);
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
