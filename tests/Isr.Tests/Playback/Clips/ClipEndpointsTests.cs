using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Isr.Audio.Pcm;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Playback.Clips;

public sealed class ClipEndpointsTests(SampledFolder folder) : IClassFixture<SampledFolder>
{
    [Theory]
    [InlineData("wav.wav", 0)]
    [InlineData("flac.flac", 0)]
    [InlineData("oggflac.ogg", 0)]
    [InlineData("mp3.mp3", 1)]
    [InlineData("vbr.mp3", 1)]
    [InlineData("vorbis.ogg", 1)]
    [InlineData("opus.opus", 40)]
    [InlineData("aac.aac", 40)]
    public async Task A_clip_is_that_stretch_of_the_whole(string name, int tolerance)
    {
        var whole = await folder.DecodedAsync(name);
        var rate = name == "opus.opus" ? 48000 : SampledFolder.Rate;
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        (double, double)[] stretches = [(0, 0.5), (random.NextDouble() * 12, 13), (random.NextDouble() * 6, 6 + (random.NextDouble() * 6))];
        foreach (var (start, end) in stretches)
        {
            var answer = await ClipAsync(name, start, end);

            Assert.True(answer.Status == 200, answer.Text);
            var samples = SamplesOf(answer, rate, 2);
            var first = (int)Math.Round(start * rate);
            Assert.InRange(samples.Length / 2, (int)Math.Round(Math.Min(end, SampledFolder.Seconds) * rate) - first - (end < 13 ? 0 : 2000), (int)Math.Round(end * rate) - first);
            var expected = whole.AsSpan(2 * first, samples.Length);
            var worst = 0;
            for (var i = 0; i < samples.Length; i++)
            {
                worst = Math.Max(worst, Math.Abs(samples[i] - expected[i]));
            }

            Assert.True(worst <= tolerance, $"{name} from {start} to {end}, seed {seed}: {worst}");
        }
    }

    [Theory]
    [InlineData("deep.wav")]
    [InlineData("deep.flac")]
    [InlineData("float.wav")]
    public async Task More_bits_are_rounded_to_sixteen(string name)
    {
        var expected = new byte[folder.Deep.Samples.Length * 2];
        new SampleConversion(SampleFormat.S24Packed, 2, 0, 2, 16).Convert(folder.Deep.Bytes(3), expected);

        var answer = await ClipAsync(name, 1, 3);

        Assert.Equal(expected[(48000 * 4)..(3 * 48000 * 4)], answer.Body[44..]);
    }

    [Fact]
    public async Task What_lies_outside_is_cut_off_and_an_empty_or_wrong_range_refused()
    {
        var all = await ClipAsync("wav.wav", -5, 1000);
        Assert.Equal(folder.Sound.Bytes(2), all.Body[44..]);

        foreach (var range in (string[])["start=1", "end=1", "start=1&end=1", "start=2&end=1", "start=13&end=14", "start=-2&end=-1", "start=NaN&end=2", "start=0&end=NaN", "start=0&end=x", "start=&end=2", "start=Infinity&end=Infinity"])
        {
            (await folder.AskAsync($"/api/clip?file=flac.flac&{range}")).IsProblem(400);
        }

        (await folder.AskAsync("/api/clip?start=0&end=1")).IsProblem(400);
        (await folder.AskAsync("/api/clip?file=none.flac&start=0&end=1")).IsProblem(404);
        (await folder.AskAsync("/api/clip?file=../secret.flac&start=0&end=1")).IsProblem(404);
    }

    [Fact]
    public async Task What_cannot_be_decoded_is_said()
    {
        (await folder.AskAsync("/api/clip?file=text.mp3&start=0&end=1")).IsProblem(422);
    }

    [Fact]
    public async Task A_finished_recording_may_be_kept_and_is_asked_for_by_its_tag_and_in_parts()
    {
        var whole = await ClipAsync("mp3.mp3", 2, 4);
        Assert.Equal("private, max-age=86400", whole["Cache-Control"]);
        Assert.Equal("audio/wav", whole["Content-Type"]);

        var again = await folder.AskAsync("/api/clip?file=mp3.mp3&start=2&end=4", $"If-None-Match: {whole["ETag"]}");
        Assert.Equal(304, again.Status);
        Assert.Empty(again.Body);

        var open = await folder.AskAsync("/api/clip?file=mp3.mp3&start=2&end=4", "Range: bytes=0-");
        Assert.Equal(206, open.Status);
        Assert.Equal(whole.Body, open.Body);
        var part = await folder.AskAsync("/api/clip?file=mp3.mp3&start=2&end=4", "Range: bytes=1001-2000");
        Assert.Equal(whole.Body[1001..2001], part.Body);
        Assert.Equal(416, (await folder.AskAsync("/api/clip?file=mp3.mp3&start=2&end=4", "Range: bytes=99999999-")).Status);
    }

