using System.Runtime.InteropServices;
using Isr.Audio.Pcm;
using Isr.Codecs;
using Isr.Tests.Support;

namespace Isr.Tests.Codecs;

public sealed class FfmpegDecoderTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("mp3", "mp3", 44100, 2)]
    [InlineData("mono48", "mp3", 48000, 1)]
    [InlineData("adts", "aac", 44100, 2)]
    [InlineData("ogg", "ogg", 44100, 2)]
    [InlineData("opus", "ogg", 48000, 2)]
    public async Task Samples_are_those_of_a_plain_decode(string format, string demuxer, int rate, int channels)
    {
        var coded = await CodedAsync(format);
        var sink = new Collected();

        var complaint = await FfmpegDecoder.DecodeAsync(demuxer, InPieces(coded, 50_000), sink, Stop);

        Assert.Null(complaint);
        Assert.Equal(new PcmFormat(rate, channels, SampleFormat.Real), sink.Format);
        var plain = await Processes.CheckAsync("ffmpeg", ["-v", "error", "-f", demuxer, "-i", "pipe:0", "-f", "f32le", "pipe:1"], coded);
        Assert.True(plain.Output.AsSpan().SequenceEqual(sink.Bytes));
    }

    [Fact]
    public async Task What_is_no_audio_is_told_in_a_line_and_not_waited_for()
    {
        var noise = new byte[5_000_000];
        new Random(7).NextBytes(noise);

        var complaint = await FfmpegDecoder.DecodeAsync("ogg", InPieces(noise, 65536), new Collected(), Stop);

        Assert.Contains("Invalid data", complaint, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', complaint!);
    }

    [Fact]
    public async Task Nothing_at_all_is_told()
    {
        var complaint = await FfmpegDecoder.DecodeAsync("mp3", (_, _) => Task.CompletedTask, new Collected(), Stop);

        Assert.NotNull(complaint);
    }

    [Theory]
    [InlineData("exec sleep 1000")]
    [InlineData("exec 1>&-; exec sleep 1000")]
    [InlineData("exec 0<&-; exec sleep 1000")]
    [InlineData("cat >/dev/null; exec sleep 1000")]
    [InlineData("head -c 100 /dev/zero; cat >/dev/null; exec sleep 1000")]
    public async Task A_decoder_that_stands_still_is_killed(string script)
    {
        var complaint = await RunAsync(script, InPieces(new byte[1_000_000], 65536), new Collected());

        Assert.Equal("it stood still for 0 s", complaint);
    }

    [Theory]
    [InlineData("head -c 100000 >/dev/null; echo ' [x @ 0xabc] no more' >&2; exit 3", "no more")]
    [InlineData("echo '[x @ 0xabc] first' >&2; printf '[mp3 @ 0xabc]  second\\033\\n\\n' >&2", "second")]
    [InlineData("cat >/dev/null; exit 3", "it ended with 3")]
    [InlineData("cat >/dev/null; kill -9 $$", "it ended with 137")]
    [InlineData("cat >/dev/null; for i in $(seq 50000); do echo complaint; done >&2", "complaint")]
    [InlineData("cat >/dev/null; exec head -c 1000000 /dev/zero", "it gave samples of a rate or number of channels that no sound has")]
    public async Task A_decoder_that_dies_is_no_exception(string script, string expected)
    {
        var complaint = await FfmpegDecoder.DecodeAsync(Script(script), [], TimeSpan.FromMinutes(1), InPieces(new byte[1_000_000], 65536), new Collected(), Stop);

        Assert.Equal(expected, complaint);
    }

    [Fact]
    public async Task A_feed_that_has_nothing_for_a_while_is_no_hang()
    {
        var coded = await CodedAsync("mp3");
        var sink = new Collected();

        var complaint = await FfmpegDecoder.DecodeAsync(
            FfmpegDecoder.FindProgram()!,
            ["-v", "error", "-f", "mp3", "-i", "pipe:0", "-c:a", "pcm_f32le", "-f", "wav", "pipe:1"],
            TimeSpan.FromSeconds(1),
            async (input, stop) =>
            {
                await input.WriteAsync(coded.AsMemory(0, coded.Length / 2), stop);
                await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, stop);
                await input.WriteAsync(coded.AsMemory(coded.Length / 2), stop);
            },
            sink,
            Stop);

        Assert.Null(complaint);
        Assert.InRange(sink.Bytes.Length / 8 / 44100.0, 10, 10.1);
    }

    [Fact]
    public async Task A_stop_ends_the_process()
    {
        using var stop = new CancellationTokenSource();
        var (script, pid) = (Script("echo $$ >\"$0.pid\"; cat >/dev/null; exec sleep 1000"), _directory.File("program.pid"));
        var running = FfmpegDecoder.DecodeAsync(script, [], TimeSpan.FromMinutes(1), (_, _) => Task.CompletedTask, new Collected(), stop.Token);
        await Wait.UntilAsync(() => File.Exists(pid) && File.ReadAllText(pid).EndsWith('\n'), TimeSpan.FromSeconds(20), "the program has not begun");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(pid).Trim()}"));
    }

    [Fact]
    public async Task What_feed_or_sink_throw_comes_back()
    {
        var coded = await CodedAsync("mp3");

        await Assert.ThrowsAsync<FileNotFoundException>(() => FfmpegDecoder.DecodeAsync("mp3", (_, _) => throw new FileNotFoundException(), new Collected(), Stop));
        await Assert.ThrowsAsync<NotFiniteNumberException>(() => FfmpegDecoder.DecodeAsync("mp3", InPieces(coded, 1000), new Refusing(), Stop));
        await Assert.ThrowsAsync<NotFiniteNumberException>(() => FfmpegDecoder.DecodeAsync(
            "mp3",
            async (input, stop) =>
            {
                await input.WriteAsync(coded, stop);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            },
            new Refusing(),
            Stop));
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_told()
    {
        var complaint = await FfmpegDecoder.DecodeAsync("/nowhere/ffmpeg", [], s_patience, (_, _) => Task.CompletedTask, new Collected(), Stop);

        Assert.StartsWith("/nowhere/ffmpeg cannot be started: ", complaint, StringComparison.Ordinal);
    }

    // Shorter than the sound of other tests, but several blocks of a pipe long.
    private static async Task<byte[]> CodedAsync(string format)
    {
        string[] input = ["-v", "error", "-nostdin", "-filter_complex", TestAudio.Graph(), "-t", "10"];
        return (await Processes.CheckAsync("ffmpeg", [.. input, .. TestAudio.Codec(format), "pipe:1"])).Output;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Func<Stream, CancellationToken, Task> InPieces(byte[] bytes, int piece) => async (input, stop) =>
    {
        for (var at = 0; at < bytes.Length; at += piece)
        {
            await input.WriteAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)), stop);
        }
    };

    private Task<string?> RunAsync(string script, Func<Stream, CancellationToken, Task> feed, IPcmSink sink) =>
        FfmpegDecoder.DecodeAsync(Script(script), [], s_patience, feed, sink, Stop);

    private string Script(string lines)
    {
        var path = _directory.File("program");
        File.WriteAllText(path, $"#!/bin/sh\n{lines}\n");
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private sealed class Collected : IPcmSink
    {
        private readonly List<byte> _bytes = [];

        public PcmFormat? Format { get; private set; }

        public byte[] Bytes => [.. _bytes];

        public void Begin(PcmFormat format)
        {
            Assert.Null(Format);
            Format = format;
        }

        public void Take(ReadOnlySpan<byte> samples)
        {
            Assert.NotNull(Format);
            Assert.Equal(0, samples.Length % (Format.Value.Channels * sizeof(float)));
            CollectionsMarshal.SetCount(_bytes, _bytes.Count + samples.Length);
            samples.CopyTo(CollectionsMarshal.AsSpan(_bytes)[^samples.Length..]);
        }
    }

    private sealed class Refusing : IPcmSink
    {
        public void Begin(PcmFormat format) => throw new NotFiniteNumberException();

        public void Take(ReadOnlySpan<byte> samples) => throw new NotFiniteNumberException();
    }
}
