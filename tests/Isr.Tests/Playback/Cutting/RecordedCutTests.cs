using System.Buffers;
using System.Runtime.InteropServices;
using Isr.Audio.Cutting;
using Isr.Playback.Cutting;
using Isr.Recording.Journal;
using Isr.Serving;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Isr.Tests.Playback.Cutting;

/// <summary>Cuts over HTTP out of what isr records: FLAC, and files that still grow.</summary>
[SideBySide]
public sealed class RecordedCutTests
{
    private const int Rate = 44100;

    [Fact]
    public async Task Flac_is_cut_to_the_sample_out_of_one_recording_and_across_two()
    {
        await using var folder = new ToldFolder();
        TestSound[] sounds = [TestSound.Make(Rate, 2, 16, 2, seed: 1), TestSound.Make(Rate, 2, 16, 2, seed: 2)];
        await sounds[0].FlacAsync(folder.PathOf("a.flac"));
        await sounds[1].FlacAsync(folder.PathOf("b.flac"));
        folder.Tell("mic", "a.flac", 0, 2 * Rate, Rate, 2, GapCause.Split);
        folder.Tell("mic", "b.flac", 2, 2 * Rate, Rate, 2);
        await folder.BeginAsync();

        var one = await folder.AskAsync("/api/cut?file=a.flac&start=0.51&end=0:01.37");
        var both = await folder.AskAsync($"/api/cut?source=mic&from={ToldFolder.Utc(0.7)}&to={ToldFolder.Utc(3.1)}");

        Assert.Equal((200, "audio/flac"), (one.Status, one["Content-Type"]));
        Assert.Equal(Of(sounds[0], 0.51, 1.37), await DecodeAsync(one));
        Assert.Equal((200, "audio/flac"), (both.Status, both["Content-Type"]));
        short[] joined = [.. Of(sounds[0], 0.7, 2), .. Of(sounds[1], 0, 1.1)];
        Assert.Equal(joined, await DecodeAsync(both));
    }

    [Fact]
    public async Task What_is_being_recorded_is_cut_as_far_as_it_is()
    {
        await using var folder = new ToldFolder();
        var sound = TestSound.Make(Rate, 2, 16, 4);
        await sound.FlacAsync(folder.PathOf("whole"));
        (string Name, byte[] Whole)[] recordings =
        [
            ("live.flac", await File.ReadAllBytesAsync(folder.PathOf("whole"), TestContext.Current.CancellationToken)),
            ("live.wav", WavBytes.File(WavBytes.Pcm, Rate, 2, 16, sound.Bytes(2))),
        ];
        await GrowAsync(8);
        folder.Record([.. recordings.Select(recording => recording.Name)]);
        await folder.BeginAsync();

        foreach (var (name, _) in recordings)
        {
            var answer = await folder.AskAsync($"/api/cut?file={name}&start=0.3&end=1.2");
            Assert.Equal((name, 200), (name, answer.Status));
            Assert.Equal(Of(sound, 0.3, 1.2), await DecodeAsync(answer));
            (await folder.AskAsync($"/api/cut?file={name}&start=3&end=3.5")).IsProblem(400);
        }

        await GrowAsync(15);
        foreach (var (name, _) in recordings)
        {
            var answer = await folder.AskAsync($"/api/cut?file={name}&start=3&end=3.5");
            Assert.Equal((name, 200), (name, answer.Status));
            Assert.Equal(Of(sound, 3, 3.5), await DecodeAsync(answer));
        }

        async Task GrowAsync(int sixteenths)
        {
            foreach (var (name, whole) in recordings)
            {
                await File.WriteAllBytesAsync(folder.PathOf(name), whole[..(whole.Length * sixteenths / 16)], TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task What_the_disk_does_not_give_is_an_error_before_the_first_byte()
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Response.Body = new MemoryStream();

        await new CutAnswer(new UnreadableCut(), "x.wav", ".wav", []).ExecuteAsync(context);

        Assert.Equal((500, Problem.MediaType, 0), (context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.ContentDisposition.Count));
        Assert.Contains("could not be read", System.Text.Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()), StringComparison.Ordinal);
    }

    private static short[] Of(TestSound sound, double from, double to) =>
        [.. sound.Samples[(2 * (int)Math.Round(from * Rate))..(2 * (int)Math.Round(to * Rate))].Select(sample => (short)sample)];

    private static async Task<short[]> DecodeAsync(RawAnswer answer)
    {
        var raw = await Processes.CheckAsync("ffmpeg", ["-nostdin", "-v", "error", "-i", "pipe:0", "-f", "s16le", "-c:a", "pcm_s16le", "pipe:1"], answer.Body);
        return MemoryMarshal.Cast<byte, short>(raw.Output).ToArray();
    }

    /// <summary>Of a recording on a disk that fails.</summary>
    private sealed class UnreadableCut : CutFile
    {
        public override string Extension => ".wav";

        public override void Measure(CancellationToken cancellationToken) => throw new IOException("Input/output error");

        public override bool TryWrite(IBufferWriter<byte> output) => throw new IOException("Input/output error");
    }
}
