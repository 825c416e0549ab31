using Isr.Configuration;

namespace Isr.Catalog.Retention;

/// <summary>What is kept, in general and of each source.</summary>
internal sealed record RetentionOptions(KeepLimits General, IReadOnlyDictionary<string, KeepLimits> Sources)
{
    public bool IsOn => General.IsAny || Sources.Values.Any(limits => limits.IsAny);

    public static RetentionOptions Of(Settings settings) =>
        new(settings.General.Keep, settings.Sources.ToDictionary(source => source.Name, source => source.Keep, StringComparer.Ordinal));

    /// <summary>What belongs to no source that is known goes by the general age.</summary>
    public TimeSpan? AgeOf(string? source) => source is not null && Sources.TryGetValue(source, out var limits) ? limits.Age : General.Age;
}
