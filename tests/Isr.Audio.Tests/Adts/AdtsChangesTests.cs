using System.Text;
using Isr.Audio.Adts;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Adts;

/// <summary>Streams whose encoder is set up anew while they run.</summary>
public sealed class AdtsChangesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Changes => ["channels", "sample rates"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_new_file_begins_at_each_change_and_no_frame_is_lost(string what)
    {
        var parts = Parts(what);

        var files = Files(parts.SelectMany(part => part.Stream), _ => false);

        ReadFrame.AssertSameBytes(parts.Select(part => part.Stream), files.Select(file => file.Bytes));
        AssertPlay(parts, files);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Files_cut_at_any_frame_have_one_configuration_each(string what)
    {
        var parts = Parts(what);
        var random = FrameReaderContract.Seeded();

        var counts = parts.Select(part => ReadFrame.All(new AdtsFrameReader(), part.Stream).Count);

        var files = Files(parts.SelectMany(part => part.Stream), StreamFiles.CutAtRandom(random, longest: 80, counts));

        Assert.True(parts.SelectMany(part => part.Stream).SequenceEqual(files.SelectMany(file => file.Bytes)));
        var inFile = parts.Select(part => files.Where(file => file.Format == part.Format).SelectMany(file => file.Bytes).ToArray());
        ReadFrame.AssertSameBytes(parts.Select(part => part.Stream), inFile);
        Assert.All(files, AssertOneConfiguration);
        Assert.All(Decode(files), decoded => Assert.NotEmpty(decoded));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_in_the_middle_of_a_frame_costs_that_half_frame_alone(string what)
    {
        var parts = Parts(what);
        var random = FrameReaderContract.Seeded();
        for (var round = 0; round < 10; round++)
        {
            // The last part ends whole; so does what comes before a half frame.
            var stream = new List<byte>();
            var expected = new List<byte[]>();
            foreach (var part in parts)
            {
                var frames = ReadFrame.All(new AdtsFrameReader(), part.Stream);
                var last = part == parts[^1] ? [] : frames[^1].Data;
                expected.Add(last.Length == 0 ? part.Stream : ReadFrame.Join(frames.SkipLast(1)));
                stream.AddRange(expected[^1]);

                // With less than a header of it, the frame before has no successor to vouch for it.
                var half = round == 0 ? last.Length / 2 : random.Next(AdtsHeader.Size, Math.Max(AdtsHeader.Size + 1, last.Length));
                stream.AddRange(last.Take(half));
            }

            var files = Files(stream, _ => false);

            ReadFrame.AssertSameBytes(expected, files.Select(file => file.Bytes));
            if (round == 0)
            {
                AssertPlay(parts, files);
            }
        }
    }

    // Each is another than the one before in what its name says; the last has half the rate that it is heard at.
    private static List<Part> Parts(string what)
    {
        var stereo = new Part(EncodedAudio.Aac(44100, 2, 4), 44100, 2, 44100, 2);
        var version1 = new Part(HeAac.Version1, HeAac.CoreSampleRate, 2, HeAac.SampleRate, 2);
        var version2 = new Part(HeAac.Version2, HeAac.CoreSampleRate, 1, HeAac.SampleRate, 2);
        return what == "channels"
            ?
            [
                stereo,
                new Part(EncodedAudio.Aac(44100, 1, 4), 44100, 1, 44100, 1),
                new Part(EncodedAudio.Aac(44100, 2, 4, "-ac", "6"), 44100, 6, 44100, 6),
                version1,
                version2,
            ]
            :
            [
                stereo,
                new Part(EncodedAudio.Aac(48000, 2, 4), 48000, 2, 48000, 2),
                new Part(EncodedAudio.Aac(22050, 2, 4), 22050, 2, 22050, 2),
                version1,
            ];
    }

    private static List<MadeFile> Files(IEnumerable<byte> stream, Func<int, bool> isCut) =>
        StreamFiles.Make(
            ReadFrame.InFragments(new AdtsFrameReader(), [.. stream], FrameReaderContract.Seeded(), longest: 3000), isCut);

    private static void AssertOneConfiguration(MadeFile file)
    {
        for (var rest = file.Bytes; rest.Length > 0;)
        {
            Assert.True(AdtsHeader.TryRead(rest, out var header));
            Assert.Equal(file.Format, header.Format);
            rest = rest[header.FrameLength..];
        }
    }

    private void AssertPlay(List<Part> parts, List<MadeFile> files)
    {
        Assert.Equal(parts.Count, files.Count);
        foreach (var (part, file, bytes) in parts.Zip(files, Decode(files)))
        {
            Assert.Equal(part.Format, file.Format);
            AssertOneConfiguration(file);
            var decoded = bytes.Length / 2 / part.HeardChannels;
            Assert.Equal((decimal)file.Samples / part.SampleRate, (decimal)decoded / part.HeardSampleRate);
            var heard = Tool.Output(
                "ffprobe", "-v", "error", "-show_entries", "stream=sample_rate,channels", "-of", "csv=p=0", Write(file));
            Assert.Equal($"{part.HeardSampleRate},{part.HeardChannels}", Encoding.ASCII.GetString(heard).Trim());
        }
    }

    private List<byte[]> Decode(List<MadeFile> files) =>
        Ffmpeg.Decode([.. files.Select((file, i) => _directory.Write($"part{i}{file.Extension}", file.Bytes))], "s16le");

    private string Write(MadeFile file) => _directory.Write("part" + file.Extension, file.Bytes);

    private sealed record Part(byte[] Stream, int SampleRate, int Channels, int HeardSampleRate, int HeardChannels)
    {
        public AudioFormat Format => new(AudioCodec.Aac, SampleRate, Channels);
    }
}
