using System.Text;
using Isr.Audio.Sniffing;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Sniffing;

public sealed class StreamSnifferTests
{
    public static TheoryData<string, StreamKind> Streams => new()
    {
        { "mp3", StreamKind.MpegAudio },
        { "mp2", StreamKind.MpegAudio },
        { "aac", StreamKind.Adts },
        { "flac", StreamKind.Flac },
        { "ogg", StreamKind.Ogg },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_is_known_from_its_start(string kind, StreamKind expected) =>
        Assert.Equal(expected, StreamSniffer.Sniff(First(Stream(kind), StreamSniffer.MaxBytes), isFinal: false));

    [Theory]
    [InlineData("mp3")]
    [InlineData("mp2")]
    [InlineData("aac")]
    [InlineData("flac")]
    public void A_stream_entered_anywhere_is_known_as_what_it_is_and_never_as_another(string kind)
    {
        var random = FrameReaderContract.Seeded();
        var stream = Stream(kind);
        var expected = StreamSniffer.Sniff(First(stream, StreamSniffer.MaxBytes), isFinal: false);
        for (var round = 0; round < 40; round++)
        {
            var entered = stream.AsSpan(random.Next(stream.Length / 2));
            Assert.Equal(expected, StreamSniffer.Sniff(First(entered, StreamSniffer.MaxBytes), isFinal: false));

            var part = StreamSniffer.Sniff(First(entered, random.Next(5000)), isFinal: false);
            Assert.True(part == expected || part == StreamKind.Undecided, $"{part}");
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>nginx</body></html>", StreamKind.Text)]
    [InlineData("\uFEFF\r\n <?xml version=\"1.0\"?><error>this station is offline for the moment</error>", StreamKind.Text)]
    [InlineData("{\"error\":\"this station is offline\"}", StreamKind.Text)]
    [InlineData("[playlist]\nNumberOfEntries=1\nFile1=http://example.org/stream\n", StreamKind.Playlist)]
    [InlineData("#EXTM3U\n#EXTINF:-1,Radio\nhttp://example.org/stream\n", StreamKind.Playlist)]
    [InlineData("http://example.org/stream\n", StreamKind.Playlist)]
    [InlineData("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-STREAM-INF:BANDWIDTH=64000\nlow.m3u8\n", StreamKind.Hls)]
    [InlineData("#EXTM3U\r\n#EXT-X-TARGETDURATION:10\r\n#EXTINF:9.9,\r\n1.ts\r\n", StreamKind.Hls)]
    [InlineData("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:7\n", StreamKind.Hls)]
    [InlineData("Not Found", StreamKind.Nothing)]
    [InlineData("", StreamKind.Nothing)]
    public void What_is_not_audio_is_named(string body, StreamKind expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.Equal(expected, StreamSniffer.Sniff(bytes, isFinal: true));
        for (var length = 0; length < bytes.Length; length++)
        {
            var part = StreamSniffer.Sniff(bytes.AsSpan(0, length), isFinal: false);
            Assert.True(part == expected || part == StreamKind.Undecided, $"{part} after {length} bytes");
        }
    }

    [Fact]
    public void A_tag_in_front_hides_nothing()
    {
        byte[] id3 = [.. "ID3\x04\0\0\0\0"u8, 0x10, 0, .. new byte[0x10 << 7]];

        foreach (var kind in (string[])["mp3", "aac", "flac"])
        {
            var stream = Stream(kind);
            Assert.Equal(
                StreamSniffer.Sniff(First(stream, 60_000), isFinal: true),
                StreamSniffer.Sniff([.. id3, .. First(stream, 60_000)], isFinal: true));
        }
    }

    [Fact]
    public void Free_format_is_left_to_the_reader_that_refuses_it()
    {
        var frame = new byte[700];
        new byte[] { 0xFF, 0xFB, 0x04, 0x44 }.CopyTo(frame, 0);
        byte[] stream = [.. Enumerable.Repeat(frame, 20).SelectMany(bytes => bytes)];

        Assert.Equal(StreamKind.MpegAudio, StreamSniffer.Sniff(stream, isFinal: false));
        Assert.Equal(StreamKind.Nothing, StreamSniffer.Sniff(stream.AsSpan(0, 4000), isFinal: true));
    }

    [Fact]
    public void Random_bytes_are_nothing_and_that_is_decided_at_64_KiB()
    {
        var random = FrameReaderContract.Seeded();
        for (var round = 0; round < 30; round++)
        {
            var garbage = FrameReaderContract.Garbage(random, StreamSniffer.MaxBytes);
            garbage[0] = 0;
            Assert.Equal(StreamKind.Undecided, StreamSniffer.Sniff(garbage.AsSpan(1), isFinal: false));
            Assert.Equal(StreamKind.Nothing, StreamSniffer.Sniff(garbage, isFinal: false));
        }
    }

    private static ReadOnlySpan<byte> First(ReadOnlySpan<byte> stream, int length) => stream[..Math.Min(length, stream.Length)];

    private static byte[] Stream(string kind) => kind switch
    {
        "mp3" => EncodedAudio.Mp3(44100, 2, 8, "-b:a", "128k"),
        "mp2" => EncodedAudio.Mp2(48000, 2, 4, "-b:a", "192k"),
        "aac" => EncodedAudio.Aac(44100, 2, 8, "-b:a", "96k"),
        "flac" => EncodedAudio.Flac(44100, 2, 4),
        _ => EncodedAudio.Vorbis(44100, 2, 4),
    };
}
