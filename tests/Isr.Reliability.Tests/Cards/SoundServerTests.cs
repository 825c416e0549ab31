using System.Globalization;
using System.Runtime.InteropServices;
using Isr.Recording.Journal;
using Isr.Recording.Status;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Cards;

/// <summary>A recorder on a real sound server, whose samples count.</summary>
public sealed class SoundServerTests
{
    private static int Seconds => Campaign.IsFull ? 600 : 14;

    private static double SplitSeconds => Campaign.IsFull ? 15 : 6;

    [Fact]
    public Task A_long_capture_is_whole_and_split_on_the_boundary() => FaultMatrix.RowAsync(
        FaultKind.Card,
        $"none: {Seconds} s from PulseAudio, files of {SplitSeconds} s",
        "files joined are what was played; every file begins within 25 ms of its boundary, by the arrivals at another program; no xrun",
        async () =>
        {
            using var folder = new ProgramFolder();
            await using var server = await PulseServer.StartAsync();
            await File.WriteAllTextAsync(
                folder.Config,
                string.Create(CultureInfo.InvariantCulture, $"[general]\noutput_directory = {folder.Recordings}\nsplit_minutes = {SplitSeconds / 60}\n[mic]\ntype = soundcard\ndevice = {PulseServer.Pcm}\nsample_rate = 48000\n"),
                TestContext.Current.CancellationToken);
            var counts = new uint[(Seconds + 30) * CardFiles.Rate];
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] = (uint)i + 1;
            }

            await server.FeedAsync(MemoryMarshal.AsBytes(counts.AsSpan()).ToArray());
            RecorderStatus status;
            var tap = MonitorTap.Start(server);
            await using (var program = IsrProgram.Start(folder, ["record"], environment: server.Environment))
            {
                await program.UntilRecordingAsync(folder);
                await FaultRun.ForAsync(Seconds);
                status = RecorderStatus.Read(folder.Recordings, TimeProvider.System);
                var (result, _) = await program.EndAsync(Signal.Terminate);
                Assert.True(result.ExitCode == 0, result.Errors);
            }

            await tap.DisposeAsync();
            var (timestamp, now) = (TimeProvider.System.GetTimestamp(), TimeProvider.System.GetUtcNow());
            var errors = new List<double>();
            var (samples, lost, next) = (0L, 0L, 0L);
            foreach (var opened in folder.Entries<FileOpened>())
            {
                var numbers = await CardFiles.NumbersInAsync(Path.Combine(folder.Recordings, opened.File));
                if (next > 0)
                {
                    var boundary = DateTimeOffset.ParseExact(Path.GetFileNameWithoutExtension(opened.File), "yyyyMMdd_HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal);
                    var truth = now.AddSeconds((tap.TimestampOf(numbers[0]) - timestamp) / TimeProvider.System.TimestampFrequency);
                    errors.Add((truth - boundary).TotalMilliseconds);
                }

                foreach (var number in numbers)
                {
                    lost += next > 0 && number != next ? 1 : 0;
                    next = number + 1L;
                }

                samples += numbers.Length;
                await AudioChecks.PassesAllAsync(Path.Combine(folder.Recordings, opened.File));
            }

            var source = status.Sources![0];
            Assert.Equal(0, lost);
            Assert.Equal(0, source.Overruns);
            Assert.Empty(folder.Entries<GapFound>());
            Assert.Empty(folder.Entries<StallFound>());
            Assert.InRange(errors.Count, (Seconds / SplitSeconds) - 2, (Seconds / SplitSeconds) + 2);
            Assert.All(errors, error => Assert.InRange(error, -25, 25));
            errors.Sort();
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{samples} samples in {errors.Count + 1} files, 0 lost, 0 doubled, {source.Overruns} xruns; splits {errors[0]:0.0} to {errors[^1]:0.0} ms, median {errors[errors.Count / 2]:0.0} ms; drift {source.DriftPpm?.ToString("0.0", CultureInfo.InvariantCulture) ?? "unknown"} ppm");
        });
}
