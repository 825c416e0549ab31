namespace Isr.Audio.Mending;

/// <summary>Bytes to put over those of a file, or behind its end.</summary>
public readonly record struct MendPatch(long Offset, byte[] Bytes);

/// <summary>What makes a file whole that was left open, and what is in it then.</summary>
public sealed record MendPlan
{
    /// <summary>Why the file cannot be mended, as the end of a sentence that begins with its name; null when it can.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Bytes of the file afterwards. All behind is a torn frame, page or sample.</summary>
    public long Keep { get; init; }

    /// <summary>What in it becomes true; to be written before the end is cut off.</summary>
    public IReadOnlyList<MendPatch> Patches { get; init; } = [];

    /// <summary>Samples per channel that are heard; those that only repeat the file before are not.</summary>
    public long Samples { get; init; }

    public int SampleRate { get; init; }

    /// <summary>0 when the file does not tell.</summary>
    public int Channels { get; init; }

    public static MendPlan Refused(string reason) => new() { Refusal = reason };

    /// <summary>Whether a file of this length is whole as it is.</summary>
    public bool IsEmptyFor(long length) => Refusal is null && Keep == length && Patches.Count == 0;
}
