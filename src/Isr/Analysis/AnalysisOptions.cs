namespace Isr.Analysis;

/// <summary>Where recordings and what is known of their sound are.</summary>
/// <param name="Folder">The recordings folder, absolute.</param>
/// <param name="LevelDirectory">Where level files are kept, absolute.</param>
internal sealed record AnalysisOptions(string Folder, string LevelDirectory);
