using System.Text;
using Isr.Configuration;

namespace Isr.Tests.Configuration;

/// <summary>docs/configuration.md, made of the table of keys and of what the program itself says about wrong values.</summary>
internal static class ConfigurationDocs
{
    public static string Write()
    {
        var text = new StringBuilder("""
            # Configuration

            isr reads `config.ini` in the folder that it is started in, or the file that `--config` names. `isr check --example` prints one to begin with
            (the same as [config.example.ini](../config.example.ini)), `isr check` says what is wrong with yours, and `isr check --print` what it comes to, key by
            key, with where each value is from.

            ```sh
            isr check --example > new.ini
            isr check --print
            ```

            ## The file

            `[general]` holds defaults. Every other section is a source, which takes over what `[general]` says and may say any of it differently.
            The section's name is the source's name.

            ```ini
            [general]
            output_directory = recordings
            keep_days = 30

            [news]
            type = stream
            url = https://radio.example/news.mp3
            split_minutes = 15
            ```

            - Keys may be in upper or lower case; `=` or `:` stands between key and value; space around values does not count, and they need no quotes.
            - A line that begins with `#` or `;` is a comment, and so is the rest of a line after a space and `#` or `;`. So a `#` inside an address or a
              password stays. A `%` is just a `%`.
            - The file is UTF-8, at most 1 MiB, with lines that end as on Linux or on Windows.
            - Numbers have a point, not a comma. Paths that are relative start at the working directory.

            Nothing starts while there is a mistake. All of them are told at once, with line, section and key, and the exit code is 2. A key that is unknown,
            a key or section that stands twice and an indented line are mistakes. A server or device that is not there is none: it is waited for.

            Who may use the page is not in this file: `isr password` and `isr token` keep that in the state directory, as hashes; in containers
            `ISR_PASSWORD_HASH` holds the hash that `isr password --print` gives, or `ISR_PASSWORD_HASH_FILE` names a file with it.

            ## All keys


            """);
        text.Append("| key | stands in | default | |\n|---|---|---|---|\n");
        foreach (var key in ConfigurationKey.All)
        {
            text.Append($"| [`{key.Name}`](#{key.Name}) | {Where(key)} | {Default(key)} | {FirstSentence(key.Meaning)} |\n");
        }

        foreach (var key in ConfigurationKey.All)
        {
            Section(text, key);
        }

        text.Append(Warnings());
        return text.ToString();
    }

    private static void Section(StringBuilder text, ConfigurationKey key)
    {
        text.Append($"\n## {key.Name}\n\n{Escaped(key.Meaning)}\n");
        if (key.ForSoundcard is { } card)
        {
            text.Append($"For a soundcard: {Escaped(char.ToLowerInvariant(card.Meaning[0]) + card.Meaning[1..])}\n");
        }

        text.Append($"\n- Stands in: {Where(key)}\n- Default: {Default(key)}\n");
        if (key.Range is { } range)
        {
            text.Append($"- Values: {range}{(key.ForSoundcard is { } forCard ? $" for a stream, {forCard.Range} for a soundcard" : "")}\n");
        }

        if (!key.IsInherited)
        {
            text.Append("- Not inherited: what `[general]` says is for all recordings together\n");
        }

        if (key.Example is { } example)
        {
            text.Append($"- Example: `{key.Name} = {example}`\n");
        }

        if (key.Wrong is { } wrong)
        {
            text.Append($"- A mistake: `{$"{key.Name} = {wrong}".TrimEnd()}`: {Escaped(Mistake(key, wrong))}\n");
        }
    }

    /// <summary>What the program says of the value, without file and line.</summary>
    private static string Mistake(ConfigurationKey key, string wrong)
    {
        var isCard = key.Scope == KeyScope.Soundcard;
        var source = (key.Name == ConfigurationKey.Type ? "" : isCard ? "type = soundcard\n" : "type = stream\n")
            + (isCard || key.Name == ConfigurationKey.Url ? "" : "url = http://radio.example/\n");
        var line = $"{key.Name} = {wrong}\n";
        var file = key.Scope == KeyScope.GeneralOnly ? $"[general]\n{line}[source]\n{source}" : $"[source]\n{source}{line}";
        return Assert.Single(ConfigurationLoader.Read("config.ini", Encoding.UTF8.GetBytes(file), "/srv").Mistakes, m => m.Key == key.Name).Message;
    }

    /// <summary>What is allowed, but told: the program's own sentences about a file that has it all.</summary>
    private static string Warnings()
    {
        const string file = """
            [general]
            output_directory = /srv/recordings
            [news]
            type = stream
            url = http://radio.example/news.mp3
            [music]
            type = stream
            url = http://radio.example/music.mp3
            max_retries = 3
            log_level = DEBUG
            [outside]
            type = stream
            url = http://radio.example/outside.mp3
            output_directory = /mnt/other
            """;
        var warnings = ConfigurationLoader.Read("config.ini", Encoding.UTF8.GetBytes(file), "/srv").Warnings;
        Assert.NotEmpty(warnings);
        return $"""

            ## What is allowed, but told

            ```ini
            {file}
            ```

            starts, and the log and `isr check` say:

            ```text
            {string.Join('\n', warnings)}
            ```

            """;
    }

    private static string Where(ConfigurationKey key) => key.Scope switch
    {
        KeyScope.EverySource => "`[general]`, every source",
        KeyScope.Stream => "`[general]`, streams",
        KeyScope.Soundcard => "`[general]`, soundcards",
        _ => "`[general]` only",
    };

    private static string Default(ConfigurationKey key) => key.Default switch
    {
        null => "none: must be given",
        "" => "empty",
        var value => key.ForSoundcard is { } card ? $"`{value}`, soundcard: `{card.Default}`" : $"`{value}`",
    };

    private static string FirstSentence(string meaning)
    {
        var end = meaning.IndexOf(". ", StringComparison.Ordinal);
        return Escaped(end < 0 ? meaning : meaning[..(end + 1)]);
    }

    private static string Escaped(string text) => text.Replace("_", "\\_").Replace("|", "\\|").Replace("<", "&lt;").Replace("*", "\\*").Replace("[general]", "`[general]`");
}
