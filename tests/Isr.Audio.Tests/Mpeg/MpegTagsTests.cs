using System.Text;
using Isr.Audio.Mpeg;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Mpeg;

/// <summary>Tags of files that were played one after the other into a stream: they are in no file, and no frame in them is.</summary>
public sealed class MpegTagsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Kinds =>
        ["ID3v2", "ID3v2, footer", "ID3v2, syncs", "ID3v2, frames", "ID3v2, other frames", "ID3v1", "APEv2", "APEv2, syncs"];

    private static byte[] Stream => EncodedAudio.Mp3(44100, 2, 8, "-b:a", "128k");

    private static byte[] Other => EncodedAudio.Mp3(48000, 1, 8, "-b:a", "64k");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_tag_between_frames_is_in_no_file_and_costs_no_frame(string kind)
    {
        var random = FrameReaderContract.Seeded();
        var frames = ReadFrame.All(new MpegFrameReader(), Stream);
        var tag = Tag(kind, random);

        // Before all, after a few, with three frames to the next, twice at once, and at the end.
        byte[] stream =
        [
            .. tag, .. Joined(frames, 0, 60), .. tag, .. Joined(frames, 60, 63), .. tag,
            .. Joined(frames, 63, 200), .. tag, .. tag, .. Joined(frames, 200, frames.Count), .. tag,
        ];

        List<ReadFrame> read = [];
        foreach (var longest in (int[])[1, 300, 20_000])
        {
            var reader = new MpegFrameReader();
            read = ReadFrame.InFragments(reader, stream, random, longest);
            ReadFrame.AssertEqual(frames, read);
            Assert.Equal(6 * tag.Length, reader.SkippedBytes);
            Assert.Null(reader.Refusal);
        }

        AssertFiles(frames, StreamFiles.Make(read, StreamFiles.CutAtRandom(random, longest: 120, frames.Count)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_tag_after_half_a_frame_is_in_no_file_and_costs_no_other_frame(string kind)
    {
        var random = FrameReaderContract.Seeded();
        var frames = ReadFrame.All(new MpegFrameReader(), Stream);
        var tag = Tag(kind, random);
        for (var round = 0; round < 10; round++)
        {
            // Half a frame passes for a whole one where, by chance, a header or the letters of a tag stand where it would end.
            byte[] behind = [.. tag, .. Joined(frames, 100, 104)];
            int missing;
            do
            {
                missing = random.Next(1, frames[99].Data.Length - MpegHeader.Size);
            }
            while (behind[missing] is 0xFF or (byte)'T' or (byte)'A' or (byte)'I');

            var half = frames[99].Data.Length - missing;
            byte[] stream =
            [
                .. Joined(frames, 0, 99), .. frames[99].Data.AsSpan(0, half), .. tag, .. Joined(frames, 100, frames.Count),
            ];

            var read = ReadFrame.InFragments(new MpegFrameReader(), stream, random, longest: 5000);

            ReadFrame.AssertEqual([.. frames.Where((_, i) => i != 99)], read);
        }
    }

    [Fact]
    public void A_new_encoder_after_a_tag_begins_a_new_file()
    {
        var random = FrameReaderContract.Seeded();
        var (before, after) = (ReadFrame.All(new MpegFrameReader(), Stream), ReadFrame.All(new MpegFrameReader(), Other));
        byte[] stream = [.. Stream, .. Tag("ID3v1", random), .. Tag("ID3v2, frames", random), .. Other];

        var files = StreamFiles.Make(ReadFrame.InFragments(new MpegFrameReader(), stream, random, longest: 5000), _ => false);

        Assert.Equal(2, files.Count);
        AssertFiles(before, [files[0]]);
        AssertFiles(after, [files[1]]);
    }

    [Fact]
    public void A_tag_that_a_server_broke_off_costs_no_more_than_its_length_and_an_absurd_one_nothing()
    {
        var frames = ReadFrame.All(new MpegFrameReader(), Stream);
        var picture = new byte[20_000];
        FrameReaderContract.Seeded().NextBytes(picture);
        var tag = Id3(picture);

        byte[] broken = [.. Joined(frames, 0, 50), .. tag.AsSpan(0, 10_000), .. Joined(frames, 50, frames.Count)];
        var read = ReadFrame.All(new MpegFrameReader(), broken);
        Assert.InRange(frames.Count - read.Count, 0, (picture.Length / 400) + 1);

        // 256 MiB, which is hours.
        byte[] absurd = [.. Joined(frames, 0, 50), .. "ID3\x04\0\0\x7F\x7F\x7F\x7F"u8, .. picture, .. Joined(frames, 50, frames.Count)];
        ReadFrame.AssertEqual(frames, ReadFrame.All(new MpegFrameReader(), absurd));
    }

    private static byte[] Tag(string kind, Random random)
    {
        // Bytes that look like the beginning of a header, and some are one; so far from both ends of the tag that none is
        // the successor of half a frame or has the stream's next frame for its own.
        var far = new byte[MpegHeader.MaxFrameLength];
        byte[] syncs = [.. far, .. FrameReaderContract.Garbage(random, 2500), .. far];
        for (var i = far.Length; i < syncs.Length - far.Length - 4; i += 50)
        {
            new byte[] { 0xFF, 0xFB, (byte)random.Next(256), (byte)random.Next(256) }.CopyTo(syncs, i);
        }

        return kind switch
        {
            "ID3v2" => Id3("jpeg"u8.ToArray()),
            "ID3v2, footer" => [.. Id3(syncs, flags: 0x10), .. "3DI"u8, .. Id3(syncs, flags: 0x10).AsSpan(3, 7)],
            "ID3v2, syncs" => Id3(syncs),
            "ID3v2, frames" => Id3([.. syncs, .. Stream.AsSpan(0, 30_000)]),
            "ID3v2, other frames" => Id3([.. far, .. Other.AsSpan(0, 30_000)]),
            "ID3v1" => [.. "TAG"u8, .. Encoding.Latin1.GetBytes("Müßig \u00ff\u00fb\u0090").Concat(new byte[125]).Take(124), 0xFF],
            "APEv2" => Ape("Title\0Somewhere"u8.ToArray()),
            _ => Ape(syncs),
        };
    }

    private static byte[] Id3(byte[] picture, byte flags = 0)
    {
        byte[] content = [.. "APIC"u8, .. Synchsafe(picture.Length + 14), 0, 0, .. "\0image/jpeg\0\x03\0"u8, .. picture];
        return [.. "ID3\x04\0"u8, flags, .. Synchsafe(content.Length), .. content];
    }

    private static byte[] Synchsafe(int size) =>
        [(byte)(size >> 21), (byte)((size >> 14) & 0x7F), (byte)((size >> 7) & 0x7F), (byte)(size & 0x7F)];

    // Header, one item, footer; the size counts items and footer.
    private static byte[] Ape(byte[] value)
    {
        byte[] item = [.. BitConverter.GetBytes(value.Length), 2, 0, 0, 0, .. "Cover\0"u8, .. value];
        byte[] Edge(byte flags) =>
            [.. "APETAGEX"u8, 0xD0, 7, 0, 0, .. BitConverter.GetBytes(item.Length + 32), 1, 0, 0, 0, 0, 0, 0, flags, .. new byte[8]];
        return [.. Edge(0xA0), .. item, .. Edge(0x80)];
    }

    private static byte[] Joined(List<ReadFrame> frames, int start, int end) => ReadFrame.Join(frames.Take(start..end));

    // What the files hold beyond what was put in is what a decoder must have seen of the file before.
    private void AssertFiles(List<ReadFrame> frames, List<MadeFile> files)
    {
        var inFiles = files.SelectMany(file =>
        {
            var all = ReadFrame.All(new MpegFrameReader(), file.Bytes);
            return all.Skip(all.Count - (int)(file.Samples / all[0].Samples));
        });
        ReadFrame.AssertEqual(frames, [.. inFiles]);
        var paths = files.Select((file, i) => _directory.Write($"part{i}{file.Extension}", file.Bytes)).ToList();
        Assert.Equal(files.Select(file => file.Samples * file.Format.Channels * 2), Ffmpeg.Decode(paths, "s16le", "warning").Select(decoded => (long)decoded.Length));
        foreach (var path in paths)
        {
            var mp3val = Encoding.UTF8.GetString(Tool.Output("mp3val", path));
            Assert.DoesNotContain("WARNING", mp3val, StringComparison.Ordinal);
            Assert.DoesNotContain("ERROR", mp3val, StringComparison.Ordinal);
        }
    }
}
