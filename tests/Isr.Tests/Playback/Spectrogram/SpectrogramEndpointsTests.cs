using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Playback.Spectrogram;

public sealed class SpectrogramEndpointsTests(SampledFolder folder) : IClassFixture<SampledFolder>
{
    [Theory]
    [InlineData("s16", "wav", 48_000, 2)]
    [InlineData("s24", "flac", 48_000, 2)]
    [InlineData("s16", "flac", 8_000, 1)]
    [InlineData("mp3", "mp3", 44_100, 2)]
    [InlineData("vorbis", "ogg", 48_000, 1)]
    public async Task A_sine_is_seen_where_and_as_loud_as_it_is(string coding, string extension, int rate, int channels)
    {
        // Three seconds of silence, then a tone of -20 dB.
        var name = $"sine-{coding}-{rate}.{extension}";
        var codec = coding switch { "s16" when extension == "wav" => "-c:a pcm_s16le", "s16" => "-c:a flac -sample_fmt s16", "s24" => "-c:a flac -sample_fmt s32", "mp3" => "-c:a libmp3lame -b:a 192k", _ => "-c:a libvorbis -q:a 6" };
        await Processes.CheckAsync(
            "ffmpeg",
            [
                "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", $"aevalsrc=exprs='0.1*gte(t,3)*sin(2*PI*1000*t)':s={rate}:d=6", "-ac", $"{channels}", "-af", $"pan={(channels == 1 ? "mono|c0=c0" : "stereo|c0=c0|c1=c0")}",
                .. codec.Split(' '), Path.Combine(folder.Folder, name),
            ]);

        var picture = await SeenAsync($"file={name}&start=1&end=5&columns=40&bins=128");

        Assert.Equal((40, 128, rate, 1.0, 5.0), (picture.Columns, picture.Rows, picture.SampleRate, picture.From, picture.To));
        var row = (int)(1000 / (rate / 2.0) * 128);
        for (var column = 0; column < 40; column++)
        {
            var levels = picture.LevelsOf(column);
            if (column is < 18 or > 21)
            {
                Assert.True(column < 20 ? levels.Max() < 2 * (127.5 - 80) : levels[row] / 2.0 is > 127.5 - 21.6 and < 127.5 - 19.4, $"{name}, column {column}: {levels[row] / 2.0 - 127.5}");
                Assert.InRange(picture.Maximum[column] / 32768.0, column < 20 ? 0 : 0.097, column < 20 ? 0.001 : 0.104);
                Assert.InRange(picture.Minimum[column] / 32768.0, column < 20 ? -0.001 : -0.104, column < 20 ? 0 : -0.097);
            }
        }
    }

    [Fact]
    public async Task Pictures_side_by_side_are_one()
    {
        var whole = await SeenAsync("file=flac.flac&start=2&end=6&columns=400");
        var (left, right) = (await SeenAsync("file=flac.flac&start=2&end=4&columns=200"), await SeenAsync("file=flac.flac&start=4&end=6&columns=200"));

        Assert.Equal(whole.Levels.AsEnumerable(), left.Levels.Concat(right.Levels));
        Assert.Equal(whole.Minimum.AsEnumerable(), left.Minimum.Concat(right.Minimum));
        Assert.Equal(whole.Maximum.AsEnumerable(), left.Maximum.Concat(right.Maximum));
    }

    [Fact]
    public async Task The_waveform_is_that_of_the_samples()
    {
        var picture = await SeenAsync("file=wav.wav&start=3&end=3.05&columns=1000&bins=16");

        var samples = MemoryMarshal.Cast<byte, short>(folder.Sound.Bytes(2));
        for (var column = 0; column < 1000; column++)
        {
            var (first, end) = (column * 2205 / 1000, (column + 1) * 2205 / 1000);
            var own = samples[(2 * ((3 * SampledFolder.Rate) + first))..(2 * ((3 * SampledFolder.Rate) + end))].ToArray();
            Assert.Equal((own.Min(), own.Max()), (picture.Minimum[column], picture.Maximum[column]));
        }
    }

    [Fact]
    public async Task What_lies_outside_is_cut_off_and_what_is_wrong_refused_with_a_sentence()
    {
        var picture = await SeenAsync("file=wav.wav&start=-5&end=1000&columns=33&bins=17");
        Assert.Equal((0, SampledFolder.Seconds, 33 * 17), (picture.From, picture.To, picture.Levels.Length));

        foreach (var query in (string[])[
            "start=1", "end=1", "start=1&end=1", "start=2&end=1", "start=13&end=14", "start=NaN&end=2", "start=0&end=x", "start=-1e308&end=-1e307", "start=0&end=Infinity",
            "start=0&end=1&columns=0", "start=0&end=1&columns=-1", "start=0&end=1&columns=4097", "start=0&end=1&columns=x", "start=0&end=1&columns=99999999999", "start=0&end=1&bins=15", "start=0&end=1&bins=1025", "start=0&end=1&bins="])
        {
            var answer = await folder.AskAsync($"/api/spectrogram?file=flac.flac&{query}");
            Assert.True(answer.Status == 400 || query.EndsWith('='), $"{query}: {answer.Status}");
            if (answer.Status != 200)
            {
                answer.IsProblem(400);
            }
        }

        (await folder.AskAsync("/api/spectrogram?start=0&end=1")).IsProblem(400);
        (await folder.AskAsync("/api/spectrogram?file=none.flac&start=0&end=1")).IsProblem(404);
        (await folder.AskAsync("/api/spectrogram?file=../secret.flac&start=0&end=1")).IsProblem(404);
        (await folder.AskAsync("/api/spectrogram?file=text.mp3&start=0&end=1")).IsProblem(422);
    }

