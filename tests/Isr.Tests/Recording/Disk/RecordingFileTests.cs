using System.Buffers;
using Isr.Audio;
using Isr.Recording.Disk;
using Isr.Tests.Support;

namespace Isr.Tests.Recording.Disk;

/// <summary>The test is the disk's thread here: it drains when it likes.</summary>
public sealed class RecordingFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 12, 30, 0, TimeSpan.Zero));
    private readonly DiskBudget _budget = new(8 * 1024 * 1024);
    private readonly List<string> _opened = [];
    private readonly List<WrittenFile> _ended = [];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_growing_file_is_valid_after_every_drain()
    {
        var supply = await FrameSupplies.Mp3Async();
        var muxer = StreamFormats.CreateMuxer(supply(0).Format);
        var staging = new ArrayBufferWriter<byte>();
        var header = new byte[muxer.MaxHeaderBytes];
        var next = 0;

        // The first file of a connection begins with what was held, more than half a second; later ones with any
        // frame, but fewer than ten, lead-in included, neither ffmpeg nor mp3val believes to be MP3.
        foreach (var (name, counts) in new (string, int[])[] { ("first", [23, 1, 200, 38]), ("after a cut", [8, 1, 18, 200, 39]) })
        {
            var file = Create(name);
            Begin();
            foreach (var count in counts)
            {
                for (var i = 0; i < count; i++)
                {
                    Write();
                }

                var length = muxer.GetHeader(header, out var offset);
                Assert.True(file.TryCommit(staging.WrittenSpan, header.AsSpan(0, length), offset, next * 1152L));
                staging.ResetWrittenCount();
                Assert.True(file.Drain(_time));
                var frames = FrameSplitter.Mp3WithoutLeadIn(await File.ReadAllBytesAsync(_opened[^1], TestContext.Current.CancellationToken));
                Assert.True(frames[^1].Span.SequenceEqual(supply(next - 1).Data.Span));
                await AudioChecks.DecodesSilentlyAsync(_opened[^1]);
                await AudioChecks.PassesMp3valAsync(_opened[^1]);
            }

            file.Complete();
            Assert.True(file.TryClose());
        }

        Assert.Equal(["first.mp3", "after a cut.mp3"], _opened.ConvertAll(p => Path.GetFileName(p)));

        void Begin()
        {
            var first = supply(next);
            muxer.Begin(new FileFacts("radio", _time.GetUtcNow()), new AudioFrame(first.Data.Span, first.Samples, first.Format), staging);
        }

        void Write()
        {
            var frame = supply(next++);
            muxer.Write(new AudioFrame(frame.Data.Span, frame.Samples, frame.Format), staging);
        }
    }

    [Fact]
    public void It_is_not_made_before_there_is_something_to_write_nor_left_behind_empty()
    {
        var file = Create("a");
        Assert.False(file.Drain(_time));
        Assert.Empty(Directory.GetFiles(_directory.Path));

        file.Complete();
        Assert.True(file.TryClose());
        Assert.Empty(_opened);
        Assert.Equal(new WrittenFile(null, 0, 0, null), Assert.Single(_ended));
    }

    [Fact]
    public void What_is_committed_before_the_end_is_written_before_it_is_closed()
    {
        var file = Create("a");
        Commit(file, "one", 1);
        file.Drain(_time);
        Commit(file, "two", 2);
        file.Complete();
        Assert.False(file.TryClose());
        file.Drain(_time);
        Assert.True(file.TryClose());

        Assert.Equal("onetwo", File.ReadAllText(_opened[0]));
        Assert.Equal(new WrittenFile(_opened[0], 6, 2, null), Assert.Single(_ended));
    }

    [Fact]
    public void A_disk_that_does_not_answer_has_its_limit()
    {
        var file = Create("a");
        var second = new byte[40_000];
        var seconds = 0;
        while (file.TryCommit(second, [], 0, ++seconds))
        {
            Assert.Equal(seconds * second.Length, file.PendingBytes);
        }

        Assert.InRange(seconds, 61, 120);
        Assert.Equal("the disk is too slow: 3.0 MB of one file wait for it, and no more is kept", file.Failure);

        // What was taken is written all the same.
        file.Drain(_time);
        Assert.True(file.TryClose());
        Assert.Equal((seconds - 1) * (long)second.Length, new FileInfo(_opened[0]).Length);
        Assert.Equal(seconds - 1, _ended[0].Samples);
    }

    [Fact]
    public void A_file_that_was_deleted_is_missed_after_a_second()
    {
        var file = Create("deep/a");
        Commit(file, "one", 1);
        file.Drain(_time);
        Directory.Delete(_directory.File("deep"), recursive: true);
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Commit(file, "two", 2);
        file.Drain(_time);
        Assert.Null(file.Failure);

        _time.Advance(TimeSpan.FromSeconds(0.2));
        file.Drain(_time);
        Assert.EndsWith("vanished while it was recorded", file.Failure, StringComparison.Ordinal);
        Assert.False(file.TryCommit("three"u8, [], 0, 3));
    }

    [Fact]
    public void A_file_that_was_renamed_is_missed_after_five_seconds()
    {
        var file = Create("a");
        Commit(file, "one", 1);
        file.Drain(_time);
        File.Move(_opened[0], _directory.File("b"));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        file.Drain(_time);
        Assert.Null(file.Failure);

        File.WriteAllText(_opened[0], "another");
        _time.Advance(TimeSpan.FromSeconds(1));
        file.Drain(_time);
        Assert.EndsWith("vanished while it was recorded", file.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void All_files_together_have_their_limit_and_give_back_what_they_took()
    {
        var files = Enumerable.Range(0, 8).Select(i => Create($"{i}")).ToList();
        var block = new byte[1024 * 1024];
        var taken = files.TakeWhile(f => f.TryCommit(block, [], 0, 1) && f.TryCommit(block, [], 0, 2)).Count();

        Assert.InRange(taken, 3, 4);
        Assert.Matches("the disk is too slow: .* MB of all files wait in memory", files[taken].Failure!);
        foreach (var file in files)
        {
            file.Complete();
            file.Drain(_time);
            Assert.True(file.TryClose());
        }

        Assert.Equal(0, _budget.Taken);
        Assert.Equal(taken, _ended.Count(e => e is { Bytes: 2 * 1024 * 1024, Failure: null }));
    }

    [Fact]
    public void A_file_that_is_given_up_keeps_what_it_had_then()
    {
        var file = Create("a");
        Assert.True(file.TryCommit("one"u8, "O"u8, 0, 1));
        file.Drain(_time);
        Assert.True(file.TryCommit("two"u8, "T"u8, 0, 2));
        Assert.Equal(1, file.Abandon("too slow"));
        file.Drain(_time);
        Assert.False(file.TryCommit("three"u8, [], 0, 3));
        Assert.True(file.TryClose());

        Assert.Equal("One", File.ReadAllText(_opened[0]));
        Assert.Equal(new WrittenFile(_opened[0], 3, 1, "too slow"), Assert.Single(_ended));
        Assert.Equal(0, _budget.Taken);
    }

    [Fact]
    public async Task A_full_disk_leaves_whole_commits_alone_and_no_empty_file()
    {
        await using var disk = await SmallDisk.MountAsync(_directory.File("small"), 256);
        var first = Create("small/first");
        Commit(first, new string('1', 5000), 1);
        first.Drain(_time);
        disk.Fill();
        Commit(first, new string('2', 50_000), 2);
        first.Drain(_time);
        Assert.True(first.TryClose());
        var second = Create("small/second");
        Commit(second, new string('3', 50_000), 1);
        second.Drain(_time);
        Assert.True(second.TryClose());

        Assert.Equal(new string('1', 5000), await File.ReadAllTextAsync(_opened[0], TestContext.Current.CancellationToken));
        Assert.Equal((5000, 1), ((int)_ended[0].Bytes, (int)_ended[0].Samples));
        Assert.NotNull(_ended[0].Failure);
        Assert.Single(_opened);
        Assert.Null(_ended[1].Path);
        Assert.Equal(["ballast", "first.mp3"], [.. Directory.GetFiles(disk.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_a_failure_with_a_sentence()
    {
        File.WriteAllText(_directory.File("deep"), "in the way");
        var file = Create("deep/a");
        Commit(file, "one", 1);
        file.Drain(_time);

        Assert.Contains("deep", file.Failure, StringComparison.Ordinal);
        Assert.True(file.TryClose());
        Assert.Equal("in the way", File.ReadAllText(_directory.File("deep")));
    }

    private RecordingFile Create(string name) => new(_directory.Path, name, ".mp3", DiskBudget.UsualFileBytes, _budget, _opened.Add, _ended.Add);

    private static void Commit(RecordingFile file, string bytes, long samples) =>
        Assert.True(file.TryCommit(System.Text.Encoding.ASCII.GetBytes(bytes), [], 0, samples));
}
