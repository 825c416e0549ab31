using Isr.Configuration;
using Isr.Recording.Interop;

namespace Isr.Recording;

/// <summary>
/// Says at the start which folders among the recordings belong to somebody else, as those of a container that ran as root do: what
/// is in them is heard as ever, but cannot be deleted, and nothing new gets into them.
/// </summary>
internal sealed partial class FolderRights(GeneralSettings settings, ILogger<FolderRights> logger) : BackgroundService
{
    private const int MaxNamed = 3;

    /// <summary>A folder for each day makes 4,000 in ten years.</summary>
    private const int MaxLookedAt = 100_000;

    private static readonly EnumerationOptions s_visibleFolders = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,

        // Links lead elsewhere; what begins with a dot is the program's own.
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden,
    };

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Look(stoppingToken), CancellationToken.None);

    /// <summary>The recordings folder and those in it that this process may not write, at most so many looked at.</summary>
    public static IEnumerable<string> Foreign(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, "*", s_visibleFolders).Prepend(folder).Take(MaxLookedAt).Where(path => !LibC.MayWrite(path))
        : [];

    private void Look(CancellationToken cancellationToken)
    {
        var (count, named) = (0, new List<string>());
        try
        {
            foreach (var path in Foreign(settings.OutputDirectory))
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                if (++count <= MaxNamed)
                {
                    named.Add(path);
                }
            }
        }
        catch (IOException)
        {
            // A disk that goes while it is looked at: the recorder says so itself.
            return;
        }

        if (count > 0)
        {
            var folders = string.Join(", ", named) + (count > MaxNamed ? $" and {count - MaxNamed} more" : "");
            LogForeign(folders, LibC.UserId, settings.OutputDirectory);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "These folders cannot be written by the user that isr runs as: {Folders}. What is in them can be heard, but not deleted, and nothing is recorded into them. Make them that user's: chown -R {User} {Folder}")]
    private partial void LogForeign(string folders, uint user, string folder);
}
