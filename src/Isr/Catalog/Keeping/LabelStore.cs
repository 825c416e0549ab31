using System.Text.Json;
using Isr.Recording.Disk;
using Isr.Recording.Interop;

namespace Isr.Catalog.Keeping;

/// <summary>
/// The labels that keys 1 to 9 give: marks/labels.json in the state directory, a list of nine, "" for a key without one. Whoever holds the
/// state directory replaces it as a whole; any process reads it.
/// </summary>
internal sealed partial class LabelStore(KeepingOptions options, ILogger<LabelStore> logger)
{
    /// <summary>Nine labels, each as long as it may be and written longer.</summary>
    private const int MaxBytes = 64 * 1024;

    private static readonly string[] s_usual = ["Voice", "Music", "Bird", "Animal", "Vehicle", "Aircraft", "Impact", "Alarm", "Other"];

    /// <summary>Another one after every change, whichever process made it.</summary>
    public FileStamp? Version => LibC.StampBehind(FilePath);

    private string FilePath => Path.Combine(options.StateDirectory, "marks", "labels.json");

    /// <summary>The usual ones until somebody has put others.</summary>
    public string[] Read()
    {
        try
        {
            if (new FileInfo(FilePath) is not { Exists: true } file)
            {
                return s_usual;
            }

            if (LibC.IsRegularFile(FilePath) && file.Length <= MaxBytes
                && JsonSerializer.Deserialize(File.ReadAllBytes(FilePath), KeepingLines.Json.StringArray) is { } labels && MarkRules.Mistake(labels) is null)
            {
                return labels;
            }

            LogUnread(FilePath, "it is no list of nine labels");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LogUnread(FilePath, e.Message);
        }

        return s_usual;
    }

    /// <summary>To be called by whoever holds the state directory.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing was changed.</exception>
    public void Replace(string[] labels)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        FreshFile.ReplaceDurably(FilePath, FilePath + ".new", JsonSerializer.SerializeToUtf8Bytes(labels, KeepingLines.Json.StringArray));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is not used ({Reason}): keys give the usual labels until others are put")]
    private partial void LogUnread(string path, string reason);
}
