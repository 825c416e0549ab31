using System.Buffers;
using System.Runtime.InteropServices;
using Isr.Analysis.Worker.Samples;
using Isr.Audio;
using Isr.Audio.Cutting;
using Isr.Playback.Cutting;
using Isr.Tests.Support;

namespace Isr.Tests.Playback.Cutting;

public sealed class FlacExactCutTests : IDisposable
{
    private static readonly FileFacts s_facts = new("news", new DateTimeOffset(2026, 5, 23, 22, 31, 30, TimeSpan.FromHours(2)));

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(44100, 2, 16, "")]
    [InlineData(48000, 1, 24, "--blocksize=1152")]
    [InlineData(96000, 6, 20, "--blocksize=4608")]
    [InlineData(11025, 3, 8, "--blocksize=192")]
    [InlineData(22050, 2, 12, "--lax --blocksize=16")]
    public async Task Decodes_to_exactly_the_stretch_and_passes_the_test_of_its_makers(int rate, int channels, int bits, string words)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var sound = TestSound.Make(rate, channels, bits, 3, seed);
        await sound.FlacAsync(_directory.File("whole.flac"), words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var file = Open("whole.flac");
        var total = (int)file.Samples;
        List<(int From, int To)> cuts = [(0, total), (0, 1), (total - 1, total), (1, total), (15, total - 5), (4608, 9216), (4607, 9217), (4600, 9200)];
        cuts.AddRange(Enumerable.Range(0, 2).Select(_ => random.Next(total - 1)).Select(from => (from, from + 1 + random.Next(total - from))));
        foreach (var (from, end) in cuts)
        {
            var to = Math.Min(end, total);
            var message = $"{from} to {to} of {total}, seed {seed}";
            var made = await MakeAsync([new CutStretch(file, from, to)], $"{from}-{to}.flac");

            Assert.True(made.Samples == to - from, message);
        }

        var ranges = cuts.ConvertAll(cut => (cut.From, To: Math.Min(cut.To, total)));
        var names = ranges.ConvertAll(range => $"{range.From}-{range.To}.flac");
        var test = await Processes.RunAsync("flac", ["-t", "-s", .. names.Select(name => _directory.File(name))]);
        Assert.True(test.ExitCode == 0, $"seed {seed}: {test.All}");
        foreach (var ((from, to), decoded) in ranges.Zip(await DecodeAsync(names, sound)))
        {
            Assert.True(
                decoded.AsSpan().SequenceEqual(sound.Samples.AsSpan(from * channels, (to - from) * channels)), $"{from} to {to} of {total}, seed {seed}");
        }
    }

    [Fact]
    public async Task Stretches_of_several_recordings_follow_on_one_another()
    {
        var (before, behind) = (TestSound.Make(44100, 2, 16, 1, seed: 1), TestSound.Make(44100, 2, 16, 1, seed: 2));
        await before.FlacAsync(_directory.File("1.flac"));
        await behind.FlacAsync(_directory.File("2.flac"));

        var made = await MakeAsync([new CutStretch(Open("1.flac"), 20_000, 44100), new CutStretch(Open("2.flac"), 0, 30_001)], "joined.flac");

        Assert.Equal(24_100 + 30_001, made.Samples);
        await Processes.CheckAsync("flac", ["-t", "-s", _directory.File("joined.flac")]);
        int[] expected = [.. before.Samples[40_000..], .. behind.Samples[..60_002]];
        Assert.Equal(expected, (await DecodeAsync(["joined.flac"], before))[0]);
    }

    private CodedFile Open(string name)
    {
        var bytes = File.ReadAllBytes(_directory.File(name));
        var file = CodedFile.TryOpen(
            (offset, destination) =>
            {
                var count = (int)Math.Clamp(bytes.Length - offset, 0, destination.Length);
                bytes.AsSpan((int)offset, count).CopyTo(destination);
                return count;
            },
            bytes.Length,
            ".flac",
            null,
            out var sentence);
        return Assert.IsType<CodedFile>(file, exactMatch: false);
    }

    private async Task<CutFile> MakeAsync(CutStretch[] stretches, string name)
    {
        var made = await FlacExactCut.TryMakeAsync(stretches, s_facts, SamplePiece.DecodeAsync, TestContext.Current.CancellationToken);
        Assert.NotNull(made);
        made.Measure(TestContext.Current.CancellationToken);
        var bytes = new ArrayBufferWriter<byte>();
        while (made.TryWrite(bytes))
        {
        }

        Assert.Equal(made.Length, bytes.WrittenCount);
        await File.WriteAllBytesAsync(_directory.File(name), bytes.WrittenMemory, TestContext.Current.CancellationToken);
        return made;
    }

    private async Task<List<int[]>> DecodeAsync(List<string> names, TestSound sound)
    {
        // At full scale of 32 bits, whatever the file has.
        var raw = await AudioChecks.DecodeRawAsync(names.ConvertAll(name => _directory.File(name)), "s32le");
        return raw.ConvertAll(bytes => MemoryMarshal.Cast<byte, int>(bytes).ToArray().Select(sample => sample >> (32 - sound.Bits)).ToArray());
    }
}
