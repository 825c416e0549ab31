using Isr.Catalog;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog;

public sealed class RecordingScanTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Folder => _directory.File("recordings");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_audio_extension_counts_in_any_case_and_nothing_else()
    {
        Make("a.mp3", "b.AAC", "c.ogg", "d.oga", "e.opus", "f.flac", "g.Wav", "h.mp4", "i.txt", "mp3", "status.json", "j.mp3.part", "deep/down/k.mp3");

        Assert.Equal(["a.mp3", "b.AAC", "c.ogg", "d.oga", "deep/down/k.mp3", "e.opus", "f.flac", "g.Wav"], Names());
        Assert.Equal(".aac", RecordingScan.Files(Folder).Single(f => f.Name == "b.AAC").Extension);
    }

    [Fact]
    public void What_is_hidden_is_none()
    {
        Make(".a.mp3", ".hidden/b.mp3", ".isr/c.mp3", ".mp3", "d.mp3");

        Assert.Equal(["d.mp3"], Names());
    }

    [Fact]
    public void A_folder_named_like_audio_is_none_but_may_hold_some()
    {
        Make("a.mp3/b.mp3");
        Directory.CreateDirectory(Path.Combine(Folder, "c.flac"));

        Assert.Equal(["a.mp3/b.mp3"], Names());
    }

    [Fact]
    public void Names_may_hold_anything_that_a_file_system_takes()
    {
        string[] names = ["a\nb.mp3", "a\"b'.mp3", "a\\b.mp3", "ä ö/ü%20?#&.mp3", "\u202e3pm.mp3", "..a.mp3x.mp3"];
        Make(names);

        Assert.Equal([.. names.Where(n => n[0] != '.').Order(StringComparer.Ordinal)], Names());
    }

    [Fact]
    public void A_link_counts_where_it_leads_to_a_file_inside()
    {
        Make("a.mp3", "deep/b.mp3");
        Link("relative.mp3", "deep/b.mp3");
        Link("absolute.mp3", Path.Combine(Folder, "a.mp3"));
        Link("deep/up.mp3", "../a.mp3");
        Link("twice.mp3", "relative.mp3");

        Assert.Equal(["a.mp3", "absolute.mp3", "deep/b.mp3", "deep/up.mp3", "relative.mp3", "twice.mp3"], Names());
        Assert.Equal("deep/b.mp3".Length, RecordingScan.Files(Folder).Single(f => f.Name == "twice.mp3").Size);
    }

    [Fact]
    public void A_link_that_leads_outside_is_none_however_it_gets_there()
    {
        Make("a.mp3");
        Directory.CreateDirectory(_directory.File("outside", "deep"));
        Directory.CreateDirectory(_directory.File("recordings-too"));
        File.WriteAllText(_directory.File("outside", "secret.mp3"), "secret");
        File.WriteAllText(_directory.File("outside", "a.mp3"), "secret");
        File.WriteAllText(_directory.File("recordings-too", "secret.mp3"), "secret");
        Link("absolute.mp3", _directory.File("outside", "secret.mp3"));
        Link("relative.mp3", "../outside/secret.mp3");
        Link("sibling.mp3", "../recordings-too/secret.mp3");
        Link("twice.mp3", "relative.mp3");
        Link("folder", "../outside");
        Link("by-folder.mp3", "folder/secret.mp3");
        Link("deep", "../outside/deep");
        // Read letter by letter this is a.mp3; the kernel goes by the folder's link.
        Link("dots.mp3", "deep/../a.mp3");
        Link("device.mp3", "/dev/zero");
        Link("nowhere.mp3", "nothing.mp3");
        Link("itself.mp3", "itself.mp3");
        Link("folder.mp3", ".");
        Make(".isr/passwords.mp3", "notes.txt");
        Link("hidden.mp3", ".isr/passwords.mp3");
        Link("text.mp3", "notes.txt");

        Assert.Equal(["a.mp3"], Names());
    }

    [Fact]
    public void A_recordings_folder_that_is_reached_by_a_link_is_as_good()
    {
        Make("a.mp3");
        Link("inside.mp3", "a.mp3");
        File.CreateSymbolicLink(Path.Combine(Folder, "absolute.mp3"), Path.Combine(Folder, "a.mp3"));
        File.CreateSymbolicLink(_directory.File("link"), Folder);

        Assert.Equal(["a.mp3", "absolute.mp3", "inside.mp3"], RecordingScan.Files(_directory.File("link")).Select(f => f.Name).Order(StringComparer.Ordinal).ToList());
    }

    [Fact]
    public async Task A_pipe_or_socket_is_none()
    {
        Make("a.mp3", "empty.mp3");
        await Processes.CheckAsync("mkfifo", [Path.Combine(Folder, "pipe.mp3")]);
        await File.WriteAllBytesAsync(Path.Combine(Folder, "empty.mp3"), [], TestContext.Current.CancellationToken);
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(Folder, "socket.mp3")));

        Assert.Equal(["a.mp3", "empty.mp3"], Names());
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_passed_over()
    {
        Make("a.mp3");
        // Latin-1: no valid UTF-8.
        await Processes.CheckAsync("sh", ["-c", $"touch '{Folder}'/\"$(printf 'b\\344.mp3')\""]);
        var names = Names();
        var count = Directory.GetFiles(Folder).Length;
        await Processes.CheckAsync("rm", ["-r", Folder]);

        Assert.Equal(2, count);
        Assert.Equal(["a.mp3"], names);
    }

    [Fact]
    public void A_folder_that_is_not_there_holds_nothing() => Assert.Empty(RecordingScan.Files(_directory.File("none")));

    private List<string> Names() => [.. RecordingScan.Files(Folder).Select(f => f.Name).Order(StringComparer.Ordinal)];

    private void Make(params string[] names)
    {
        foreach (var name in names)
        {
            var path = Path.Combine(Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, name);
        }
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(Folder, name), target);
}
