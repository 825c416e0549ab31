using System.Text;
using System.Text.RegularExpressions;

namespace Isr.Codecs;

/// <summary>Keeps the last of what a decoder complains of, as a part of a sentence.</summary>
internal static partial class FfmpegComplaints
{
    private const int KeptBytes = 600;
    private const int MaxChars = 200;

    /// <summary>Reads to the end; empty when there was nothing.</summary>
    public static async Task<string> ReadAsync(Stream errors)
    {
        var buffer = new byte[4096 + KeptBytes];
        var filled = 0;
        try
        {
            while (await errors.ReadAsync(buffer.AsMemory(filled), CancellationToken.None) is > 0 and var count)
            {
                filled += count;
                var kept = Math.Min(filled, KeptBytes);
                buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
                filled = kept;
            }
        }
        catch (IOException)
        {
            // The process was killed: what it said before counts.
        }

        return LastLine(Encoding.UTF8.GetString(buffer, 0, filled));
    }

    /// <summary>The last line that says something, without the address of the speaker.</summary>
    internal static string LastLine(string text)
    {
        var lines = text.Split(['\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var i = lines.Length - 1; i >= 0; i--)
        {
            var line = string.Concat(Speaker().Replace(lines[i], "").Where(c => !char.IsControl(c))).Trim();
            if (line.Length > 0)
            {
                return line.Length > MaxChars ? line[..MaxChars] : line;
            }
        }

        return "";
    }

    [GeneratedRegex(@"^\[[^\]]* @ 0x[0-9a-f]+\] *")]
    private static partial Regex Speaker();
}
