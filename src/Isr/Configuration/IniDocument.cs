namespace Isr.Configuration;

/// <summary>What an INI file holds, in the file's order, and what is wrong with its lines.</summary>
internal sealed record IniDocument(IReadOnlyList<IniSection> Sections, IReadOnlyList<IniMistake> Mistakes);

/// <summary>A line that cannot be understood. Line 0 is the file as a whole.</summary>
internal sealed record IniMistake(int Line, string? Section, string? Key, string Message);

/// <summary>A section; where its header could not be read, it only keeps its keys from the section before.</summary>
internal sealed class IniSection(string name, int line, bool isReadable)
{
    private readonly List<IniEntry> _entries = [];

    public string Name { get; } = name;

    public int Line { get; } = line;

    public bool IsReadable { get; } = isReadable;

    public bool IsGeneral { get; } = string.Equals(name, "general", StringComparison.OrdinalIgnoreCase);

    public IReadOnlyList<IniEntry> Entries => _entries;

    public IniEntry? Find(string key) => _entries.Find(e => string.Equals(e.Key, key, StringComparison.Ordinal));

    internal void Add(IniEntry entry) => _entries.Add(entry);
}

/// <summary>
/// A key in lower case and its value. Its value may be a password, so it is no record and never becomes text.
/// Where the line could not be read, only the key counts.
/// </summary>
internal sealed class IniEntry(string key, string value, int line, bool isReadable)
{
    public string Key { get; } = key;

    public string Value { get; } = value;

    public int Line { get; } = line;

    public bool IsReadable { get; } = isReadable;
}
