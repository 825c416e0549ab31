using Isr.Tests.Support;

namespace Isr.Tests.Playback.Export;

/// <summary>What the journal tells of, and yet cannot be given.</summary>
public sealed class ExportRefusalTests
{
    [Fact]
    public async Task Nothing_that_can_be_read_and_more_channels_than_flac_has_are_refused_with_a_sentence()
    {
        await using var folder = new ToldFolder();
        await File.WriteAllBytesAsync(folder.PathOf("noise.mp3"), new byte[5000], TestContext.Current.CancellationToken);
        folder.Tell("noise", "noise.mp3", 0, 10 * 44100, 44100, 2);
        await File.WriteAllBytesAsync(folder.PathOf("nine.wav"), WavBytes.File(WavBytes.Pcm, 8000, 9, 16, new byte[9 * 2 * 8000]), TestContext.Current.CancellationToken);
        folder.Tell("nine", "nine.wav", 0, 8000, 8000, 9);
        await folder.BeginAsync();
        var span = $"from={ToldFolder.Utc(0)}&to={ToldFolder.Utc(1)}";

        (await folder.AskAsync($"/api/export?source=noise&{span}")).IsProblem(422);
        (await folder.AskAsync($"/api/cut?source=noise&{span}")).IsProblem(422);
        (await folder.AskAsync("/api/analyze?file=noise.mp3")).IsProblem(422);
        (await folder.AskAsync("/api/levels?file=noise.mp3")).IsProblem(422);
        var flac = await folder.AskAsync($"/api/export?source=nine&{span}&format=flac");
        flac.IsProblem(409);
        Assert.Contains("format=wav", flac.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await folder.AskAsync($"/api/export?source=nine&{span}&format=wav")).Status);
    }
}
