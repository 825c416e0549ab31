using System.Text;
using Isr.Configuration;
using Isr.Tests.EndToEnd;

namespace Isr.Tests.Configuration;

/// <summary>What describes the keys is made of the table of keys; ISR_WRITE_DOCS=1 writes it anew.</summary>
public sealed class ConfigurationDocsTests
{
    [Theory]
    [InlineData("config.example.ini")]
    [InlineData("docs/configuration.md")]
    public async Task The_docs_say_what_the_table_of_keys_says(string file)
    {
        var right = file.EndsWith(".md", StringComparison.Ordinal) ? ConfigurationDocs.Write() : ConfigurationExample.Write();
        var path = Path.Combine(Campaign.Root(), file);
        if (Environment.GetEnvironmentVariable("ISR_WRITE_DOCS") is not null)
        {
            await File.WriteAllTextAsync(path, right, TestContext.Current.CancellationToken);
        }

        Assert.True(
            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) == right,
            $"{file} is not what src/Isr/Configuration/ConfigurationKey.Table.cs says: ISR_WRITE_DOCS=1 with this test writes it anew.");
    }

    [Fact]
    public void Every_key_says_what_it_means_in_whole_sentences() => Assert.All(ConfigurationKey.All, key =>
    {
        Assert.True(char.IsUpper(key.Meaning[0]) || key.Default == key.Meaning.Split(',')[0] || key.Name == ConfigurationKey.Url, $"{key.Name}: \"{key.Meaning}\" begins like no sentence");
        Assert.EndsWith(".", key.Meaning);
        Assert.False(key.Range?.EndsWith('.') ?? false, $"{key.Name}: the range ends with a full stop, which is added");
        Assert.True(key.Default != "" || key.MayBeEmpty, $"{key.Name} is empty by default, but may not be empty");
    });

    [Fact]
    public void Every_default_and_every_example_is_a_right_value() => Assert.All(ConfigurationKey.All, key =>
    {
        Assert.Null(key.Default is { Length: > 0 } value ? key.Read(value, new SectionValues()) : null);
        Assert.Null(key.Example is { } example ? key.Read(example, new SectionValues()) : null);
        Assert.Null(key.ForSoundcard is { } card ? key.Read(card.Default, new SectionValues { Type = SourceType.Soundcard }) : null);
    });

    [Fact]
    public void What_is_in_effect_says_where_it_is_from_and_hides_secrets()
    {
        const string text = """
            [general]
            output_directory = /srv/rec
            format = wav
            keep_gb = 5
            keep_days = 7
            password = hunter2
            [news]
            type = stream
            url = http://u:hunter2@radio.example/a?token=hunter2 http://radio.example/b
            split_minutes = 15
            [mic]
            type = soundcard
            """;
        var result = ConfigurationLoader.Read("config.ini", Encoding.UTF8.GetBytes(text), "/srv");
        var values = ConfigurationInEffect.Of(result.Document!, result.Settings!).ToList();

        Assert.DoesNotContain("hunter2", string.Join('\n', values), StringComparison.Ordinal);
        AssertIs("news", "url", "http://radio.example/a?… http://radio.example/b", "line 9");
        AssertIs("news", "password", "(hidden)", "[general], line 6");
        AssertIs("news", "split_minutes", "15", "line 10");
        AssertIs("mic", "split_minutes", "60", "default");
        AssertIs("news", "format", "auto", "default");
        AssertIs("mic", "format", "wav", "[general], line 3");
        AssertIs("news", "keep_gb", "", "default");
        AssertIs("news", "keep_days", "7", "[general], line 5");
        AssertIs("general", "keep_gb", "5", "line 4");
        AssertIs("general", "state_directory", "/srv/rec/.isr", "default");
        Assert.DoesNotContain(values, v => v is { Section: "mic", Key: "url" } or { Section: "news", Key: "device" });

        void AssertIs(string section, string key, string value, string from) =>
            Assert.Equal(new ValueInEffect(section, key, value, from), Assert.Single(values, v => v.Section == section && v.Key == key));
    }
}
