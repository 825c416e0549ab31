namespace Isr.Recording;

/// <summary>Holds the state directory for one recorder: two would write one journal.</summary>
internal sealed class StateLock : IDisposable
{
    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; the sentence says why it could not be had.</summary>
    public static StateLock? TryTake(string stateDirectory, out string sentence)
    {
        sentence = "";
        try
        {
            Directory.CreateDirectory(stateDirectory);
            // FileShare.None is an exclusive flock: it goes with the process, however that ends.
            return new StateLock(new FileStream(Path.Combine(stateDirectory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            sentence = $"The state directory {stateDirectory} cannot be written: {e.Message}";
        }
        catch (IOException e) when (File.Exists(Path.Combine(stateDirectory, "lock")))
        {
            sentence = $"Another isr records with the state directory {stateDirectory}: stop it, or set another output_directory. ({e.Message})";
        }
        catch (IOException e)
        {
            sentence = $"The state directory {stateDirectory} cannot be made: {e.Message}";
        }

        return null;
    }

    public void Dispose() => _file.Dispose();
}
