namespace Isr.Configuration;

/// <summary>Reads <c>config.ini</c>. Whatever is wrong comes back as mistakes; it never throws.</summary>
internal static class ConfigurationLoader
{
    /// <param name="path">As the user gave it; relative to the working directory.</param>
    /// <param name="workingDirectory">A full path, which relative paths in the file start from, too.</param>
    public static ConfigurationResult Load(string path, string workingDirectory)
    {
        if (path.Length == 0 || path.Contains('\0'))
        {
            return Failed(path, "not a file's name");
        }

        var fullPath = Path.GetFullPath(path, workingDirectory);
        try
        {
            return Read(path, ReadBytes(fullPath), workingDirectory);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Failed(
                path,
                $"there is no {fullPath}; `isr check --example` prints one to begin with, or try `isr demo`, which needs none");
        }
        catch (UnauthorizedAccessException)
        {
            return Failed(path, Directory.Exists(fullPath)
                ? $"{fullPath} is a folder, not a file"
                : $"{fullPath} may not be read by this user");
        }
        catch (IOException e)
        {
            return Failed(path, $"{fullPath} cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads a configuration that is in memory already.</summary>
    /// <param name="file">How mistakes call it.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="workingDirectory">A full path, which relative paths start from.</param>
    internal static ConfigurationResult Read(string file, ReadOnlySpan<byte> bytes, string workingDirectory)
    {
        var document = IniReader.Read(bytes);
        return new SettingsBuilder(file, workingDirectory).Build(document) with { Document = document };
    }

    private static byte[] ReadBytes(string path)
    {
        using var stream = File.OpenRead(path);
        // One byte more than is allowed shows that the file is too large, however large it is.
        var buffer = new byte[IniReader.MaxBytes + 1];
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }

    private static ConfigurationResult Failed(string file, string message) =>
        new(null, [new ConfigurationMistake(file, 0, null, null, message)], []);
}
