namespace Isr.Audio.Cutting;

/// <summary>Which frames belong to a stretch whose ends lie inside frames.</summary>
public enum CutEdges
{
    /// <summary>
    /// All that hold any of it, and before them what a decoder must have heard where the file cannot say so itself: for whoever decodes
    /// them and drops what is too much.
    /// </summary>
    Outer,

    /// <summary>
    /// From the first that begins at or after its start to the last that begins before its end: where one stretch ends and another
    /// begins, no frame is in both or in neither. None where none begins in it.
    /// </summary>
    AtOrAfter,

    /// <summary>The one that holds its start: for stretches in which no frame begins.</summary>
    Holding,

    /// <summary>Those that hold nothing else.</summary>
    Inner,
}
