using System.Diagnostics.CodeAnalysis;

namespace Isr.Configuration;

/// <summary>Settings, or every mistake in line order; and what is allowed, but should be known.</summary>
internal sealed record ConfigurationResult(
    Settings? Settings, IReadOnlyList<ConfigurationMistake> Mistakes, IReadOnlyList<ConfigurationMistake> Warnings)
{
    [MemberNotNullWhen(true, nameof(Settings))]
    public bool IsValid => Settings is not null;

    /// <summary>What the file says, where there is one that can be read.</summary>
    public IniDocument? Document { get; init; }
}

/// <summary>Something that a person should change. Line 0 is the file as a whole. Holds no credentials.</summary>
internal sealed record ConfigurationMistake(string File, int Line, string? Section, string? Key, string Message)
{
    /// <summary>As people read it: <c>config.ini:14: [mic_in] sample_rat: unknown key; did you mean sample_rate?</c></summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}: " : $"{File}: ";
        var section = Section is null ? "" : $"[{Section}] ";
        return Key is null ? place + section + Message : $"{place}{section}{Key}: {Message}";
    }
}
