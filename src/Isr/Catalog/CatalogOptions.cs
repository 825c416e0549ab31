using Isr.Audio.Detection;
using Isr.Naming;

namespace Isr.Catalog;

/// <summary>Where recordings are and how they are named.</summary>
/// <param name="Folder">The recordings folder, absolute.</param>
/// <param name="StateDirectory">Where the journal is.</param>
/// <param name="Patterns">All patterns by which files are named.</param>
internal sealed record CatalogOptions(string Folder, string StateDirectory, IReadOnlyList<FileNamePattern> Patterns)
{
    /// <summary>This process has the state directory to itself, and keeps the index there; otherwise in memory.</summary>
    public bool OwnsState { get; init; }

    /// <summary>What the server looks for in every recording.</summary>
    public DetectionParameters Detection { get; init; } = DetectionParameters.Default;

    public string DatabasePath => Path.Combine(StateDirectory, CatalogDatabase.FileName);
}
