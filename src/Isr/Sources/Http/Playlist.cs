using System.Text;

namespace Isr.Sources.Http;

/// <summary>
/// Reads the addresses out of a .pls or .m3u playlist, or a plain list of addresses. HLS is told apart by its
/// tags (RFC 8216 section 4.3): it is no list of streams.
/// </summary>
internal static class Playlist
{
    public const int MaxBytes = 64 * 1024;

    /// <summary>Addresses stand in logs and the journal: a longer one is none.</summary>
    public const int MaxAddressChars = 2000;

    private const int MaxEntries = 20;

    public static bool IsPlaylistType(string? mediaType) => mediaType?.ToUpperInvariant() is
        "AUDIO/X-SCPLS" or "APPLICATION/PLS+XML" or "AUDIO/SCPLS" or
        "AUDIO/MPEGURL" or "AUDIO/X-MPEGURL" or "APPLICATION/X-MPEGURL" or
        "APPLICATION/VND.APPLE.MPEGURL" or "APPLICATION/VND.APPLE.MPEGURL.AUDIO";

    public static bool IsHls(ReadOnlySpan<byte> body) => body.IndexOf("#EXT-X-"u8) >= 0;

    /// <summary>The http and https addresses in their order, relative ones resolved; empty when there are none.</summary>
    public static IReadOnlyList<Uri> Read(ReadOnlySpan<byte> body, Uri location)
    {
        var entries = new List<Uri>();
        var text = Encoding.UTF8.GetString(body).AsSpan();
        foreach (var range in text.SplitAny('\r', '\n'))
        {
            var line = text[range].Trim().TrimStart('\uFEFF');
            if (line.StartsWith("File", StringComparison.OrdinalIgnoreCase) && line.IndexOf('=') is > 4 and var equals
                && line[4..equals].Trim().IndexOfAnyExceptInRange('0', '9') < 0)
            {
                line = line[(equals + 1)..].Trim();
            }
            else if (line.IsEmpty || line[0] is '#' or '[' or '<' || IsPlsKey(line))
            {
                continue;
            }

            if (entries.Count < MaxEntries && line.Length <= MaxAddressChars && Uri.TryCreate(location, line.ToString(), out var entry)
                && (entry.Scheme == Uri.UriSchemeHttp || entry.Scheme == Uri.UriSchemeHttps))
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    private static bool IsPlsKey(ReadOnlySpan<char> line) =>
        line.StartsWith("Title", StringComparison.OrdinalIgnoreCase) ||
        line.StartsWith("Length", StringComparison.OrdinalIgnoreCase) ||
        line.StartsWith("NumberOfEntries", StringComparison.OrdinalIgnoreCase) ||
        line.StartsWith("Version", StringComparison.OrdinalIgnoreCase);
}
