using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Isr.Sources;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Scale;

/// <summary>A backlog of recordings is analysed while others are made.</summary>
public sealed class AnalysisLoadTests
{
    private const int Copies = 4;

    private static readonly string[] s_formats = ["mp3", "adts", "ogg", "opus", "flac", "wav"];

    private static int Stations => Campaign.IsFull ? 50 : 8;

    private static int FileMinutes => Campaign.IsFull ? 60 : 1;

    [Fact]
    public Task A_day_of_recordings_is_analysed_beside_what_is_recorded() => FaultMatrix.RowAsync(
        FaultKind.Scale,
        $"{s_formats.Length * Copies * FileMinutes / 60.0:0.#} h of recordings in six formats without levels, while {Stations} streams are recorded",
        "no stream loses anything; all recordings get their levels and sections, by a process of low priority",
        async () =>
        {
            await using var run = new FaultRun { WithPage = true, SplitMinutes = 1 };
            var others = Enumerable.Range(0, Stations - 1).Select(i => run.Add(new NumberedStation($"s{i:00}").MapHealthy(run.Server))).ToList();
            var files = await MakeAsync(Path.Combine(run.Folder.Recordings, "old"));
            await run.StartAsync();
            await run.UntilAsync("witness", SourceState.Recording);

            var began = Stopwatch.GetTimestamp();
            var (before, worker) = (Ticks(run.Program.Id), 0L);
            await Wait.UntilAsync(
                async () =>
                {
                    worker = Math.Max(worker, DecoderTicks(run.Program.Id));
                    return await AnalysedAsync(run) == files;
                },
                TimeSpan.FromMinutes(20),
                () => "the backlog is analysed");
            var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var recorder = Ticks(run.Program.Id) - before;

            await run.StopAsync();
            var found = run.CheckWitness();
            var all = others.ConvertAll(s => s.Find(run.Folder).IsWhole(s.Name, inFlight: 16));
            return FormattableString.Invariant(
                $"{files} files in {took:0} s; CPU of the recorder {recorder / took:0.0} %, of the worker and its decoders {worker / took:0} % of a core; {found.Sent + all.Sum(f => (long)f.Sent)} frames sent, 0 lost, 0 doubled");
        });

    private static async Task<int> AnalysedAsync(FaultRun run)
    {
        using var files = JsonDocument.Parse(await run.Program.Http.GetStringAsync(new Uri("api/files?q=old/", UriKind.Relative), TestContext.Current.CancellationToken));
        return files.RootElement.EnumerateArray().Count(file => file.GetProperty("cached_analysis").ValueKind == JsonValueKind.Array);
    }

    /// <summary>One of each format, and links to it under other names.</summary>
    private static async Task<int> MakeAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var format in s_formats)
        {
            var extension = format == "adts" ? "aac" : format;
            var first = Path.Combine(folder, $"{format}0.{extension}");
            string[] input = ["-v", "error", "-nostdin", "-filter_complex", TestAudio.Graph(), "-t", $"{60 * FileMinutes}"];
            await Processes.CheckAsync("ffmpeg", [.. input, .. TestAudio.Codec(format), first]);
            for (var i = 1; i < Copies; i++)
            {
                await Processes.CheckAsync("ln", [first, Path.Combine(folder, $"{format}{i}.{extension}")]);
            }
        }

        return s_formats.Length * Copies;
    }

    /// <summary>Hundredths of a second that the process has computed, with its children that have ended.</summary>
    private static long Ticks(int process) => Stat(process)[11..13].Sum(text => long.Parse(text, CultureInfo.InvariantCulture));

    private static long DecoderTicks(int program) => Decoders.Of(program)
        .Sum(worker => Stat(worker) is { Length: > 15 } stat ? stat[11..15].Sum(text => long.Parse(text, CultureInfo.InvariantCulture)) : 0);

    /// <summary>Fields of proc(5) from the state on, the third.</summary>
    private static string[] Stat(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
        }
        catch (IOException)
        {
            // Gone since it was seen.
            return [];
        }
    }
}
