using System.CommandLine;
using Isr.Analysis.Worker.Samples;
using Isr.Audio;
using Isr.Audio.Cutting;
using Isr.Commands.Analyze;
using Isr.Naming;
using Isr.Playback.Cutting;
using Microsoft.Win32.SafeHandles;

namespace Isr.Commands;

/// <summary>`cut`: a stretch of any file as a file of its own.</summary>
internal static class CutCommand
{
    private const int MostNames = 10_000;

    public static Command Create()
    {
        var command = new Command("cut", "Write a stretch of an audio file as a file of its own, in the same format and without encoding it anew. Exit code 1 when the file cannot be cut.");
        var path = new Argument<string>("FILE") { Description = "A file of any format that isr records, or WAV." };
        var start = new Argument<string>("START") { Description = "Where it begins: seconds (90.5), m:ss or h:mm:ss." };
        var end = new Argument<string>("END") { Description = "Where it ends, likewise." };
        var output = new Option<string?>("--output") { Description = "The file to write; beside FILE and named by the time when left out. No file is overwritten: _2 and so on is added.", HelpName = "FILE" };
        command.Add(path);
        command.Add(start);
        command.Add(end);
        command.Add(output);
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetValue(path)!, result.GetValue(start)!, result.GetValue(end)!, result.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, string start, string end, string? output, CancellationToken cancellationToken)
    {
        if (!CutTime.TryParse(start, out var from) || !CutTime.TryParse(end, out var to))
        {
            return Say(ExitCode.Wrong, $"START and END are seconds (90.5), m:ss (1:30) or h:mm:ss (0:01:30), not {ShownName.Of(start)} and {ShownName.Of(end)}.");
        }

        if (Directory.Exists(path) || !File.Exists(path))
        {
            return Say(ExitCode.Wrong, Directory.Exists(path) ? $"{ShownName.Of(path)} is a folder: name a file in it." : $"There is no file {(path.Length == 0 ? "without a name" : ShownName.Of(path))}.");
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using var recording = OpenRecording.TryOpen(file, null, out var sentence);
            if (recording is null)
            {
                return Say(ExitCode.Failed, $"{ShownName.Of(path)} cannot be cut. {sentence}");
            }

            if (RecordingCutter.IsOutside(recording, ref to, from) is { } outside)
            {
                return Say(ExitCode.Wrong, outside);
            }

            return await CutAsync(path, recording, from, to, output, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return Say(ExitCode.Failed, "Stopped.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Say(ExitCode.Failed, e.Message);
        }
    }

    private static async Task<int> CutAsync(string path, OpenRecording recording, double from, double to, string? output, CancellationToken cancellationToken)
    {
        var zone = TimeProvider.System.LocalTimeZone;
        var extension = Path.GetExtension(path).ToLowerInvariant();
        DateTimeOffset? began = FileNameDate.TryParse(path, [], zone, out var date)
            ? new DateTimeOffset(date.Local, date.Offset ?? zone.GetUtcOffset(date.Local))
            : null;
        var rate = recording.Frames.SampleRate;
        var roughly = began ?? new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero).AddSeconds(-recording.Seconds);
        var facts = new FileFacts(Path.GetFileNameWithoutExtension(path), TimeZoneInfo.ConvertTime(roughly.AddSeconds(from), zone));
        var stretch = new CutStretch(recording.Frames, (long)Math.Round(from * rate), (long)Math.Round(to * rate));

        // Nothing is being recorded in this process, so it decodes by itself.
        if (await FrameFile.TryCutAsync([stretch], facts, SamplePiece.DecodeAsync, cancellationToken) is not { } file)
        {
            return Say(ExitCode.Failed, $"{ShownName.Of(path)} cannot be cut: nothing of that stretch can be read.");
        }

        var name = began is { } start
            ? CutName.Of(start.AddSeconds(from), start.AddSeconds(to), zone, extension)
            : CutName.Of(path, from, to, extension);
        file.Measure(cancellationToken);
        using var target = Take(output ?? Path.Combine(Path.GetDirectoryName(path) ?? "", name), out var written);
        try
        {
            Write(file, target, cancellationToken);
        }
        catch
        {
            File.Delete(written);
            throw;
        }

        Console.WriteLine($"{ShownName.Of(written)}: {CutTime.Show((double)file.Samples / rate)}, {file.Length} bytes.");
        return ExitCode.Done;
    }

    /// <summary>Makes a file that was not there, with a number where the name is taken.</summary>
    private static SafeFileHandle Take(string path, out string taken)
    {
        for (var number = 1; ; number++)
        {
            taken = number == 1 ? path : Path.Combine(Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}_{number}{Path.GetExtension(path)}");
            try
            {
                return File.OpenHandle(taken, FileMode.CreateNew, FileAccess.Write);
            }
            catch (IOException) when (number < MostNames && (File.Exists(taken) || Directory.Exists(taken)))
            {
            }
        }
    }

    private static void Write(CutFile file, SafeFileHandle target, CancellationToken cancellationToken)
    {
        var block = new System.Buffers.ArrayBufferWriter<byte>();
        var offset = 0L;
        for (var isMore = true; isMore;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            isMore = file.TryWrite(block);
            RandomAccess.Write(target, block.WrittenSpan, offset);
            offset += block.WrittenCount;
            block.ResetWrittenCount();
        }
    }

    private static int Say(int code, string sentence)
    {
        Console.Error.WriteLine(sentence);
        return code;
    }
}
