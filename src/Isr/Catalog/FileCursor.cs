using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Isr.Catalog;

/// <summary>A place in the list of recordings: behind the one that starts then and has that name.</summary>
/// <param name="Start">Ticks of UTC.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct FileCursor(long Start, string Name)
{
    /// <summary>For an address.</summary>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Start} {Name}")));

    public static bool TryRead(string text, out FileCursor cursor)
    {
        cursor = default;
        if (!Base64Url.IsValid(text))
        {
            return false;
        }

        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        var space = plain.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !long.TryParse(plain.AsSpan(0, space), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var start))
        {
            return false;
        }

        cursor = new FileCursor(start, plain[(space + 1)..]);
        return true;
    }
}
