using System.Text;
using Isr.Audio.Mending;
using Isr.Audio.Tests.Support;
using Isr.Audio.Wav;

namespace Isr.Audio.Tests.Wav;

/// <summary>More than 4 GiB, for real; all but both ends is silence, which a file system does not store.</summary>
public sealed class LargeWavTests : IDisposable
{
    private const long Limit = uint.MaxValue;

    private static readonly FileFacts Facts = new("mic", new DateTimeOffset(2026, 5, 23, 22, 31, 30, TimeSpan.FromHours(2)));

    private static readonly bool IsCampaign = Environment.GetEnvironmentVariable("ISR_CAMPAIGN") == "full";

    private readonly TemporaryDirectory _directory = new();
    private readonly StringBuilder _said = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(2, 16, 48000)]
    [InlineData(8, 24, 96000)]
    public void From_4_GiB_on_a_file_is_RF64_in_place(int channels, int bits, int sampleRate)
    {
        var format = PcmSamples.Format(sampleRate, channels, bits);
        var align = PcmSamples.BlockAlign(format);
        var muxer = new WavFileMuxer(format);
        var random = FrameReaderContract.Seeded();
        var path = Path.Combine(_directory.Path, "large.wav");
        using var file = new SparseFile(path);
        var loud = PcmSamples.Noise(format, 4800, random);
        muxer.Begin(Facts, PcmSamples.Frame(format, loud), file);
        var head = (int)file.Length;
        Write(loud);

        // The most samples of a file whose length 32 bits can tell.
        var most = (Limit - head) / align;
        Fill(most);
        Write(loud);
        PutHeader();
        AssertSaid("just below", "RIFF", most);

        var before = Header();
        var one = PcmSamples.Noise(format, 1, random);
        Write(one);
        PutHeader();
        AssertSaid("one sample more", "RF64", most + 1);

        Fill(most + 1_000_000);
        Write(loud);
        Assert.Equal("RF64"u8, Header().AsSpan(0, 4));

        // As a crash leaves it: the header is that from before the limit, the last sample is torn.
        muxer.Write(PcmSamples.Frame(format, one), file);
        file.Put(before, 0);
        RandomAccess.SetLength(file.Handle, file.Length - 1);
        Mend(most + 1_000_000);
        AssertSaid("mended after a crash", "RF64", most + 1_000_000);

        PutHeader();
        muxer.Finish(file);
        PutHeader();
        AssertSaid("finished", "RF64", most + 1_000_001);
        Assert.Equal(loud, End(loud.Length, one.Length));
        Report($"rf64-{channels}x{bits}.txt");

        void Write(byte[] data) => muxer.Write(PcmSamples.Frame(format, data), file);

        // Silence, until there are so many samples with one more loud stretch.
        void Fill(long samples)
        {
            var silence = new byte[(1 << 20) / align * align];
            for (var left = (samples * align) - (file.Length - head) - loud.Length; left > 0; left -= silence.Length)
            {
                muxer.Write(PcmSamples.Frame(format, silence.AsSpan(0, (int)Math.Min(left, silence.Length))), file);
            }
        }

        byte[] Header()
        {
            var header = new byte[muxer.MaxHeaderBytes];
            return header[..muxer.GetHeader(header, out _)];
        }

        void PutHeader() => file.Put(Header(), 0);

        void Mend(long samples)
        {
            var length = RandomAccess.GetLength(file.Handle);
            var plan = FileMender.Plan(".wav", (at, destination) => RandomAccess.Read(file.Handle, destination, at), length, isLeftOpen: true);
            Assert.Equal((samples, length - (align - 1)), (plan.Samples, plan.Keep));
            foreach (var patch in plan.Patches)
            {
                RandomAccess.Write(file.Handle, patch.Bytes, patch.Offset);
            }

            RandomAccess.SetLength(file.Handle, plan.Keep);
        }

        void AssertSaid(string when, string riff, long samples)
        {
            Span<byte> start = stackalloc byte[4];
            RandomAccess.Read(file.Handle, start, 0);
            Assert.Equal(riff, Encoding.ASCII.GetString(start));
            var length = RandomAccess.GetLength(file.Handle);
            Assert.True(WavFileInfo.TryRead((at, destination) => RandomAccess.Read(file.Handle, destination, at), length, out var info));
            Assert.Equal((samples, false, length), (info.Samples, info.IsUnfinished, info.DataOffset + info.DataLength));

            _said.AppendLine($"=== {when}: {riff}, {length} bytes, {samples} samples of {channels} channels, {bits} bits");
            if (riff == "RIFF" || (IsCampaign && when == "finished"))
            {
                // soxi reads an RF64 file to its end, which takes a minute.
                Assert.Equal($"{samples}", Ask("soxi", "-s", path).Trim());
            }

            Assert.Equal($"{samples}", Ask("ffprobe", "-v", "warning", "-show_entries", "stream=duration_ts", "-of", "csv=p=0", path).Trim());
            var sndfile = Ask("sndfile-info", path);
            Assert.Contains($"Frames      : {samples}\n", sndfile, StringComparison.Ordinal);
            Assert.DoesNotContain("*** ", sndfile.Replace("*** fact : 4 (unknown marker)", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        byte[] End(int length, int behind)
        {
            var end = new byte[length];
            RandomAccess.Read(file.Handle, end, RandomAccess.GetLength(file.Handle) - behind - length);
            return end;
        }
    }

    private string Ask(params string[] command)
    {
        var result = Tool.Run(command[0], command[1..]);
        var said = Encoding.Latin1.GetString(result.Output);
        _said.AppendLine($"$ {string.Join(' ', command)}").AppendLine(said.Trim()).AppendLine(result.Errors.Trim());
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        return said;
    }

    /// <summary>What the programs said, where the long campaign keeps its figures.</summary>
    private void Report(string name)
    {
        if (!IsCampaign)
        {
            return;
        }

        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Isr.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("This is not the project's folder.");
        }

        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(root, "artifacts", "campaign")).FullName, name), _said.ToString());
    }
}
