using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog.Keeping;

[SideBySide]
public sealed class TrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task What_is_deleted_lies_in_the_trash_and_comes_back_as_it_was()
    {
        await using var kept = await KeptFolder.StartAsync("news/a b.mp3");
        var before = File.ReadAllBytes(kept.PathOf("news/a b.mp3"));
        var written = File.GetLastWriteTimeUtc(kept.PathOf("news/a b.mp3"));
        Directory.CreateDirectory(Path.Combine(kept.State, "levels", "news"));
        var levels = Path.Combine(kept.State, "levels", "news", "a b.mp3.levels");
        File.WriteAllText(levels, "");

        var (status, json) = await kept.AskAsync("DELETE", "/api/files/news%2Fa%20b.mp3");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"deleted":"news/a b.mp3"}""", json.GetRawText());
        Assert.False(File.Exists(kept.PathOf("news/a b.mp3")));
        Assert.False(File.Exists(levels));
        Assert.Empty((await kept.AskAsync("GET", "/api/files")).Json.EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await kept.AskAsync("DELETE", "/api/files/news/a%20b.mp3")).Status);

        var item = Assert.Single((await kept.AskAsync("GET", "/api/trash")).Json.EnumerateArray());
        Assert.Equal(("news/a b.mp3", before.Length), (item.GetProperty("name").GetString(), item.GetProperty("size").GetInt32()));

        Directory.Delete(kept.PathOf("news"));
        var restored = await kept.AskAsync("POST", "/api/trash/restore", """{"name": "news/a b.mp3"}""");
        Assert.Equal("""{"restored":"news/a b.mp3"}""", restored.Json.GetRawText());
        Assert.Equal(before, File.ReadAllBytes(kept.PathOf("news/a b.mp3")));
        Assert.Equal(written, File.GetLastWriteTimeUtc(kept.PathOf("news/a b.mp3")));
        Assert.Single((await kept.AskAsync("GET", "/api/files")).Json.EnumerateArray());
        Assert.Empty(Directory.GetFiles(kept.PathOf(".trash")));
        Assert.Equal(["FileDeleted", "FileRestored"], [.. kept.Journal.Select(e => e.GetType().Name)]);
    }

    [Fact]
    public async Task A_name_deleted_twice_is_two_items_and_a_place_that_is_taken_gives_another_name()
    {
        await using var kept = await KeptFolder.StartAsync("x.mp3");
        await kept.AskAsync("DELETE", "/api/files/x.mp3");
        File.WriteAllText(kept.PathOf("x.mp3"), "second");
        await kept.AskAsync("DELETE", "/api/files/x.mp3");
        File.WriteAllText(kept.PathOf("x.mp3"), "third");

        var items = (await kept.AskAsync("GET", "/api/trash")).Json.EnumerateArray().Select(i => i.GetProperty("id").GetString()).ToList();
        Assert.Equal(2, items.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("""{"restored":"x_2.mp3"}""", (await kept.AskAsync("POST", "/api/trash/restore", $$"""{"id": "{{items[1]}}"}""")).Json.GetRawText());
        Assert.Equal("""{"restored":"x_3.mp3"}""", (await kept.AskAsync("POST", "/api/trash/restore", """{"name": "x.mp3"}""")).Json.GetRawText());

        Assert.Equal(["third", "sound of x.mp3", "second"], [.. new[] { "x", "x_2", "x_3" }.Select(n => File.ReadAllText(kept.PathOf(n + ".mp3")))]);
    }

    [Fact]
    public async Task The_trash_is_emptied_one_by_one_or_as_a_whole()
    {
        await using var kept = await KeptFolder.StartAsync("a.mp3", "b.mp3", "c.mp3");
        foreach (var name in "abc")
        {
            await kept.AskAsync("DELETE", $"/api/files/{name}.mp3");
        }

        var id = (await kept.AskAsync("GET", "/api/trash")).Json[0].GetProperty("id").GetString();
        Assert.Equal("""{"purged":1,"bytes":14}""", (await kept.AskAsync("DELETE", $"/api/trash/{id}")).Json.GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await kept.AskAsync("DELETE", $"/api/trash/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await kept.AskAsync("DELETE", "/api/trash/..%2f..%2fx")).Status);
        Assert.Equal("""{"purged":2,"bytes":28}""", (await kept.AskAsync("DELETE", "/api/trash")).Json.GetRawText());

        Assert.Empty(Directory.GetFiles(kept.PathOf(".trash")));
        Assert.Equal(["c.mp3", "b.mp3", "a.mp3"], [.. kept.Journal.OfType<FilePurged>().Select(e => e.File)]);
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("null", 400)]
    [InlineData("{}", 400)]
    [InlineData("""{"id": "1", "name": "x.mp3"}""", 400)]
    [InlineData("""{"nmae": "x.mp3"}""", 400)]
    [InlineData("""{"id": "../../etc"}""", 404)]
    [InlineData("""{"name": "never.mp3"}""", 404)]
    public async Task A_wrong_restore_is_refused_with_a_sentence(string body, int status)
    {
        await using var kept = await KeptFolder.StartAsync();

        Assert.Equal(status, (int)(await kept.AskAsync("POST", "/api/trash/restore", body)).Status);
    }

    [Fact]
    public async Task Many_are_deleted_and_restored_at_once_and_each_is_refused_by_itself()
    {
        string[] odd = ["sub folder/x...mp3", "ünï 東京 🎙.mp3", "line\nfeed.mp3"];
        await using var kept = await KeptFolder.StartAsync(["a.mp3", "b.mp3", "kept.mp3", .. odd]);
        await kept.AskAsync("PUT", "/api/marks/m", """{"file": "kept.mp3", "protected": true}""");
        string[] wanted = ["a.mp3", "kept.mp3", "a.mp3", "../a.mp3", "none.mp3", "", .. odd];

        var (status, json) = await kept.AskAsync("POST", "/api/trash", JsonSerializer.Serialize(new { files = wanted }));

        Assert.Equal(HttpStatusCode.OK, status);
        string[] gone = ["a.mp3", .. odd];
        var deleted = json.GetProperty("deleted").EnumerateArray().Select(item => (Name: item.GetProperty("name").GetString()!, Id: item.GetProperty("id").GetString()!)).ToList();
        Assert.Equal(gone, deleted.Select(item => item.Name), StringComparer.Ordinal);
        Assert.Equal(["kept.mp3", "a.mp3", "../a.mp3", "none.mp3", ""], [.. json.GetProperty("refused").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)]);
        Assert.Contains("protected", json.GetProperty("refused")[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("b.mp3 kept.mp3", string.Join(' ', await ListedAsync(kept)));
        Assert.Equal(deleted.Order(), (await kept.AskAsync("GET", "/api/trash")).Json.EnumerateArray().Select(item => (item.GetProperty("name").GetString()!, item.GetProperty("id").GetString()!)).Order());

        File.WriteAllText(kept.PathOf("a.mp3"), "another");
        string[] ids = [deleted[0].Id, "never", deleted[0].Id, .. deleted.Skip(1).Select(item => item.Id)];
        (status, json) = await kept.AskAsync("POST", "/api/trash/restore", JsonSerializer.Serialize(new { ids }));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            deleted.Select(item => (item.Name == "a.mp3" ? "a_2.mp3" : item.Name, item.Id)),
            json.GetProperty("restored").EnumerateArray().Select(item => (item.GetProperty("name").GetString()!, item.GetProperty("id").GetString()!)));
        Assert.Equal(["never", deleted[0].Id], [.. json.GetProperty("refused").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)]);
        string[] there = ["a.mp3", "a_2.mp3", "b.mp3", "kept.mp3", .. odd];
        Assert.Equal(there.Order(StringComparer.Ordinal), await ListedAsync(kept), StringComparer.Ordinal);
        Assert.All(odd, name => Assert.Equal($"sound of {name}", File.ReadAllText(kept.PathOf(name))));
        Assert.Equal(gone, kept.Journal.OfType<FileDeleted>().Select(entry => entry.File), StringComparer.Ordinal);
        Assert.Equal(gone.Length, kept.Journal.OfType<FileRestored>().Count());
    }

    [Theory]
    [InlineData("/api/trash", "files")]
    [InlineData("/api/trash/restore", "ids")]
    public async Task A_list_that_is_none_or_too_long_is_refused_with_a_sentence(string target, string member)
    {
        await using var kept = await KeptFolder.StartAsync("a.mp3");

        foreach (var list in new[] { "null", "[]", "[null]", "\"a.mp3\"", "[1]", "{}", JsonSerializer.Serialize(Enumerable.Repeat("a.mp3", 1001)) })
        {
            Assert.Equal((list, HttpStatusCode.BadRequest), (list, (await kept.AskAsync("POST", target, $$"""{"{{member}}": {{list}}}""")).Status));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await kept.AskAsync("POST", target, "{")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await kept.AskAsync("POST", target, $$"""{"{{member}}": ["a.mp3"], "id": "x"}""")).Status);
        Assert.True(File.Exists(kept.PathOf("a.mp3")));
    }

    /// <summary>Says how long it takes.</summary>
    [Fact(Explicit = true)]
    public async Task A_thousand_go_and_come_back_in_seconds()
    {
        var names = Enumerable.Range(0, 1000).Select(i => $"{i % 10}/{i:0000}.mp3").ToArray();
        await using var kept = await KeptFolder.StartAsync(names);
        var began = TimeProvider.System.GetTimestamp();

        var (_, json) = await kept.AskAsync("POST", "/api/trash", JsonSerializer.Serialize(new { files = names }));
        var deleted = TimeProvider.System.GetElapsedTime(began);
        Assert.Empty(await ListedAsync(kept));
        var ids = json.GetProperty("deleted").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).ToList();
        began = TimeProvider.System.GetTimestamp();
        (_, json) = await kept.AskAsync("POST", "/api/trash/restore", JsonSerializer.Serialize(new { ids }));
        var restored = TimeProvider.System.GetElapsedTime(began);

        output.WriteLine($"deleted in {deleted.TotalSeconds:0.0} s, restored in {restored.TotalSeconds:0.0} s");
        Assert.Equal(1000, json.GetProperty("restored").GetArrayLength());
        Assert.Equal(names.Order(StringComparer.Ordinal), await ListedAsync(kept), StringComparer.Ordinal);
    }

    private static async Task<IEnumerable<string>> ListedAsync(KeptFolder kept) =>
        (await kept.AskAsync("GET", "/api/files")).Json.EnumerateArray().Select(item => item.GetProperty("name").GetString()!).Order(StringComparer.Ordinal);

    [Fact]
    public async Task A_description_that_leads_out_or_is_lost_or_whose_place_is_no_folder_does_no_harm()
    {
        await using var kept = await KeptFolder.StartAsync();
        Directory.CreateDirectory(kept.PathOf(".trash"));
        File.WriteAllText(kept.PathOf(".trash/lost.mp3"), "lost");
        foreach (var (id, name) in new[] { ("out", "../out.mp3"), ("state", ".isr/x.mp3"), ("file", "plain/x.mp3"), ("link", "way/x.mp3") })
        {
            File.WriteAllText(kept.PathOf($".trash/{id}.mp3"), id);
            File.WriteAllText(kept.PathOf($".trash/{id}.json"), JsonSerializer.Serialize(new { id = "other", name }));
        }

        File.WriteAllText(kept.PathOf("plain"), "");
        File.CreateSymbolicLink(kept.PathOf("way"), Path.GetTempPath());

        foreach (var id in new[] { "out", "state", "file", "link" })
        {
            Assert.Equal(HttpStatusCode.Conflict, (await kept.AskAsync("POST", "/api/trash/restore", $$"""{"id": "{{id}}"}""")).Status);
            Assert.True(File.Exists(kept.PathOf($".trash/{id}.mp3")));
        }

        Assert.Equal("""{"restored":"lost.mp3"}""", (await kept.AskAsync("POST", "/api/trash/restore", """{"id": "lost"}""")).Json.GetRawText());
    }

    [Fact]
    public async Task A_link_in_the_place_of_the_trash_lends_it_nobodys_files()
    {
        using var others = new TemporaryDirectory();
        File.WriteAllText(others.File("song.mp3"), "mine");
        File.WriteAllText(others.File("package.json"), "{}");
        await using var kept = await KeptFolder.StartAsync("x.mp3");
        Directory.CreateSymbolicLink(kept.PathOf(".trash"), others.Path);

        Assert.Empty((await kept.AskAsync("GET", "/api/trash")).Json.EnumerateArray());
        await kept.AskAsync("DELETE", "/api/trash");
        Assert.Equal(HttpStatusCode.NotFound, (await kept.AskAsync("POST", "/api/trash/restore", """{"id": "song"}""")).Status);
        var (status, json) = await kept.AskAsync("DELETE", "/api/files/x.mp3");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("is a link", json.GetProperty("error").GetString(), StringComparison.Ordinal);
        new Isr.Catalog.Keeping.TrashFolder(new(kept.Folder, kept.State), TimeProvider.System).Tidy();

        Assert.Equal(["package.json", "song.mp3"], [.. Directory.GetFiles(others.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]);
        Assert.True(File.Exists(kept.PathOf("x.mp3")));
    }

    [Fact]
    public async Task A_description_that_is_a_pipe_or_leads_to_a_device_holds_nobody_up()
    {
        await using var kept = await KeptFolder.StartAsync();
        Directory.CreateDirectory(kept.PathOf(".trash"));
        File.WriteAllText(kept.PathOf(".trash/a.mp3"), "a");
        File.WriteAllText(kept.PathOf(".trash/b.mp3"), "b");
        await Processes.CheckAsync("mkfifo", [kept.PathOf(".trash/a.json")]);
        File.CreateSymbolicLink(kept.PathOf(".trash/b.json"), "/dev/zero");

        var items = (await kept.AskAsync("GET", "/api/trash").WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Json;

        Assert.Equal(["a.mp3", "b.mp3"], [.. items.EnumerateArray().Select(i => i.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public async Task What_is_being_recorded_is_not_deleted_under_any_name()
    {
        await using var kept = await KeptFolder.StartAsync("sub/x.mp3", "free.mp3");
        File.CreateSymbolicLink(kept.PathOf("soft.mp3"), kept.PathOf("sub/x.mp3"));
        Assert.Equal(0, Link(kept.PathOf("sub/x.mp3"), kept.PathOf("hard.mp3")));
        File.WriteAllText(
            kept.PathOf("status.json"),
            JsonSerializer.Serialize(new { active = new[] { "sub/x.mp3" }, updated = TimeProvider.System.GetUtcNow(), pid = Environment.ProcessId }));

        foreach (var name in new[] { "sub/x.mp3", "sub%2Fx.mp3", "hard.mp3", "soft.mp3" })
        {
            Assert.Equal((name, 409), (name, (await RawHttp.AskAsync(kept.Page.Port, "DELETE", $"/api/files/{name}")).Status));
        }

        foreach (var name in new[] { "./sub/x.mp3", "sub//x.mp3", "sub/./x.mp3", "sub/../sub/x.mp3", "%2e/sub/x.mp3", "/sub/x.mp3", "..%2Frec%2Fsub%2Fx.mp3", ".isr/journal", "status.json", "", "nothing.mp3" })
        {
            var answer = await RawHttp.AskAsync(kept.Page.Port, "DELETE", $"/api/files/{name}");
            Assert.True(answer.Status is 404 or 405 || (answer.Status == 409 && name.Contains('.', StringComparison.Ordinal)), $"{name}: {answer.Status} {answer.Text}");
        }

        Assert.True(File.Exists(kept.PathOf("sub/x.mp3")));
        Assert.True(File.Exists(kept.PathOf("soft.mp3")));
        Assert.Equal(HttpStatusCode.OK, (await kept.AskAsync("DELETE", "/api/files/free.mp3")).Status);
        File.Delete(kept.PathOf("status.json"));

        // A link is never deleted through: what it leads to has a name of its own.
        Assert.Equal(HttpStatusCode.Conflict, (await kept.AskAsync("DELETE", "/api/files/soft.mp3")).Status);
        using var open = new FileStream(kept.PathOf("sub/x.mp3"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        Assert.Equal(HttpStatusCode.Conflict, (await kept.AskAsync("DELETE", "/api/files/hard.mp3")).Status);
    }

    [Fact]
    public async Task Every_odd_name_is_deleted_and_restored()
    {
        await using var kept = await KeptFolder.StartAsync(ServedFolder.OddNames);
        foreach (var name in ServedFolder.OddNames)
        {
            var (status, json) = await kept.AskAsync("DELETE", "/api/files/" + Uri.EscapeDataString(name));
            Assert.Equal((name, HttpStatusCode.OK), (json.GetProperty("deleted").GetString(), status));
            Assert.False(File.Exists(kept.PathOf(name)));
            Assert.Equal(name, (await kept.AskAsync("POST", "/api/trash/restore", JsonSerializer.Serialize(new { name }))).Json.GetProperty("restored").GetString());
            Assert.True(File.Exists(kept.PathOf(name)));

            // Its folders may also be the address's.
            var address = string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
            Assert.Equal((address, 200), (address, (await RawHttp.AskAsync(kept.Page.Port, "DELETE", "/api/files/" + address)).Status));
            Assert.False(File.Exists(kept.PathOf(name)));
        }
    }

    [Fact]
    public async Task Where_the_disk_may_not_be_written_each_change_is_refused_with_a_sentence()
    {
        using var directory = new TemporaryDirectory();
        await using var kept = new KeptFolder { State = directory.File("state") };
        await using var disk = await SmallDisk.MountAsync(kept.Folder, 1000);
        await using var other = await SmallDisk.MountAsync(kept.PathOf("other"), 1000);
        kept.Write("x.mp3");
        kept.Write("other/x.mp3");
        kept.Write("gone.mp3");
        await kept.BeginAsync();
        Assert.Equal(HttpStatusCode.OK, (await kept.AskAsync("DELETE", "/api/files/gone.mp3")).Status);
        var id = Assert.Single((await kept.AskAsync("GET", "/api/trash")).Json.EnumerateArray()).GetProperty("id").GetString();
        (string Method, string Target, string? Body)[] ofTrash =
            [("DELETE", "/api/trash", null), ("DELETE", $"/api/trash/{id}", null), ("POST", "/api/trash/restore", $$"""{"id": "{{id}}"}""")];
        (string Method, string Target, string? Body)[] ofMany =
            [("POST", "/api/trash", """{"files": ["x.mp3"]}"""), ("POST", "/api/trash/restore", $$"""{"ids": ["{{id}}"]}""")];
        (string Method, string Target, string? Body)[] ofMarks =
            [("PUT", "/api/marks/m", """{"file": "x.mp3"}"""), ("PUT", "/api/marks", """[{"id": "m", "file": "x.mp3"}]"""), ("DELETE", "/api/marks/m", null), ("PUT", "/api/labels", """["", "", "", "", "", "", "", "", ""]""")];

        // Its trash is out of reach.
        Assert.Equal(HttpStatusCode.Conflict, (await kept.AskAsync("DELETE", "/api/files/other/x.mp3")).Status);
        Assert.Equal(0, (await Processes.RunAsync("mount", ["-o", "remount,ro", kept.Folder])).ExitCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await kept.AskAsync("DELETE", "/api/files/x.mp3")).Status);
        await RefusedAsync(HttpStatusCode.Forbidden, ofTrash);
        foreach (var (method, target, body) in ofMany)
        {
            var refused = Assert.Single((await kept.AskAsync(method, target, body)).Json.GetProperty("refused").EnumerateArray());
            Assert.Contains("isr may not change this", refused.GetProperty("error").GetString(), StringComparison.Ordinal);
        }

        // Only marks are where nothing may be written.
        await using var marks = await SmallDisk.MountAsync(Path.Combine(kept.State, "marks"), 1000);
        Assert.Equal(HttpStatusCode.Created, (await kept.AskAsync("PUT", "/api/marks/m", """{"file": "x.mp3"}""")).Status);
        Assert.Equal(0, (await Processes.RunAsync("mount", ["-o", "remount,ro", marks.Path])).ExitCode);
        await RefusedAsync(HttpStatusCode.Forbidden, ofMarks);
        await kept.EndAsync();

        // Nor can anything be changed where the state directory is.
        kept.State = Path.Combine(kept.Folder, ".isr");
        await kept.BeginAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await kept.AskAsync("DELETE", "/api/files/x.mp3")).Status);
        await RefusedAsync(HttpStatusCode.ServiceUnavailable, [.. ofTrash, .. ofMany, .. ofMarks]);
        Assert.True(File.Exists(kept.PathOf("x.mp3")) && File.Exists(kept.PathOf("other/x.mp3")));
        Assert.True(File.Exists(kept.PathOf($".trash/{id}.mp3")));

        async Task RefusedAsync(HttpStatusCode status, IEnumerable<(string Method, string Target, string? Body)> changes)
        {
            foreach (var (method, target, body) in changes)
            {
                Assert.Equal((method, target, status), (method, target, (await kept.AskAsync(method, target, body)).Status));
            }
        }
    }

    [DllImport("libc", EntryPoint = "link", BestFitMapping = false)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
