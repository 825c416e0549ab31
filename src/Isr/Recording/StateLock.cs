using System.Diagnostics;
using System.Globalization;
using System.Text;
using Isr.Recording.Disk;
using Isr.Recording.Interop;

namespace Isr.Recording;

/// <summary>
/// Holds the state directory for one recorder: two would write one journal. Who holds it stands in a file beside
/// the lock, since the lock itself cannot be read while it is held.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const string LockName = "lock";
    private const string OwnerName = "lock.owner";

    private const string Moment = " moment";

    // EROFS, which has no exception of its own.
    private const int ReadOnlyFileSystem = 30;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _file;
    private readonly string _ownerPath;

    private StateLock(FileStream file, string ownerPath) => (_file, _ownerPath) = (file, ownerPath);

    /// <summary>
    /// Takes the lock for a recorder, waiting while somebody has it only for the moment of a change: a page without a recorder takes it
    /// for each deletion and each mark.
    /// </summary>
    public static async Task<(StateLock? Taken, string Sentence)> TakeAsync(string stateDirectory, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            if (TryTake(stateDirectory, time, out var sentence) is { } taken)
            {
                return (taken, sentence);
            }

            if (!IsHeldForMoment(stateDirectory) || time.GetElapsedTime(began) > s_patience)
            {
                return (null, sentence);
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    /// <summary>Takes the lock; the sentence says why it could not be had.</summary>
    public static StateLock? TryTake(string stateDirectory, TimeProvider time, out string sentence) =>
        TryTake(stateDirectory, time, isForMoment: false, out sentence, out _);

    /// <summary>Takes the lock.</summary>
    /// <param name="stateDirectory">Which one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isForMoment">It is given back after one change.</param>
    /// <param name="sentence">Says why it could not be had.</param>
    /// <param name="isHeld">Another has it.</param>
    public static StateLock? TryTake(string stateDirectory, TimeProvider time, bool isForMoment, out string sentence, out bool isHeld)
    {
        (sentence, isHeld) = ("", false);
        var path = Path.Combine(stateDirectory, LockName);
        var ownerPath = Path.Combine(stateDirectory, OwnerName);
        try
        {
            Directory.CreateDirectory(stateDirectory);

            // FileShare.None is an exclusive flock: it goes with the process, however that ends.
            var taken = new StateLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), ownerPath);
            taken.WriteOwner(time.GetLocalNow(), isForMoment);
            return taken;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem })
        {
            sentence = $"The state directory {stateDirectory} cannot be written: {e.Message} The user that isr runs as, number {LibC.UserId}, must be allowed to write there.";
        }
        catch (IOException e) when (File.Exists(path))
        {
            isHeld = true;
            sentence = $"Another isr{ReadOwner(ownerPath)} records with the state directory {stateDirectory}: stop it, or set another output_directory. ({e.Message})";
        }
        catch (IOException e)
        {
            sentence = $"The state directory {stateDirectory} cannot be made: {e.Message}";
        }

        return null;
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_ownerPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It names a process that is gone, and is then passed over.
        }

        _file.Dispose();
    }

    private void WriteOwner(DateTimeOffset now, bool isForMoment)
    {
        try
        {
            var owner = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {now:yyyy-MM-ddTHH:mm:sszzz}{(isForMoment ? Moment : "")}\n");
            FreshFile.Replace(_ownerPath, _ownerPath + ".new", Encoding.ASCII.GetBytes(owner));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk: the lock holds all the same, it only has no name.
        }
    }

    private static bool IsHeldForMoment(string stateDirectory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(stateDirectory, OwnerName)).EndsWith(Moment + "\n", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just been taken or given back.
            return e is FileNotFoundException && File.Exists(Path.Combine(stateDirectory, LockName));
        }
    }

    /// <summary>" (process 4711, since 2026-11-21 14:02)"; nothing when that is not known.</summary>
    private static string ReadOwner(string ownerPath)
    {
        try
        {
            var words = File.ReadAllText(ownerPath).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 2 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && DateTimeOffset.TryParse(words[1], CultureInfo.InvariantCulture, out var since))
            {
                // Throws when there is none: then the file was left behind by an earlier one.
                using var process = Process.GetProcessById(id);
                return string.Create(CultureInfo.InvariantCulture, $" (process {id}, since {since:yyyy-MM-dd HH:mm})");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
        }

        return "";
    }
}
