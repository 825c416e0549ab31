namespace Isr.Catalog.Keeping;

/// <summary>What somebody says of a recording, or of a stretch of it.</summary>
internal sealed record Mark
{
    /// <summary>Given by who puts it: 1 to 64 letters and digits of ASCII, "-" and "_".</summary>
    public string Id { get; init; } = "";

    /// <summary>The recording's name when it was marked.</summary>
    public string File { get; init; } = "";

    /// <summary>Seconds within the file; null, with the end, for the whole of it.</summary>
    public double? Start { get; init; }

    public double? End { get; init; }

    /// <summary>By source and time the recording is found again when it has another name.</summary>
    public string? Source { get; init; }

    public DateTimeOffset? From { get; init; }

    /// <summary>Null while the recording goes on, and when it is not known.</summary>
    public DateTimeOffset? To { get; init; }

    public string? Label { get; init; }

    public string? Note { get; init; }

    public bool Reviewed { get; init; }

    /// <summary>Not what is looked for: lists of what there is to review pass over it.</summary>
    public bool Ignored { get; init; }

    /// <summary>Neither retention nor anybody else may delete the recording.</summary>
    public bool Protected { get; init; }

    /// <summary>Who put it; null when nobody said.</summary>
    public string? By { get; init; }

    public DateTimeOffset? At { get; init; }

    /// <summary>Retention passes over what somebody thought worth a word.</summary>
    public bool Keeps => Protected || !string.IsNullOrEmpty(Label);
}

/// <summary>One line of the marks' file: what was put and what was removed at once.</summary>
internal sealed record MarkChange(IReadOnlyList<Mark> Put, IReadOnlyList<string> Removed);