    [Fact]
    public async Task Ten_minutes_are_the_most()
    {
        await TestSound.Make(8000, 1, 16, 640, seed: 5).FlacAsync(Path.Combine(folder.Folder, "tens.flac"));

        var longest = await SeenAsync("file=tens.flac&start=3.5&end=603.5&columns=600&bins=64");
        Assert.All(Enumerable.Range(0, 600), column => Assert.True(longest.LevelsOf(column).Max() > 100));

        (await folder.AskAsync("/api/spectrogram?file=tens.flac&start=0&end=600.01")).IsProblem(400);
    }

    [Fact]
    public async Task A_finished_recording_may_be_kept_and_is_asked_for_by_its_tag()
    {
        const string Target = "/api/spectrogram?file=mp3.mp3&start=2&end=4&columns=10";
        var first = await folder.AskAsync(Target);
        Assert.Equal(("private, max-age=86400", "application/vnd.isr.spectrogram"), (first["Cache-Control"], first["Content-Type"]));

        var again = await folder.AskAsync(Target, $"If-None-Match: {first["ETag"]}");
        Assert.Equal((304, 0), (again.Status, again.Body.Length));
        Assert.Equal(200, (await folder.AskAsync($"{Target}0", $"If-None-Match: {first["ETag"]}")).Status);
        (await folder.AskAsync(Target, "If-Match: \"other\"")).IsProblem(412);
    }

    [Theory]
    [InlineData("wav.wav", 6.4)]
    [InlineData("mp3.mp3", 6.4)]
    [InlineData("flac.flac", 4)]
    public async Task Of_what_is_being_recorded_there_is_as_much_as_is_on_disk(string name, double least)
    {
        var growing = $"spectrum-growing-{name}";
        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder.Folder, name), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder.Folder, growing), bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);
        folder.Record(growing);

        var answer = await folder.AskAsync($"/api/spectrogram?file={growing}&start=1&end=13&columns=60");
        var picture = Read(answer);
        var whole = await SeenAsync(string.Create(CultureInfo.InvariantCulture, $"file={name}&start=1&end={picture.To:R}&columns=60"));

        Assert.Equal(("no-store", ""), (answer["Cache-Control"], answer["ETag"]));
        Assert.InRange(picture.To, least, 7);
        Assert.Equal(whole.Levels[..(50 * 256)], picture.Levels[..(50 * 256)]);
        (await folder.AskAsync($"/api/spectrogram?file={growing}&start=12&end=13")).IsProblem(400);
    }

    [Fact]
    public async Task Hostile_files_cost_their_own_answer_alone()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        foreach (var (i, name) in ((string[])["flac.flac", "wav.wav", "float.wav", "mp3.mp3", "vorbis.ogg", "aac.aac"]).Index())
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder.Folder, name), TestContext.Current.CancellationToken);
            for (var change = 0; change < 1 + (bytes.Length / 200); change++)
            {
                bytes[random.Next(random.Next(bytes.Length))] = (byte)random.Next(256);
            }

            await File.WriteAllBytesAsync(Path.Combine(folder.Folder, $"spectrum-{i}-{name}"), bytes, TestContext.Current.CancellationToken);
            var answer = await folder.AskAsync($"/api/spectrogram?file=spectrum-{i}-{name}&start=0&end=3");

            if (answer.Status == 200)
            {
                Read(answer);
            }
            else
            {
                answer.IsProblem(400, 422);
            }
        }

        await SeenAsync("file=flac.flac&start=0&end=1");
    }

    private async Task<Picture> SeenAsync(string query)
    {
        var answer = await folder.AskAsync($"/api/spectrogram?{query}");
        Assert.True(answer.Status == 200, $"{query}: {answer.Status} {answer.Text}");
        return Read(answer);
    }

    private static Picture Read(RawAnswer answer)
    {
        var bytes = answer.Body;
        Assert.True(bytes.AsSpan().StartsWith("isrspect"u8));
        Assert.Equal(1, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8)));
        var (columns, rows) = (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12)), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(16)));
        var at = 48 + (columns * rows) + (columns * rows % 2);
        Assert.Equal(at + (4 * columns), bytes.Length);
        return new Picture(
            columns,
            rows,
            BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(20)),
            BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(32)),
            BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(40)),
            bytes[48..(48 + (columns * rows))],
            MemoryMarshal.Cast<byte, short>(bytes.AsSpan(at, 2 * columns)).ToArray(),
            MemoryMarshal.Cast<byte, short>(bytes.AsSpan(at + (2 * columns))).ToArray());
    }

    private sealed record Picture(int Columns, int Rows, int SampleRate, double From, double To, byte[] Levels, short[] Minimum, short[] Maximum)
    {
        public byte[] LevelsOf(int column) => Levels[(column * Rows)..((column + 1) * Rows)];
    }
}
