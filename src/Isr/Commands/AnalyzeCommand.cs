using System.CommandLine;
using System.Runtime.InteropServices;
using Isr.Analysis;
using Isr.Audio.Detection;
using Isr.Commands.Analyze;

namespace Isr.Commands;

/// <summary>`analyze`: the sections of any files.</summary>
internal static class AnalyzeCommand
{
    public static Command Create()
    {
        var command = new Command("analyze", "Say what in audio files stands out above the background noise. Exit code 1 when a file cannot be decoded.");
        var files = new Argument<string[]>("FILE") { Description = "Files of any format that isr records, or WAV.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var csv = new Option<bool>("--csv") { Description = "As CSV, times in seconds." };
        var labels = new Option<bool>("--labels") { Description = "As a label track for Audacity; of one file." };
        var margin = Number("--margin", "Decibels above the noise (1 to 60); 12 when left out.", "DB");
        var minGap = Number("--min-gap", "Seconds of quiet that end a section (0 to 300); 2 when left out.", "S");
        var minDuration = Number("--min-duration", "Seconds that a section lasts at least (0 to 60); 0.5 when left out.", "S");
        command.Add(files);
        command.Add(json);
        command.Add(csv);
        command.Add(labels);
        command.Add(margin);
        command.Add(minGap);
        command.Add(minDuration);
        command.SetAction((result, _) =>
        {
            var paths = result.GetValue(files)!;
            if (Mistake(paths, result.GetValue(json), result.GetValue(csv), result.GetValue(labels)) is { } mistake)
            {
                Console.Error.WriteLine(mistake);
                return Task.FromResult(ExitCode.Wrong);
            }

            var parameters = DetectionParameters.Within(
                result.GetValue(margin), result.GetValue(minGap), result.GetValue(minDuration), DetectionParameters.Default);
            ISectionWriter writer = result.GetValue(json) ? new JsonSections(Console.Out)
                : result.GetValue(csv) ? new CsvSections(Console.Out)
                : result.GetValue(labels) ? new LabelSections(Console.Out)
                : new TableSections(Console.Out, Columns());
            return RunAsync(paths, parameters, writer);
        });
        return command;
    }

    private static Option<double?> Number(string name, string description, string unit) => new(name) { Description = description, HelpName = unit };

    private static string? Mistake(string[] paths, params ReadOnlySpan<bool> formats)
    {
        if (formats.Count(true) > 1)
        {
            return "Choose one of --json, --csv and --labels.";
        }

        if (formats[^1] && paths.Length > 1)
        {
            return "--labels writes a label track, which belongs to one file: name one.";
        }

        foreach (var path in paths)
        {
            if (path == "-")
            {
                // Files are read from several places at once, and some from their end.
                return "Standard input cannot be analyzed: name a file.";
            }

            if (Directory.Exists(path))
            {
                return $"{ShownName.Of(path)} is a folder: name files in it.";
            }

            if (!File.Exists(path))
            {
                return $"There is no file {(path.Length == 0 ? "without a name" : ShownName.Of(path))}.";
            }
        }

        return null;
    }

    /// <summary>How wide the terminal is; null where the output goes elsewhere.</summary>
    private static int? Columns()
    {
        try
        {
            return Console.IsOutputRedirected ? null : Math.Clamp(Console.WindowWidth, 20, TableSections.MostColumns);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<int> RunAsync(string[] paths, DetectionParameters parameters, ISectionWriter writer)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        var progress = Console.IsErrorRedirected ? null : new ProgressLine(Console.Error, paths.Length);
        var cores = Environment.ProcessorCount;
        var together = Math.Min(cores, paths.Length);
        using var turns = new SemaphoreSlim(together);
        var analyses = Array.ConvertAll(paths, path => InTurnAsync(turns, path, cores / together, parameters, progress, stop.Token));
        var failed = false;
        try
        {
            foreach (var analysis in analyses)
            {
                var file = await analysis;
                if (progress is null)
                {
                    Tell(file);
                }
                else
                {
                    progress.Interrupt(() => Tell(file));
                }

                failed |= !file.IsDecoded;
            }

            writer.End();
        }
        catch (OperationCanceledException)
        {
            progress?.Interrupt(static () => { });
            await Console.Error.WriteLineAsync("Stopped.");
            failed = true;
        }
        finally
        {
            await stop.CancelAsync();
            Task all = Task.WhenAll(analyses);
            await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return failed ? ExitCode.Failed : ExitCode.Done;

        void Tell(AnalyzedFile file)
        {
            if (file.Warning is { } warning)
            {
                Console.Error.WriteLine($"{ShownName.Of(file.Path)}: {warning}");
            }

            writer.Write(file);
        }

        void End(PosixSignalContext context)
        {
            // A second signal ends it as if nobody had asked for the first.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    private static async Task<AnalyzedFile> InTurnAsync(
        SemaphoreSlim turns, string path, int cores, DetectionParameters parameters, ProgressLine? progress, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            // Not on the pool: it waits for ffmpeg, whose pipes the pool reads.
            return await Task.Factory.StartNew(
                () =>
                {
                    var measured = FileMeasurer.Measure(
                        Path.GetFullPath(path), cores, progress is null ? null : part => progress.Show(path, part), cancellationToken);
                    progress?.Done(path);
                    return AnalyzedFile.Of(path, measured, parameters);
                },
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
        finally
        {
            turns.Release();
        }
    }
}
