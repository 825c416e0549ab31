using System.Globalization;
using System.Text.Json;
using Isr.Commands.Analyze;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Commands;

/// <summary>`isr analyze` as a process, its outputs read back.</summary>
public sealed class AnalyzeCommandTests : IDisposable
{
    private const string First = "night.wav";
    private const string Quiet = "a \"quiet\", one.flac";

    /// <summary>Noise, in which it is loud from 10 to 12 s and from 30 to 31.5 s.</summary>
    private static readonly (double Start, double End)[] s_loud = [(10, 12), (30, 31.5)];

    private readonly ProgramFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("wav", "-c:a pcm_s16le")]
    [InlineData("wav", "-c:a pcm_f32le")]
    [InlineData("flac", "-c:a flac")]
    [InlineData("mp3", "-c:a libmp3lame -b:a 128k")]
    [InlineData("opus", "-c:a libopus -b:a 96k")]
    public async Task Sections_of_every_format_are_where_it_is_loud(string extension, string codec)
    {
        var name = $"night.{extension}";
        await MakeAsync(name, codec);

        var result = await IsrProgram.RunAsync(_folder, "analyze", "--json", name);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        var file = Assert.Single(JsonDocument.Parse(result.Output).RootElement.EnumerateArray());
        Assert.Equal(name, file.GetProperty("file").GetString());
        Assert.Equal(0.1, file.GetProperty("window").GetDouble());
        Assert.InRange(file.GetProperty("duration").GetDouble(), 40, 40.1);
        Assert.Equal(JsonValueKind.Null, file.GetProperty("damage").ValueKind);
        var sections = file.GetProperty("sections").EnumerateArray().ToList();
        Assert.Equal(s_loud.Length, sections.Count);
        foreach (var (section, (start, end)) in sections.Zip(s_loud))
        {
            Assert.InRange(section.GetProperty("start").GetDouble(), start - 0.1, start + 0.1);
            Assert.InRange(section.GetProperty("end").GetDouble(), end - 0.1, end + 0.1);
            Assert.Equal(section.GetProperty("end").GetDouble() - section.GetProperty("start").GetDouble(), section.GetProperty("duration").GetDouble(), 6);
            Assert.InRange(section.GetProperty("score").GetDouble(), 20, 40);
        }
    }

    [Fact]
    public async Task All_outputs_tell_the_same_of_many_files_in_the_order_given()
    {
        await MakeAsync(First, "-c:a pcm_s16le");
        await MakeAsync(Quiet, "-c:a flac", loud: false);

        var json = await IsrProgram.RunAsync(_folder, "analyze", "--json", First, Quiet, First);
        var csv = await IsrProgram.RunAsync(_folder, "analyze", "--csv", First, Quiet, First);
        var labels = await IsrProgram.RunAsync(_folder, "analyze", "--labels", First);
        var table = await IsrProgram.RunAsync(_folder, "analyze", First, Quiet, First);

        var files = JsonDocument.Parse(json.Output).RootElement.EnumerateArray().ToList();
        Assert.Equal($"{First}|{Quiet}|{First}", string.Join('|', files.Select(f => f.GetProperty("file").GetString())));
        Assert.Equal<int>([2, 0, 2], files.Select(f => f.GetProperty("sections").GetArrayLength()));
        var sections = files[0].GetProperty("sections").EnumerateArray().Select(s =>
            (Start: s.GetProperty("start").GetDouble(), End: s.GetProperty("end").GetDouble(), Score: s.GetProperty("score").GetDouble())).ToList();

        var lines = sections.ConvertAll(s => FormattableString.Invariant($"{First},{s.Start:0.0},{s.End:0.0},{s.End - s.Start:0.0},{s.Score:0.0}"));
        Assert.Equal(["file,start,end,duration,score", .. lines, .. lines, ""], csv.Text.Split("\r\n"));

        Assert.Equal(
            sections,
            labels.Text.TrimEnd('\n').Split('\n').Select(line => line.Split('\t')).Select(cells =>
                (double.Parse(cells[0], CultureInfo.InvariantCulture), double.Parse(cells[1], CultureInfo.InvariantCulture), double.Parse(cells[2].Split(' ')[0], CultureInfo.InvariantCulture))));

        Assert.Contains($"{First}: 0:00:40.0, 2 sections\nstart      end        duration   score\n0:00:10.0  0:00:12.", table.Text, StringComparison.Ordinal);
        Assert.Contains($"{Quiet}: 0:00:40.0, nothing stands out\n", table.Text, StringComparison.Ordinal);
        Assert.All([json, csv, labels, table], result => Assert.Equal((0, ""), (result.ExitCode, result.Errors)));
    }

    [Fact]
    public async Task A_name_with_a_comma_and_quotes_is_one_field_of_CSV()
    {
        await MakeAsync(Quiet, "-c:a flac");

        var result = await IsrProgram.RunAsync(_folder, "analyze", "--csv", Quiet);

        Assert.Equal(2, result.Text.Split("\r\n").Count(line => line.StartsWith("\"a \"\"quiet\"\", one.flac\",", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Parameters_out_of_range_are_clamped_and_nonsense_is_refused()
    {
        await MakeAsync(First, "-c:a pcm_s16le");

        var most = await IsrProgram.RunAsync(_folder, "analyze", "--csv", "--margin", "61000", First);
        var gap = await IsrProgram.RunAsync(_folder, "analyze", "--csv", "--min-gap", "1e9", First);
        var notANumber = await IsrProgram.RunAsync(_folder, "analyze", "--csv", "--min-duration", "NaN", First);
        var nonsense = await IsrProgram.RunAsync(_folder, "analyze", "--margin", "loud", First);

        Assert.Equal(1, Lines(most));
        Assert.Equal(2, Lines(gap));
        Assert.Equal(3, Lines(notANumber));
        Assert.Equal(2, nonsense.ExitCode);

        static int Lines(ProcessResult result) => result.Text.Count(c => c == '\n');
    }

    [Fact]
    public async Task A_file_that_cannot_be_decoded_is_told_and_the_others_are_analyzed()
    {
        await MakeAsync(First, "-c:a pcm_s16le");
        File.WriteAllText(_folder.File("text\n.wav"), "no sound");

        var result = await IsrProgram.RunAsync(_folder, "analyze", "text\n.wav", First);
        var json = await IsrProgram.RunAsync(_folder, "analyze", "--json", "text\n.wav", First);

        Assert.Equal((1, 1), (result.ExitCode, json.ExitCode));
        Assert.StartsWith("text\\n.wav: ", result.Errors, StringComparison.Ordinal);
        Assert.Equal(1, result.Errors.Count(c => c == '\n'));
        Assert.Contains($"{First}: 0:00:40.0, 2 sections", result.Text, StringComparison.Ordinal);
        var files = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal("text\n.wav", files[0].GetProperty("file").GetString());
        Assert.Equal(JsonValueKind.Null, files[0].GetProperty("duration").ValueKind);
        Assert.False(string.IsNullOrEmpty(files[0].GetProperty("error").GetString()));
        Assert.Equal(2, files[1].GetProperty("sections").GetArrayLength());
    }

    [Fact]
    public async Task Of_a_damaged_file_there_is_what_can_be_decoded_and_a_warning()
    {
        await MakeAsync("night.flac", "-c:a flac");
        var bytes = File.ReadAllBytes(_folder.File("night.flac"));
        bytes.AsSpan(bytes.Length * 6 / 10, 20_000).Clear();
        File.WriteAllBytes(_folder.File("night.flac"), bytes);

        var result = await IsrProgram.RunAsync(_folder, "analyze", "--csv", "night.flac");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("night.flac: damaged from 0:00:", result.Errors, StringComparison.Ordinal);
        Assert.Contains("\r\nnight.flac,10.0,12.", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Required argument missing")]
    [InlineData("There is no file gone\\u001b.wav.", "gone\u001b.wav")]
    [InlineData("recordings is a folder", "recordings")]
    [InlineData("Standard input cannot be analyzed", "-")]
    [InlineData("one file", "--labels", "config.ini", "config.ini")]
    [InlineData("Choose one", "--json", "--csv", "config.ini")]
    public async Task Wrong_use_ends_it_with_a_sentence(string sentence, params string[] words)
    {
        _folder.Configure(1440);
        Directory.CreateDirectory(_folder.Recordings);

        var result = await IsrProgram.RunAsync(_folder, ["analyze", .. words]);

        Assert.Equal((2, ""), (result.ExitCode, result.Text));
        Assert.Contains(sentence, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_and_its_decoder_at_once()
    {
        await Processes.CheckAsync(
            "ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "anoisesrc=seed=1:r=48000:d=60", "-ac", "2", "-c:a", "libopus", "-b:a", "64k", _folder.File("minute.opus")]);

        // Links of an Ogg file follow on one another: an hour and a half.
        var minute = File.ReadAllBytes(_folder.File("minute.opus"));
        await using (var hours = File.Create(_folder.File("hours.opus")))
        {
            for (var i = 0; i < 90; i++)
            {
                await hours.WriteAsync(minute, TestContext.Current.CancellationToken);
            }
        }

        await using var program = IsrProgram.Start(_folder, ["analyze", "hours.opus"]);
        var decoder = 0;
        await Wait.UntilAsync(() => (decoder = ChildOf(program.Id)) != 0, TimeSpan.FromSeconds(20), () => "no ffmpeg was started");

        var (result, took) = await program.EndAsync(Signal.Interrupt);

        Assert.Equal((1, "", "Stopped.\n"), (result.ExitCode, result.Text, result.Errors));
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.False(Directory.Exists($"/proc/{decoder}"));
    }

    [Fact]
    public void The_picture_is_as_wide_as_the_terminal_and_shows_what_is_short()
    {
        var levels = Enumerable.Repeat(0.001, 1000).ToArray();
        levels[501] = 0.5;

        var picture = TableSections.Picture(levels, 80);

        Assert.Equal(80, picture.Length);
        Assert.Equal(40, picture.IndexOf('█', StringComparison.Ordinal));
        Assert.Equal(79, picture.Count(c => c == '▁'));
        Assert.Equal("▁▁▁", TableSections.Picture([0, 0, 0], 80).Replace('█', '▁'));
    }

    private static int ChildOf(int id) => File.ReadAllText($"/proc/{id}/task/{id}/children") is var own && own.Length > 0
        ? int.Parse(own.Split(' ')[0], CultureInfo.InvariantCulture)
        : Directory.EnumerateDirectories($"/proc/{id}/task")
            .Select(task => File.ReadAllText(Path.Combine(task, "children")))
            .Where(children => children.Length > 0)
            .Select(children => int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture))
            .FirstOrDefault();

    private Task<ProcessResult> MakeAsync(string name, string codec, bool loud = true) => Processes.CheckAsync(
        "ffmpeg",
        [
            "-v", "error", "-f", "lavfi", "-i", "anoisesrc=seed=1:amplitude=0.01:r=48000:d=40", "-af",
            "volume=eval=frame:volume='if(" + (loud ? "between(t,10,11.99)+between(t,30,31.49)" : "0") + ",30,1)'",
            "-ac", "2", .. codec.Split(' '), _folder.File(name),
        ]);
}
