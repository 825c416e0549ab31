using System.Globalization;
using System.Text.Json;
using Isr.Access.Interop;

namespace Isr.Access;

/// <summary>
/// Who did what, one JSON line each, in a file for every month. Any number of processes may append to it. That a line cannot be
/// written keeps nobody from anything; the diary says so.
/// </summary>
internal sealed partial class AuditLog(AccessOptions options, TimeProvider time, ILogger<AuditLog> logger)
{
    /// <summary>A name on disk has at most 4,096 bytes with its folders.</summary>
    private const int MaxText = 4096;

    public string Folder { get; } = Path.Combine(options.StateDirectory, "audit");

    public void Append(AuditEntry entry)
    {
        var at = time.GetLocalNow();
        var line = new AuditLine(at, Bounded(entry.Who)!, Bounded(entry.What)!, Bounded(entry.Name), Bounded(entry.Detail));
        try
        {
            Directory.CreateDirectory(options.StateDirectory);
            SecretFile.MakeFolder(Folder);
            AppendOnlyFile.Write(
                Path.Combine(Folder, at.ToString("yyyy-MM", CultureInfo.InvariantCulture) + ".jsonl"),
                [.. JsonSerializer.SerializeToUtf8Bytes(line, AuditJson.Default.AuditLine), (byte)'\n']);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(entry.What, Folder, e.Message);
        }
    }

    private static string? Bounded(string? text) => text is { Length: > MaxText } ? text[..MaxText] + "…" : text;

    [LoggerMessage(Level = LogLevel.Error, Message = "That somebody did \"{What}\" cannot be written down in {Folder}: {Reason}")]
    private partial void LogNotWritten(string what, string folder, string reason);
}
