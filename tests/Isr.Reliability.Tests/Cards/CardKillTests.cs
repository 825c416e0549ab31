using System.Buffers.Binary;
using System.Globalization;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Cards;

/// <summary>kill -9 at random moments of a recorder of soundcards, each time started again.</summary>
public sealed class CardKillTests
{
    private const int Seed = 5;

    private static readonly string[] s_formats = ["wav", "flac"];

    private static int Times => Campaign.IsFull ? 50 : 2;

    [Fact]
    public Task At_most_the_last_second_is_lost() => FaultMatrix.RowAsync(
        FaultKind.Card,
        $"kill -9 at {Times} random moments of a process that records to WAV and to FLAC, started again each time",
        "what was taken 1 s before is in a file, but for a connection's first 1.5 s; inside a run nothing is lost; the next start finishes every file, each is valid, and the gap is in the journal to 20 ms",
        async () =>
        {
            using var folder = new ProgramFolder();
            var devices = await Task.WhenAll(s_formats.Select(_ => AlsaRig.AddAsync()));
            var environment = await AlsaRig.EnvironmentAsync();
            await File.WriteAllTextAsync(
                folder.Config,
                $"[general]\noutput_directory = {folder.Recordings}\nsplit_minutes = 0.1\nretry_delay_seconds = 1\nsample_rate = 48000\n" + string.Concat(s_formats.Select((format, i) =>
                    $"[{format}]\ntype = soundcard\ndevice = {devices[i].Pcm}\nformat = {format}\noutput_directory = {Path.Combine(folder.Recordings, format)}\n")),
                TestContext.Current.CancellationToken);

            var random = new Random(Seed);
            var worst = new double[s_formats.Length];
            for (var i = 0; i < Times; i++)
            {
                var known = folder.Files().ToHashSet(StringComparer.Ordinal);
                await using var program = IsrProgram.Start(folder, ["record"], environment: environment);
                await Wait.UntilAsync(
                    () => s_formats.All(format => folder.Files().Any(f => !known.Contains(f) && Path.GetExtension(f) == "." + format)),
                    TimeSpan.FromSeconds(20), () => $"nothing is recorded: {program.Errors}");
                await FaultRun.ForAsync(0.5 + (random.NextDouble() * 7));
                program.Kill();
                var killed = TimeProvider.System.GetTimestamp();
                for (var card = 0; card < s_formats.Length; card++)
                {
                    // One that had just begun may hold nothing yet.
                    uint? last = null;
                    foreach (var newest in folder.Files().Where(f => Path.GetExtension(f) == "." + s_formats[card]).Reverse())
                    {
                        if ((last = await LastNumberAsync(newest)) is not null)
                        {
                            break;
                        }
                    }

                    worst[card] = Math.Max(worst[card], TimeProvider.System.GetElapsedTime(devices[card].CapturedAt(last!.Value, CardFiles.Rate), killed).TotalSeconds);
                }
            }

            await using (var last = IsrProgram.Start(folder, ["record"], environment: environment))
            {
                await FaultRun.ForAsync(5);
                await last.EndAsync(Signal.Terminate);
            }

            var figures = new List<string>();
            for (var card = 0; card < s_formats.Length; card++)
            {
                var files = await CardFiles.ReadAsync(folder, s_formats[card], devices[card]);
                Assert.InRange(worst[card], 0, 1);
                Assert.True(files.Holes.Count <= Times && files.Holes.TrueForAll(h => h.File is null), $"{s_formats[card]}: {string.Join(", ", files.Holes)} after {Times} kills (seed {Seed})");
                var error = files.WorstGapError(folder, s_formats[card]);
                Assert.InRange(error, 0, 20);
                await AudioChecks.PassesAllAsync(files.Files.Select(file => Path.Combine(folder.Recordings, file.Opened.File)));

                figures.Add(string.Create(CultureInfo.InvariantCulture, $"{s_formats[card]}: {worst[card]:0.00} s at worst not on the disk, gaps wrong by {error:0.0} ms at most, {files.Files.Count} files valid"));
            }

            Assert.All(folder.Entries<GapFound>(), gap => Assert.Equal(GapCause.Killed, gap.Cause));
            return $"seed {Seed}; {string.Join("; ", figures)}";
        });

    /// <summary>The last moment in a file that was left open; null when it holds none.</summary>
    private static async Task<uint?> LastNumberAsync(string path)
    {
        if (Path.GetExtension(path) == ".flac")
        {
            // A torn last frame makes the decoder end with an error, after all that is whole.
            var decoded = await Processes.RunAsync("flac", ["-d", "-s", "-c", "-F", "--force-raw-format", "--endian=little", "--sign=signed", path]);
            var whole = decoded.Output.Length & ~3;
            return whole == 0 ? null : BinaryPrimitives.ReadUInt32LittleEndian(decoded.Output.AsSpan(whole - sizeof(uint)));
        }

        return await CardFiles.NumbersInAsync(path) is [.., var last] ? last : null;
    }
}
