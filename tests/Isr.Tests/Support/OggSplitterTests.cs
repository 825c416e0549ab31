using System.Buffers.Binary;
using Isr.Audio;

namespace Isr.Tests.Support;

public sealed class OggSplitterTests
{
    [Theory]
    [InlineData("ogg", AudioCodec.Vorbis, 44_100, 0)]
    [InlineData("opus", AudioCodec.Opus, 48_000, 312)]
    [InlineData("oggflac", AudioCodec.OggFlac, 44_100, 0)]
    public async Task Packets_of_a_known_stream_sound_as_long_as_it_is(string format, AudioCodec codec, int rate, int preSkip)
    {
        var link = Assert.Single(OggSplitter.Tap(await TestAudio.CodedAsync(format)));

        Assert.Equal((codec, rate, preSkip), (link.Coding.Codec, link.Coding.SampleRate, link.Coding.PreSkip));
        Assert.Equal(TestAudio.Seconds, (double)(link.Samples - preSkip) / rate, 0.06);
        Assert.Equal(link.Packets.Count, link.Packets.DistinctBy(p => Convert.ToBase64String(p.Data.Span), StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("ogg")]
    [InlineData("opus")]
    public async Task A_stream_written_anew_is_a_file_with_the_same_packets_and_sound(string format)
    {
        using var directory = new TemporaryDirectory();
        var (before, after) = (directory.File($"before.{format}"), directory.File($"after.{format}"));
        var stream = await TestAudio.CodedAsync(format);
        var link = Assert.Single(OggSplitter.Tap(stream));
        await File.WriteAllBytesAsync(before, stream, TestContext.Current.CancellationToken);

        await File.WriteAllBytesAsync(after, OggMaker.Make(link, link.Packets), TestContext.Current.CancellationToken);
        var file = OggSplitter.File(await File.ReadAllBytesAsync(after, TestContext.Current.CancellationToken));
        var (expected, actual) = (await AudioChecks.DecodeAsync(before), await AudioChecks.DecodeAsync(after));

        AudioChecks.Compare([.. link.Packets.Select(p => p.Data)], [.. file.Packets.Select(p => p.Data)]).IsWhole();
        Assert.Equal(0, file.LeadIn);
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(expected.Length, expected.AsSpan().CommonPrefixLength(actual));
    }

    [Fact]
    public async Task Links_that_continue_one_another_are_one_run_and_others_are_not()
    {
        var link = OggSplitter.Tap(await TestAudio.OggAsync())[0];
        byte[] title = [.. OggMaker.Make(link, [.. link.Packets.Take(100)]), .. OggMaker.Make(link, [.. link.Packets.Skip(99).Take(100)], serial: 2)];
        byte[] cut = [.. OggMaker.Make(link, [.. link.Packets.Take(100)]), .. OggMaker.Make(link, [.. link.Packets.Skip(100).Take(100)], serial: 2)];

        var joined = OggSplitter.Join(OggSplitter.Tap(title));
        var apart = OggSplitter.Join(OggSplitter.Tap(cut));

        Assert.Equal(199, joined.Frames.Count);
        Assert.All(link.Packets.Zip(joined.Frames), pair => Assert.True(pair.First.Original.Span.SequenceEqual(pair.Second.Original.Span)));
        Assert.Equal(link.Packets.Take(199).Sum(p => p.Samples), joined.Frames.Sum(p => p.Samples));
        Assert.Single(joined.Runs);
        Assert.Equal(2, apart.Runs.Count);
        Assert.Equal([0, 1], apart.Frames.Select(f => f.Run).Distinct());
    }

    [Fact]
    public async Task What_breaks_a_rule_of_files_is_an_error()
    {
        var link = OggSplitter.Tap(await TestAudio.OggAsync())[0];
        var good = OggMaker.Make(link, [.. link.Packets.Take(200)]);
        var pages = OggSplitter.Pages(good);
        OggSplitter.File(good);

        Refuses(b => b[^1] ^= 1, fix: false);
        Refuses(b => b[pages[49].End + 18]++);
        Refuses(b => b[pages[49].End + 14]++);
        Refuses(b => b[pages[49].End + 5] |= 2);
        Refuses(b => b[pages[49].End + 5] |= 4);
        Refuses(b => b[pages[49].End + 6]++);
        Refuses(b => b[pages[^2].End + 5] = 0);
        Assert.ThrowsAny<Exception>(() => OggSplitter.File(good.AsMemory(0, pages[^2].End)));
        Assert.ThrowsAny<Exception>(() => OggSplitter.File(good.AsMemory(0, good.Length - 1)));
        Assert.ThrowsAny<Exception>(() => OggSplitter.File((byte[])[.. good, .. OggMaker.Make(link, [.. link.Packets.Skip(199).Take(9)])]));

        void Refuses(Action<byte[]> spoil, bool fix = true)
        {
            var bad = good.ToArray();
            spoil(bad);
            foreach (var (start, end) in pages.Select((p, i) => (i == 0 ? 0 : pages[i - 1].End, p.End)).Where(_ => fix))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bad.AsSpan(start + 22), OggPage.Crc(bad.AsSpan(start, end - start)));
            }

            Assert.ThrowsAny<Exception>(() => OggSplitter.File(bad));
        }
    }

    [Fact]
    public async Task Frames_of_native_flac_are_found_from_anywhere_and_are_the_same_without_their_numbers()
    {
        var stream = await TestAudio.CodedAsync("flac");
        var all = FlacSplitter.FromMiddle(stream, 44_100);
        var ogg = OggSplitter.Tap(await TestAudio.CodedAsync("oggflac"))[0];

        var later = FlacSplitter.FromMiddle(stream.AsMemory(stream.Length / 3), 44_100);

        Assert.InRange(all.Sum(f => f.Seconds), TestAudio.Seconds - 0.2, TestAudio.Seconds);
        AudioChecks.Compare([.. all.Select(f => f.Data)], [.. later.Select(f => f.Data)]).IsWhole();
        Assert.InRange(later.Count, all.Count * 6 / 10, all.Count * 7 / 10);
        Assert.True(all.Count <= ogg.Packets.Count);
        Assert.All(all.Zip(ogg.Packets), pair => Assert.True(pair.First.Data.Span.SequenceEqual(pair.Second.Data.Span)));
    }
}
