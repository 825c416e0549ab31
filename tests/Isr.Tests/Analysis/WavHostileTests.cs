using System.Buffers.Binary;
using System.Diagnostics;
using Isr.Analysis;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis;

/// <summary>WAV files that are damaged, at random and on purpose. ISR_CAMPAIGN=full runs many more.</summary>
public sealed class WavHostileTests : IDisposable
{
    private const int Inputs = 1_000;
    private const int CampaignInputs = 100_000;
    private const long MaxAllocated = 4 * 1024 * 1024;
    private static readonly TimeSpan s_tooLong = TimeSpan.FromSeconds(10);
    private static readonly uint[] s_extremes = [0, 1, 2, 3, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF_FFFE, 0xFFFF, 0x1_0000, 0x7FFF_F000];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_header_that_ends_anywhere_costs_no_exception()
    {
        using var scratch = new Scratch(_directory.File("a.wav"));
        foreach (var file in Files())
        {
            for (var length = 0; length < Math.Min(file.Length, 400); length++)
            {
                var measured = scratch.Measure(file.AsSpan(0, length));
                Assert.True(measured.Levels is not null || measured.Sentence is not null, $"neither levels nor a sentence at {length}");
            }
        }
    }

    [Fact]
    public void No_input_costs_an_exception_or_much_time_or_memory()
    {
        var inputs = Environment.GetEnvironmentVariable("ISR_CAMPAIGN") == "full" ? CampaignInputs : Inputs;
        using var scratch = new Scratch(_directory.File("a.wav"));
        var files = Files();
        scratch.Measure(files[0]);
        var measuredFiles = 0;
        for (var seed = 0; seed < inputs; seed++)
        {
            var input = Damaged(files, new Random(seed));
            var (started, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            MeasuredFile measured;
            try
            {
                measured = scratch.Measure(input);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
                return;
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MaxAllocated, $"seed {seed}: {GC.GetAllocatedBytesForCurrentThread() - before} bytes were allocated");
            Assert.True(Stopwatch.GetElapsedTime(started) < s_tooLong, $"seed {seed}: it took {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            if (measured.Levels is { } levels)
            {
                measuredFiles++;
                Assert.True(levels.Samples <= input.Length, $"seed {seed}: {levels.Samples} samples of {input.Length} bytes");
                Assert.Equal((levels.Samples + levels.WindowSamples - 1) / levels.WindowSamples, levels.Rms.Length);
                Assert.True(measured.DamagedFrom is null || measured.Sentence is not null, $"seed {seed}: damage without a sentence");
            }
            else
            {
                Assert.False(string.IsNullOrEmpty(measured.Sentence), $"seed {seed}: neither levels nor a sentence");
            }
        }

        // Both ways out were taken often.
        Assert.InRange(measuredFiles, inputs / 10, inputs * 9 / 10);
    }

    private static List<byte[]> Files()
    {
        var data = new byte[6_000];
        new Random(3).NextBytes(data);
        byte[] ds64 = [.. BitConverter.GetBytes(6_100L), .. BitConverter.GetBytes(6_000L), .. BitConverter.GetBytes(1_500L), 0, 0, 0, 0];
        var rf64 = WavBytes.Riff([.. WavBytes.Chunk("ds64", ds64), .. WavBytes.Chunk("fmt ", WavBytes.Format(WavBytes.Pcm, 8_000, 2, 16)), .. WavBytes.Chunk("data", data)]);
        rf64 = WavBytes.WithSizes(rf64, uint.MaxValue, uint.MaxValue);
        "RF64"u8.CopyTo(rf64);
        return
        [
            WavBytes.File(WavBytes.Pcm, 8_000, 1, 8, data),
            WavBytes.File(WavBytes.Pcm, 44_100, 2, 16, data),
            WavBytes.File(WavBytes.Pcm, 44_100, 2, 24, data),
            WavBytes.File(WavBytes.Pcm, 8_000, 1, 32, data),
            WavBytes.File(WavBytes.Float, 8_000, 2, 32, data),
            WavBytes.File(WavBytes.Float, 8_000, 1, 64, data),
            WavBytes.Riff([.. WavBytes.Chunk("LIST", new byte[33]), .. WavBytes.Chunk("fmt ", WavBytes.Extensible(WavBytes.Pcm, 48_000, 6, 24, 20)), .. WavBytes.Chunk("fact", new byte[4]), .. WavBytes.Chunk("data", data), .. WavBytes.Chunk("id3 ", new byte[17])]),
            rf64,
        ];
    }

    /// <summary>One to four damages, most of them where headers are.</summary>
    private static byte[] Damaged(List<byte[]> files, Random random)
    {
        byte[] file = [.. files[random.Next(files.Count)]];
        for (var i = random.Next(4); i >= 0 && file.Length > 8; i--)
        {
            var at = random.Next(random.Next(5) == 0 ? file.Length : Math.Min(file.Length, 140));
            var length = Math.Min(random.Next(1, 40), file.Length - at);
            switch (random.Next(7))
            {
                case 0:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    file[at] = (byte)random.Next(256);
                    break;
                case 2 when file.Length - at >= 4:
                    BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at & ~1), s_extremes[random.Next(s_extremes.Length)]);
                    break;
                case 3 when file.Length - at >= 2:
                    BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at & ~1), (ushort)s_extremes[random.Next(s_extremes.Length)]);
                    break;
                case 4:
                    file = [.. file.AsSpan(0, at), .. file.AsSpan(at + length)];
                    break;
                case 5:
                    file = [.. file.AsSpan(0, at + length), .. file.AsSpan(at)];
                    break;
                default:
                    file = random.Next(4) == 0 ? file[..at] : file;
                    break;
            }
        }

        return file;
    }

    /// <summary>One file that holds one input after the other.</summary>
    private sealed class Scratch(string path) : IDisposable
    {
        private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);

        public MeasuredFile Measure(ReadOnlySpan<byte> input)
        {
            RandomAccess.SetLength(_file, input.Length);
            RandomAccess.Write(_file, input, 0);
            return WavMeasurer.Measure(_file, input.Length, 1, null, CancellationToken.None);
        }

        public void Dispose() => _file.Dispose();
    }
}
