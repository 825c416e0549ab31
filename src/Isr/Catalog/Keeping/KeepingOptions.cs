namespace Isr.Catalog.Keeping;

/// <summary>Where recordings are, and where what people say of them is kept.</summary>
/// <param name="Folder">The recordings folder, absolute.</param>
/// <param name="StateDirectory">Where marks and the journal are, absolute.</param>
internal sealed record KeepingOptions(string Folder, string StateDirectory);
