namespace Isr.Recording.Journal;

/// <summary>A stretch of a day file, whole lines, and what it held when it was hashed.</summary>
/// <param name="Day">The day file's name without its extension, such as 2026-05-23.</param>
/// <param name="From">Its first byte.</param>
/// <param name="To">The byte behind its last.</param>
/// <param name="Sha256">Of those bytes, hexadecimal.</param>
internal sealed record JournalStretch(string Day, long From, long To, string Sha256)
{
    /// <summary>As it stands in what a chain value is the hash of.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Day} {From} {To} {Sha256}");
}
