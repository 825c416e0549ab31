using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>`isr cut` as a process of its own.</summary>
public sealed class CutCommandTests
{
    private const int Rate = 8000;

    private static readonly TestSound s_sound = TestSound.Make(Rate, 1, 16, 4);

    [Fact]
    public async Task A_cut_stands_beside_its_file_and_overwrites_nothing()
    {
        using var folder = new ProgramFolder();
        await WriteAsync(folder.File("20260523_223130.wav"));
        await WriteAsync(folder.File("voice.wav"));

        var first = await IsrProgram.RunAsync(folder, "cut", "20260523_223130.wav", "1", "0:03.5");
        var results = await Task.WhenAll(
            IsrProgram.RunAsync(folder, "cut", folder.File("20260523_223130.wav"), "1", "3.5"),
            IsrProgram.RunAsync(folder, "cut", "voice.wav", "0", "4.05"),
            IsrProgram.RunAsync(folder, "cut", "voice.wav", "2", "3", "--output", folder.File("20260523_223130.wav")));

        Assert.All(results.Prepend(first), result => Assert.Equal((0, ""), (result.ExitCode, result.Errors)));
        Assert.Equal("20260523_22-31-31_22-31-34.wav: 0:02.5, ", first.Text[..first.Text.IndexOf("40", StringComparison.Ordinal)]);
        Assert.Equal(
            ["20260523_22-31-31_22-31-34.wav", "20260523_22-31-31_22-31-34_2.wav", "20260523_223130.wav", "20260523_223130_2.wav", "voice.wav", "voice_cut_0s-4s.wav"],
            Directory.EnumerateFiles(folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        await HoldsAsync(folder.File("20260523_22-31-31_22-31-34.wav"), 1, 3.5);
        await HoldsAsync(folder.File("20260523_22-31-31_22-31-34_2.wav"), 1, 3.5);
        await HoldsAsync(folder.File("20260523_223130.wav"), 0, 4);
        await HoldsAsync(folder.File("20260523_223130_2.wav"), 2, 3);
        await HoldsAsync(folder.File("voice_cut_0s-4s.wav"), 0, 4);
    }

    [Fact]
    public async Task What_cannot_be_cut_is_said_in_a_sentence_and_by_the_exit_code()
    {
        using var folder = new ProgramFolder();
        await WriteAsync(folder.File("voice.wav"));
        await File.WriteAllBytesAsync(folder.File("noise.mp3"), new byte[5000], TestContext.Current.CancellationToken);
        (int Code, string Sentence, string[] Words)[] asked =
        [
            (2, "START and END are seconds", ["voice.wav", "now", "2"]),
            (2, "must lie before the end", ["voice.wav", "3", "2"]),
            (2, "The recording ends at 0:04", ["voice.wav", "1", "5"]),
            (2, "There is no file none.wav", ["none.wav", "1", "2"]),
            (2, "is a folder", [".", "1", "2"]),
            (2, "Required argument missing", ["voice.wav", "1"]),
            (1, "noise.mp3 cannot be cut", ["noise.mp3", "1", "2"]),
            (1, "none", ["voice.wav", "1", "2", "--output", "none/x.wav"]),
        ];

        var results = await Task.WhenAll(asked.Select(item => IsrProgram.RunAsync(folder, ["cut", .. item.Words])));

        Assert.All(asked.Zip(results), pair =>
        {
            Assert.True(pair.First.Code == pair.Second.ExitCode, $"{string.Join(' ', pair.First.Words)}: {pair.Second.ExitCode} {pair.Second.All}");
            Assert.Contains(pair.First.Sentence, pair.Second.Errors, StringComparison.Ordinal);
        });
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(folder.Path).Count());
    }

    private static Task WriteAsync(string path) =>
        File.WriteAllBytesAsync(path, WavBytes.File(WavBytes.Pcm, Rate, 1, 16, s_sound.Bytes(2)), TestContext.Current.CancellationToken);

    private static async Task HoldsAsync(string path, double from, double to)
    {
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(s_sound.Bytes(2)[(int)(from * 2 * Rate)..(int)(to * 2 * Rate)], bytes[^(int)((to - from) * 2 * Rate)..]);
    }
}
