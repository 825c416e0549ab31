using System.Diagnostics;
using System.Globalization;
using Isr.Analysis;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis;

public sealed class MutatedFilesTests : IDisposable
{
    // A file of half a second takes milliseconds: whatever takes so long, hangs.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Mutated_and_truncated_files_never_throw_or_hang()
    {
        var seed = Campaign.IsFull ? 2026 : Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        (string Extension, string Codec, int Runs)[] kinds =
        [
            ("flac", "-c:a flac -sample_fmt s16 -frame_size 1152", Campaign.IsFull ? 80_000 : 200), ("oga", "-c:a flac -f ogg", Campaign.IsFull ? 20_000 : 50),
            ("mp3", "-c:a libmp3lame", Campaign.IsFull ? 125 : 1), ("aac", "-c:a aac -f adts", Campaign.IsFull ? 125 : 1),
            ("ogg", "-c:a libvorbis", Campaign.IsFull ? 125 : 1), ("opus", "-c:a libopus", Campaign.IsFull ? 125 : 1),
        ];
        var rows = new List<string[]>();
        foreach (var (extension, codec, runs) in kinds)
        {
            var path = _directory.File($"original.{extension}");
            await TestSound.Make(48000, 2, 16, 0.5).EncodeAsync(path, codec);
            var original = File.ReadAllBytes(path);
            var frames = extension == "flac" ? Frames(original) : [];
            var (clock, slowest, before, done, measured) = (Stopwatch.StartNew(), 0L, 0L, 0, 0);
            await Parallel.ForAsync(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = Stop }, async (run, _) =>
            {
                var bytes = Mutate(original, frames, new Random(unchecked((seed * 31) + run)));
                var file = _directory.File($"{run}.{extension}");
                File.WriteAllBytes(file, bytes);
                var start = clock.ElapsedMilliseconds;
                var answer = await MeasureAsync(file, $"seed {seed}, {extension}, run {run}");
                Assert.True(answer.Levels is not null || answer.Sentence is not null, $"seed {seed}, {extension}, run {run}");
                File.Delete(file);
                lock (rows)
                {
                    slowest = Math.Max(slowest, clock.ElapsedMilliseconds - start);
                    measured += answer.Levels is null ? 0 : 1;
                    before = ++done == (runs / 10) + 1 ? Environment.WorkingSet : before;
                }
            });

            var more = (Environment.WorkingSet - before) >> 20;
            rows.Add([extension, $"{runs}", $"{measured}", "0", "0", $"{slowest}", $"{more}", clock.Elapsed.TotalMinutes.ToString("0.0", CultureInfo.InvariantCulture)]);
            Assert.True(more < 300, $"{extension}: {more} MB more");
        }

        if (Campaign.IsFull)
        {
            Campaign.WriteTable(
                "decoders",
                "Mutated and truncated files through the decoders",
                ["kind", "runs", "gave levels", "crashes", "hangs", "slowest, ms", "memory growth, MB", "minutes"],
                rows);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<MeasuredFile> MeasureAsync(string path, string name)
    {
        try
        {
            // FLAC in small parts, so that they are joined, too; and never by ffmpeg, which takes what has no head that is known.
            return await Task.Run(() => path.EndsWith(".flac", StringComparison.Ordinal) || path.EndsWith(".oga", StringComparison.Ordinal)
                ? Flac(path)
                : FileMeasurer.Measure(path, 2, null, Stop)).WaitAsync(s_limit, TimeProvider.System, Stop);
        }
        catch (TimeoutException e)
        {
            var kept = Path.Combine(Path.GetTempPath(), $"hangs-{Path.GetFileName(path)}");
            File.Copy(path, kept, overwrite: true);
            throw new TimeoutException($"{name} hangs; the file is kept as {kept}", e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{name} failed", e);
        }
    }

    private static MeasuredFile Flac(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        return path.EndsWith(".oga", StringComparison.Ordinal)
            ? FlacMeasurer.MeasureOgg(file, length, null, Stop)
            : FlacMeasurer.Measure(file, length, 2, 10_000, null, Stop);
    }

    private static Range[] Frames(byte[] file)
    {
        var frames = new List<Range>();
        for (var at = 0; at < file.Length; at++)
        {
            if (FlacSplitter.TryHeader(file.AsSpan(at)) is not null)
            {
                frames.Add(new Range(at, file.Length));
                if (frames.Count > 1)
                {
                    frames[^2] = new Range(frames[^2].Start, at);
                }
            }
        }

        return [.. frames];
    }

    /// <summary>Changes bytes of a frame so that its checksums are true of what it is then.</summary>
    private static void Forge(Span<byte> frame, Random random)
    {
        if (FlacSplitter.TryHeader(frame) is not { } header)
        {
            return;
        }

        for (var i = random.Next(1, 4); i > 0; i--)
        {
            frame[random.Next(3) == 0 ? random.Next(1, header.Length) : random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
        }

        frame[header.Length - 1] = (byte)FlacSplitter.Crc(frame[..(header.Length - 1)], 0x07, 8);
        var crc = FlacSplitter.Crc(frame[..^2], 0x8005, 16);
        (frame[^2], frame[^1]) = ((byte)(crc >> 8), (byte)crc);
    }

    private static byte[] Mutate(byte[] original, Range[] frames, Random random)
    {
        var bytes = original.ToArray();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            switch (random.Next(frames.Length > 0 ? 7 : 5))
            {
                case 0:
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[random.Next(Math.Min(bytes.Length, 60))] = (byte)random.Next(256);
                    break;
                case 2:
                    var (from, to, count) = (random.Next(bytes.Length), random.Next(bytes.Length), random.Next(2000));
                    count = Math.Min(count, bytes.Length - Math.Max(from, to));
                    bytes.AsSpan(from, count).ToArray().CopyTo(bytes.AsSpan(to));
                    break;
                case 3 when bytes.Length > 1000:
                    var cut = random.Next(bytes.Length - 500);
                    bytes = [.. bytes[..cut], .. bytes[(cut + random.Next(500))..]];
                    break;
                case 5 or 6 when bytes.Length == original.Length:
                    Forge(bytes.AsSpan(frames[random.Next(frames.Length)]), random);
                    break;
                case 4 when bytes.Length > 1000 && random.Next(4) == 0:
                    bytes = bytes[..random.Next(1, bytes.Length)];
                    break;
            }
        }

        return bytes;
    }
}
