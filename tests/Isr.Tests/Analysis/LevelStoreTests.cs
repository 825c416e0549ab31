using Isr.Analysis;
using Isr.Audio.Levels;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis;

public sealed class LevelStoreTests : IDisposable
{
    private static readonly DateTime s_modified = new(2026, 5, 23, 1, 2, 3, DateTimeKind.Utc);

    private readonly TemporaryDirectory _directory = new();
    private readonly LevelStore _store;

    public LevelStoreTests() => _store = new LevelStore(new AnalysisOptions(_directory.File("rec"), Levels));

    private string Levels => _directory.File("state", "levels");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("a.wav")]
    [InlineData("news/2026/a.wav")]
    [InlineData("back\\slash.wav")]
    [InlineData("line\nfeed \"quoted\" 'x' 100% #1.wav")]
    [InlineData("...wav")]
    [InlineData("..a/b..wav")]
    [InlineData("東京 🎙.wav")]
    public void Levels_are_read_as_they_were_written(string name)
    {
        Assert.True(_store.Write(name, 5, s_modified, TestLevels.Of(100, 64)));

        Assert.Equal([305u, 195u], _store.TryRead(name, 5, s_modified)!.Rms.ToArray());
        Assert.Equal((8000, 800, 1600L), _store.TryReadRms(name, 5, s_modified) is { } rms ? (rms.SampleRate, rms.WindowSamples, rms.Samples) : default);
        Assert.Equal([305u, 195u], _store.TryReadRms(name, 5, s_modified)!.Rms.ToArray());
        Assert.Equal(Path.Combine(Levels, name + ".levels"), Assert.Single(Directory.EnumerateFiles(Levels, "*", SearchOption.AllDirectories)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../a.wav")]
    [InlineData("a/../../b.wav")]
    [InlineData("a/./b.wav")]
    [InlineData("/etc/a.wav")]
    [InlineData("a//b.wav")]
    [InlineData("a/")]
    [InlineData("a\0b.wav")]
    public void A_name_that_leads_elsewhere_is_none(string name)
    {
        Assert.Null(_store.PathOf(name));
        Assert.Null(_store.TryRead(name, 5, s_modified));
        Assert.Null(_store.TryReadRms(name, 5, s_modified));
        Assert.Throws<ArgumentException>(() => _store.Write(name, 5, s_modified, TestLevels.Of(100)));
        Assert.False(Directory.Exists(Levels));
    }

    [Fact]
    public void Only_recordings_in_the_folder_have_a_name()
    {
        Assert.Equal("a/b.wav", _store.NameOf(_directory.File("rec", "a", "b.wav")));
        Assert.Equal("..b.wav", _store.NameOf(_directory.File("rec", "..b.wav")));
        Assert.Null(_store.NameOf(_directory.File("recorded", "b.wav")));
        Assert.Null(_store.NameOf(_directory.File("b.wav")));
        Assert.Null(_store.NameOf(_directory.File("rec")));
        Assert.Null(_store.NameOf("/elsewhere/b.wav"));
    }

    [Fact]
    public void Levels_of_other_bytes_are_none()
    {
        _store.Write("a.wav", 5, s_modified, TestLevels.Of(100));

        Assert.NotNull(_store.TryRead("a.wav", 5, s_modified));
        Assert.Null(_store.TryRead("a.wav", 6, s_modified));
        Assert.Null(_store.TryRead("a.wav", 5, s_modified.AddTicks(1)));
        Assert.Null(_store.TryReadRms("a.wav", 6, s_modified));
        Assert.Null(_store.TryRead("b.wav", 5, s_modified));
        Assert.Null(_store.TryReadRms("b.wav", 5, s_modified));
    }

    [Fact]
    public void Damaged_levels_are_none()
    {
        _store.Write("a.wav", 5, s_modified, TestLevels.Of(100, 200, 300));
        var path = Path.Combine(Levels, "a.wav.levels");
        var file = File.ReadAllBytes(path);
        for (var i = 0; i < file.Length; i++)
        {
            byte[] damaged = [.. file];
            damaged[i] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            Assert.Null(_store.TryRead("a.wav", 5, s_modified));
        }

        File.WriteAllBytes(path, file[..^1]);
        Assert.Null(_store.TryReadRms("a.wav", 5, s_modified));
        File.WriteAllBytes(path, []);
        Assert.Null(_store.TryRead("a.wav", 5, s_modified));
        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.Null(_store.TryRead("a.wav", 5, s_modified));
        Assert.Null(_store.TryReadRms("a.wav", 5, s_modified));
    }

    [Fact]
    public async Task A_reader_finds_the_old_levels_or_the_new_ones()
    {
        _store.Write("a.wav", 5, s_modified, TestLevels.Of(0));
        var writing = Task.Run(
            () =>
            {
                for (short i = 1; i <= 300; i++)
                {
                    _store.Write("a.wav", 5, s_modified, TestLevels.Of(Enumerable.Repeat(i, i)));
                }
            },
            TestContext.Current.CancellationToken);

        var last = 0;
        while (!writing.IsCompleted)
        {
            var levels = Assert.IsType<RecordingLevels>(_store.TryRead("a.wav", 5, s_modified));
            Assert.InRange(levels.Rms.Length, last, 300);
            last = levels.Rms.Length;
        }

        await writing;
        Assert.Single(Directory.EnumerateFileSystemEntries(Levels));
    }

    [Fact]
    public void A_name_too_long_for_the_disk_is_an_error_that_leaves_nothing()
    {
        Assert.True(_store.Write(new string('x', 244) + ".wav", 5, s_modified, TestLevels.Of(1)));
        Assert.ThrowsAny<IOException>(() => _store.Write(new string('y', 251) + ".wav", 5, s_modified, TestLevels.Of(1)));
        Assert.Single(Directory.EnumerateFileSystemEntries(Levels));
    }
}
