namespace Isr.Serving;

/// <summary>Has the browser save an answer under a name (RFC 6266).</summary>
internal static class SavedName
{
    /// <summary>
    /// The value of Content-Disposition for any name: what every client reads, of ASCII alone and without a character that would end it or
    /// that some take for a code; then the name itself as RFC 8187 codes it, which is preferred.
    /// </summary>
    /// <param name="fileName">Without folders.</param>
    public static string Attachment(string fileName)
    {
        var plain = string.Create(fileName.Length, fileName, static (span, name) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = name[i] is >= ' ' and <= '~' and not ('"' or '\\' or '%' or '/') ? name[i] : '_';
            }
        });
        return $"attachment; filename=\"{plain}\"; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";
    }
}
