namespace Isr.Configuration;

/// <summary>A key of a section, its value, and where that comes from.</summary>
/// <param name="Section">"general", or a source.</param>
/// <param name="Key">Its name.</param>
/// <param name="Value">As in the file, fit to be shown; empty is none.</param>
/// <param name="From">"default", or the file's line: "general, line 3".</param>
internal sealed record ValueInEffect(string Section, string Key, string Value, string From);

/// <summary>What a configuration without mistakes comes to, key by key.</summary>
internal static class ConfigurationInEffect
{
    /// <param name="document">As read.</param>
    /// <param name="settings">What was made of it.</param>
    public static IEnumerable<ValueInEffect> Of(IniDocument document, Settings settings)
    {
        var general = document.Sections.FirstOrDefault(s => s.IsGeneral);
        foreach (var key in ConfigurationKey.All.Where(k => k.Scope == KeyScope.GeneralOnly || !k.IsInherited || k.Name == ConfigurationKey.OutputDirectory))
        {
            var value = In("general", key, null, general, SourceType.Stream);
            yield return key.Name == ConfigurationKey.StateDirectory ? value with { Value = settings.General.StateDirectory } : value;
        }

        foreach (var source in document.Sections.Where(s => !s.IsGeneral))
        {
            var type = TypeOf(source, general);
            foreach (var key in ConfigurationKey.All.Where(k => k.IsOf(type)))
            {
                yield return In(source.Name, key, source, key.IsInherited ? general : null, type);
            }
        }
    }

    private static ValueInEffect In(string section, ConfigurationKey key, IniSection? own, IniSection? general, SourceType type)
    {
        if (own?.Find(key.Name) is { } entry)
        {
            return new(section, key.Name, Shown(key, entry.Value), $"line {entry.Line}");
        }

        // What [general] says may mean nothing to the other type: wav to a stream.
        if (general?.Find(key.Name) is { } inherited && key.Read(inherited.Value, new SectionValues { Type = type }) is null)
        {
            return new(section, key.Name, Shown(key, inherited.Value), own is null ? $"line {inherited.Line}" : $"[general], line {inherited.Line}");
        }

        var value = type == SourceType.Soundcard && key.ForSoundcard is { } card ? card.Default : key.Default;
        return new(section, key.Name, value ?? "", "default");
    }

    private static SourceType TypeOf(IniSection source, IniSection? general)
    {
        var values = new SectionValues();
        var key = ConfigurationKey.Find(ConfigurationKey.Type)!;
        if ((source.Find(key.Name) ?? general?.Find(key.Name)) is { } entry)
        {
            key.Read(entry.Value, values);
        }

        return values.Type ?? SourceType.Stream;
    }

    private static string Shown(ConfigurationKey key, string value) => key.Redact is { } redact ? redact(value) : value;
}
