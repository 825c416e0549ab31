using System.Diagnostics;
using System.Net;
using Isr.Recording.Journal;
using Isr.Sources;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Programs;

/// <summary>What becomes of recordings when the process that decodes them comes to harm.</summary>
public sealed class DecoderFaultTests
{
    private const int Seed = 6;

    private static readonly string[] s_formats = ["mp3", "adts", "ogg", "opus", "oggflac", "flac", "wav"];

    [Fact]
    public Task A_worker_that_is_killed_costs_no_recording_anything() => FaultMatrix.RowAsync(
        FaultKind.Process,
        $"the decoding process is killed (kill -9) {Kills} times while streams are recorded",
        "no recording loses anything; it is started again; afterwards every finished file has its levels and sections",
        async () =>
        {
            await using var icecast = await IcecastServer.StartAsync();
            await Task.WhenAll(icecast.FeedAsync("/mp3", "mp3", kilobits: 96, seed: 1), icecast.FeedAsync("/ogg", "ogg", kilobits: 96, seed: 2));
            await using var run = new FaultRun { WithPage = true };
            var others = Enumerable.Range(0, 4).Select(i => run.Add(new NumberedStation($"other{i}").MapHealthy(run.Server))).ToList();
            run.Add("mp3", icecast.Url("/mp3"));
            run.Add("ogg", icecast.Url("/ogg"));
            await run.StartAsync();
            await run.UntilAsync("mp3", SourceState.Recording);

            // Each time it comes back a little later.
            var killed = new HashSet<int>();
            while (killed.Count < Kills)
            {
                await run.UntilAsync(() => Decoders.Of(run.Program.Id).Exists(worker => !killed.Contains(worker)), () => $"no worker after {killed.Count} of {Kills}");
                foreach (var worker in Decoders.Of(run.Program.Id).Where(killed.Add))
                {
                    Kill(worker);
                }
            }

            await run.UntilAsync(() => Decoders.Of(run.Program.Id).Exists(worker => !killed.Contains(worker)), () => "no worker any more");
            List<string> Finished() => [.. run.Folder.Entries<FileClosed>().Where(closed => closed.Source is "mp3" or "ogg").Select(closed => closed.File)];
            await run.UntilAsync(() => Finished().Count >= 5, () => $"{Finished().Count} files are finished");

            var (levels, asked) = (0, 0);
            foreach (var file in Finished())
            {
                using var answer = await run.Program.Http.GetAsync(new Uri("api/analyze?file=" + Uri.EscapeDataString(file), UriKind.Relative), TestContext.Current.CancellationToken);
                asked++;
                levels += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
            }

            await run.StopAsync();
            foreach (var other in others)
            {
                other.Find(run.Folder).IsWhole(other.Name, inFlight: 16);
            }

            var witness = run.CheckWitness();
            Assert.True(asked > 0);
            Assert.Equal(asked, levels);
            Assert.DoesNotContain(run.Folder.Entries<GapFound>(), gap => gap.Seconds > 0);
            return $"{killed.Count} killed; {levels} of {asked} finished files have levels; witness and 4 others: 0 lost, 0 doubled ({witness.Figures})";
        });

    [Fact]
    public Task A_worker_that_is_fed_hostile_bytes_costs_no_recording_anything() => FaultMatrix.RowAsync(
        FaultKind.Process,
        $"{Hostile} damaged and made-up files of all formats lie among the recordings, and the levels of each are asked for",
        "no recording loses anything; every question is answered, with levels or with a sentence",
        async () =>
        {
            await using var run = new FaultRun { WithPage = true };
            var names = await MakeHostileAsync(Path.Combine(run.Folder.Recordings, "hostile"));
            await run.StartAsync();
            await run.UntilAsync("witness", SourceState.Recording);

            var (levels, sentences, longest) = (0, 0, TimeSpan.Zero);
            foreach (var name in names)
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await run.Program.Http.GetAsync(new Uri("api/analyze?file=" + Uri.EscapeDataString("hostile/" + name), UriKind.Relative), TestContext.Current.CancellationToken);
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                longest = longest > Stopwatch.GetElapsedTime(began) ? longest : Stopwatch.GetElapsedTime(began);
                levels += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
                sentences += answer.StatusCode == HttpStatusCode.UnprocessableEntity && text.Contains("\"error\":", StringComparison.Ordinal) ? 1 : 0;
                Assert.True(levels + sentences > 0 && answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{name}: {answer.StatusCode} {text}");
            }

            var deaths = File.ReadLines(run.Folder.File("recorder.log")).Count(line => line.Contains("decoding process", StringComparison.Ordinal));
            await run.StopAsync();
            var witness = run.CheckWitness();
            Assert.Equal(names.Count, levels + sentences);
            return FormattableString.Invariant($"seed {Seed}; {levels} gave levels, {sentences} a sentence, the slowest after {longest.TotalSeconds:0.0} s; the worker died {deaths} times; witness: {witness.Figures}");
        });

    private static int Kills => Campaign.IsFull ? 10 : 4;

    private static int Hostile => Campaign.IsFull ? 350 : 28;

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // Gone since it was seen.
        }
    }

    private static async Task<List<string>> MakeHostileAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(Seed);
        var names = new List<string>();
        var sounds = new List<byte[]>();
        foreach (var format in s_formats)
        {
            string[] input = ["-v", "error", "-nostdin", "-filter_complex", TestAudio.Graph(), "-t", "15"];
            sounds.Add((await Processes.CheckAsync("ffmpeg", [.. input, .. TestAudio.Codec(format), "pipe:1"])).Output);
        }

        for (var i = 0; i < Hostile; i++)
        {
            var format = s_formats[i % s_formats.Length];
            var whole = sounds[i % s_formats.Length];
            var bytes = whole[..random.Next(1, Math.Min(whole.Length, 200_000))];
            for (var n = random.Next(1, 100); n > 0; n--)
            {
                bytes[random.Next(3) == 0 ? random.Next(Math.Min(bytes.Length, 200)) : random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (i % 9 == 8)
            {
                random.NextBytes(bytes);
            }

            var extension = format switch { "adts" => "aac", "oggflac" => "ogg", _ => format };
            names.Add($"{i}.{extension}");
            await File.WriteAllBytesAsync(Path.Combine(folder, names[^1]), bytes);
        }

        return names;
    }
}