    [Fact]
    public async Task Head_says_all_but_the_samples()
    {
        const string Target = "/api/clip?file=flac.flac&start=1&end=2.5";
        var whole = await folder.AskAsync(Target);

        var head = await folder.HeadAsync(Target);
        var part = await folder.HeadAsync(Target, "Range: bytes=10-19");
        var known = await folder.HeadAsync(Target, $"If-None-Match: {whole["ETag"]}");

        Assert.Equal((200, 0), (head.Status, head.Body.Length));
        Assert.All(["Content-Length", "Content-Type", "ETag", "Cache-Control", "Accept-Ranges"], header => Assert.Equal((header, whole[header]), (header, head[header])));
        Assert.Equal((206, 0, "10"), (part.Status, part.Body.Length, part["Content-Length"]));
        Assert.Equal((304, 0), (known.Status, known.Body.Length));
        Assert.Equal(400, (await folder.HeadAsync("/api/clip?file=flac.flac&start=2&end=1")).Status);
        Assert.Equal(404, (await folder.HeadAsync("/api/clip?file=none.flac&start=1&end=2")).Status);
        Assert.Equal(422, (await folder.HeadAsync("/api/clip?file=text.mp3&start=1&end=2")).Status);
    }

    [Fact]
    public async Task Another_version_than_is_wanted_is_refused_with_a_sentence()
    {
        const string Target = "/api/clip?file=wav.wav&start=1&end=2.5";
        var tag = (await folder.AskAsync(Target))["ETag"];

        (await folder.AskAsync(Target, "If-Match: \"other\"", "Range: bytes=0-9")).IsProblem(412);
        Assert.Equal(200, (await folder.AskAsync(Target, $"If-Match: \"other\", {tag}")).Status);
        Assert.Equal(200, (await folder.AskAsync(Target, "If-Match: *")).Status);
    }

    [Fact]
    public async Task Long_clips_are_decoded_in_steps_without_a_seam()
    {
        var sound = TestSound.Make(8000, 1, 16, 640, seed: 5);
        await sound.FlacAsync(Path.Combine(folder.Folder, "long.flac"));

        var answer = await ClipAsync("long.flac", 3.5, 603.5);
        var tooLong = await ClipAsync("long.flac", 0, 600.01);

        Assert.Equal(sound.Bytes(2)[56000..(56000 + (600 * 16000))], answer.Body[44..]);
        tooLong.IsProblem(400);
    }

    [Theory]
    [InlineData("wav.wav")]
    [InlineData("flac.flac")]
    [InlineData("mp3.mp3")]
    [InlineData("vorbis.ogg")]
    public async Task Of_what_is_being_recorded_there_is_as_much_as_is_on_disk(string name)
    {
        var extension = Path.GetExtension(name);
        var growing = $"growing-{name}";
        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder.Folder, name), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder.Folder, growing), bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);
        folder.Record(growing);

        var answer = await ClipAsync(growing, 1, 13);

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal("", answer["ETag"]);
        var samples = SamplesOf(answer, SampledFolder.Rate, 2);
        Assert.InRange((double)samples.Length / 2 / SampledFolder.Rate, extension is ".wav" or ".mp3" ? 5 : 4, extension is ".wav" or ".mp3" ? 5.7 : 7);
        var whole = await folder.DecodedAsync(name);
        for (var i = 0; i < samples.Length - 4000; i++)
        {
            Assert.InRange(samples[i] - whole[(2 * SampledFolder.Rate) + i], -1, 1);
        }
    }

    [Fact]
    public async Task Hostile_files_cost_their_own_answer_alone()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        string[] names = ["flac.flac", "flac.flac", "flac.flac", "oggflac.ogg", "oggflac.ogg", "wav.wav", "mp3.mp3", "vorbis.ogg", "opus.opus", "aac.aac"];
        await Parallel.ForEachAsync(names.Index(), TestContext.Current.CancellationToken, async (item, cancellationToken) =>
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder.Folder, item.Item), cancellationToken);
            lock (random)
            {
                for (var i = 0; i < 1 + (bytes.Length / 200); i++)
                {
                    bytes[random.Next(random.Next(bytes.Length))] = (byte)random.Next(256);
                }
            }

            var name = $"hostile-{item.Index}-{item.Item}";
            await File.WriteAllBytesAsync(Path.Combine(folder.Folder, name), bytes, cancellationToken);
            var answer = await ClipAsync(name, 0, 3);
            Assert.True(answer.Status is 200 or 400 or 422, $"{name}, seed {seed}: {answer.Status}");
            if (answer.Status == 200)
            {
                Assert.True(answer["Content-Length"] == $"{answer.Body.Length}", $"{name}, seed {seed}");
            }
            else
            {
                answer.IsProblem(400, 422);
            }
        });

        Assert.Equal(200, (await ClipAsync("flac.flac", 0, 1)).Status);
    }

    private Task<RawAnswer> ClipAsync(string name, double start, double end) =>
        folder.AskAsync(string.Create(CultureInfo.InvariantCulture, $"/api/clip?file={name}&start={start:R}&end={end:R}"));

    private static short[] SamplesOf(RawAnswer answer, int rate, int channels)
    {
        var wav = answer.Body;
        Assert.Equal(answer["Content-Length"], $"{wav.Length}");
        Assert.True(wav.AsSpan().StartsWith("RIFF"u8));
        Assert.Equal(wav.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(4)));
        Assert.Equal((channels, rate, 16), (BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(22)), BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(24)), BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(34))));
        Assert.Equal(wav.Length - 44, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(40)));
        return MemoryMarshal.Cast<byte, short>(wav.AsSpan(44)).ToArray();
    }
}
