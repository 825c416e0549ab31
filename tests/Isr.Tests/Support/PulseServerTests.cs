namespace Isr.Tests.Support;

public sealed class PulseServerTests
{
    private const int SampleRate = 48000;
    private const int BytesPerSecond = SampleRate * 4;

    [Fact]
    public async Task What_is_fed_is_captured_by_ALSA_bit_for_bit_also_after_it_was_killed()
    {
        await using var server = await PulseServer.StartAsync(SampleRate);
        await CaptureAsync(server, seed: 1);

        await server.KillAsync();
        await server.RestartAsync();

        await CaptureAsync(server, seed: 2);
    }

    private static async Task CaptureAsync(PulseServer server, int seed)
    {
        var fed = new byte[3 * BytesPerSecond];
        new Random(seed).NextBytes(fed);
        string[] words = ["-q", "-D", PulseServer.Pcm, "-t", "raw", "-f", "S16_LE", "-r", $"{SampleRate}", "-c", "2", "-F", "50000", "-B", "200000"];
        await using var recorder = Processes.Start("arecord", words, environment: server.Environment);
        await server.FeedAsync(fed, SampleRate);

        // Silence until the first fed sample; of the noise two samples of 0 in a row are one in four billion.
        var heard = ReadOnlyMemory<byte>.Empty;
        await Wait.UntilAsync(
            () =>
            {
                var captured = recorder.Output;
                var start = captured.AsSpan().IndexOfAnyExcept((byte)0) & ~3;
                heard = start < 0 ? default : captured.AsMemory(start);
                return heard.Length > BytesPerSecond;
            },
            TimeSpan.FromSeconds(20),
            () => $"{heard.Length} bytes were captured: {recorder.Errors}");

        var place = fed.AsSpan().IndexOf(heard.Span[..64]);
        Assert.True(place >= 0, "The first samples are none that were fed.");
        Assert.True(fed.AsSpan(place, BytesPerSecond).SequenceEqual(heard.Span[..BytesPerSecond]), "The second that follows is not what was fed.");
    }
}
