using System.Text;

namespace Isr.Configuration;

/// <summary>config.example.ini: a configuration that works, with every key, what it means and its default, made of <see cref="ConfigurationKey.All"/>.</summary>
internal static class ConfigurationExample
{
    /// <summary>Characters that a line of a comment has at most.</summary>
    private const int Width = 79;

    public static string Write()
    {
        var text = new StringBuilder("""
            # Configuration of isr. Copy this file to config.ini and edit it.
            #
            # [general] holds defaults. Every other section is a source: it takes over
            # everything from [general] and may say any of it differently.
            # A line that begins with # or ; is a comment, and so is the rest of a line
            # after a space and # or ;. Values need no quotes. A % is just a %.
            #
            # Lines that are commented out show the defaults.

            [general]

            """);
        foreach (var key in ConfigurationKey.All.Where(k => k.Scope is KeyScope.GeneralOnly || (k.Scope is KeyScope.EverySource && k.Default is not null && k.ForSoundcard is null)))
        {
            Describe(text, key.Name, key.Meaning, key.Range, key.Example, key.Default ?? "");
        }

        text.Append("""
            # A stream.
            [radio]
            type = stream


            """);
        foreach (var key in ConfigurationKey.All.Where(k => k.Scope == KeyScope.Stream || k.ForSoundcard is not null))
        {
            if (key.Default is null)
            {
                Comment(text, Sentences(key.Meaning, key.Range));
                text.Append($"{key.Name} = {key.Example}\n\n");
                continue;
            }

            Describe(text, key.Name, key.Meaning, key.Range, null, key.Default);
        }

        text.Append("""
            # A second stream, in a folder of its own.
            [news]
            type = stream
            url = https://news.example/live https://backup.news.example/live
            output_directory = recordings/news
            split_minutes = 30

            # A soundcard.
            #[microphone]
            #type = soundcard
            #output_directory = recordings/microphone


            """);
        foreach (var key in ConfigurationKey.All.Where(k => k.Scope == KeyScope.Soundcard || k.ForSoundcard is not null))
        {
            var (meaning, range, value) = key.ForSoundcard is { } card ? (card.Meaning, card.Range, card.Default) : (key.Meaning, key.Range, key.Default ?? "");
            Describe(text, key.Name, meaning, range, key.Scope == KeyScope.Soundcard ? key.Example : null, value);
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Describe(StringBuilder text, string name, string meaning, string? range, string? example, string value)
    {
        Comment(text, Sentences(meaning, range));
        if (example is not null)
        {
            Comment(text, $"For example: {example}");
        }

        text.Append(value.Length == 0 ? $"#{name} =\n\n" : $"#{name} = {value}\n\n");
    }

    private static string Sentences(string meaning, string? range) => range is null ? meaning : $"{meaning} Values: {range}.";

    private static void Comment(StringBuilder text, string sentences)
    {
        var column = 0;
        foreach (var word in sentences.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                text.Append('\n');
                column = 0;
            }

            text.Append(column == 0 ? "# " : " ").Append(word);
            column += (column == 0 ? 2 : 1) + word.Length;
        }

        text.Append('\n');
    }
}
