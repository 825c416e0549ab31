using System.Security.Cryptography;
using System.Text;
using Isr.Recording.Disk;
using Isr.Recording.Interop;

namespace Isr.Catalog.Keeping;

/// <summary>
/// Tells the recordings folder from the empty folder that its disk is mounted on: .isr-recordings in it holds an id that the state
/// directory knows, too. Where they differ nothing is deleted by itself.
/// </summary>
internal sealed class RecordingsMarker(KeepingOptions options)
{
    private const string FileName = ".isr-recordings";
    private const string StateName = "recordings-id";
    private const int MaxBytes = 256;

    private string InFolder => Path.Combine(options.Folder, FileName);

    private string InState => Path.Combine(options.StateDirectory, StateName);

    /// <summary>Null when this is the recordings folder, else a sentence that says what to do.</summary>
    public string? WhyNot() => (Read(InFolder), Read(InState)) switch
    {
        (null, null) => $"{options.Folder} has no marker file {FileName} yet; the recorder makes it when it starts.",
        (null, { } id) => $"{options.Folder} lacks its marker file: is its disk mounted? If these are the recordings all the same, write the line {id} into {InFolder}.",
        ({ } id, null) => $"{options.StateDirectory} does not know the recordings in {options.Folder}; the recorder notes them when it starts.",
        ({ } one, { } other) when one != other => $"{options.Folder} holds other recordings than those of {options.StateDirectory}: its marker file says {one} and not {other}. If both belong together, write the line {other} into {InFolder}.",
        _ => null,
    };

    /// <summary>Makes the marker where none was ever made; by whoever holds the state directory.</summary>
    public void Make()
    {
        if (!Directory.Exists(options.Folder) || Read(InState) is not null)
        {
            return;
        }

        Directory.CreateDirectory(options.StateDirectory);
        var id = Read(InFolder);
        if (id is null)
        {
            id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            Write(InFolder, id);
        }

        Write(InState, id);
    }

    private static string? Read(string path)
    {
        try
        {
            return LibC.IsRegularFile(path) && new FileInfo(path).Length is > 0 and <= MaxBytes && File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Write(string path, string id) => FreshFile.Replace(path, path + ".new", Encoding.ASCII.GetBytes(id + "\n"));
}
