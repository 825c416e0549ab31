using System.CommandLine;
using System.Text.RegularExpressions;
using Isr.Commands;
using Isr.Tests.EndToEnd;

namespace Isr.Tests.Docs;

/// <summary>What the docs say can be typed, works; CONTRIBUTING.md says how fences are marked that are run otherwise, or by others.</summary>
public sealed partial class DocumentedCommandsTests(DocumentedFolder folder, LiveStation station) : IClassFixture<DocumentedFolder>
{
    /// <summary>What packaging/try.sh runs, each on a fresh system of its own, as it is in the docs.</summary>
    private static readonly string[] s_fresh = ["source", "deb", "systemd", "container"];

    public static TheoryData<string, int> CommandFences() =>
        [.. MarkdownFile.All().SelectMany(file => file.Fences.Where(f => IsRunHere(f) && !DocumentedStartsTests.IsOwnFolder(f)).Select(fence => (file.Name, fence.Line)))];

    [Theory]
    [MemberData(nameof(CommandFences))]
    public async Task What_the_docs_say_can_be_typed_works(string name, int line)
    {
        var fence = MarkdownFile.Read(name).Fences.Single(f => f.Line == line);

        var result = await folder.RunAsync(fence.Code, await station.UrlAsync());

        var mayBe = fence.Marker is not null && MayExit().Match(fence.Marker) is { Success: true } may ? int.Parse(may.Groups[1].Value, null) : 0;
        Assert.True(
            result.ExitCode == 0 || result.ExitCode == mayBe,
            $"{name}:{line}: it ends with {result.ExitCode}\n{fence.Code}\n--- and says\n{result.All}");
    }

    [Fact]
    public void Every_fence_has_a_language_and_every_marker_is_known() => Assert.All(MarkdownFile.All(), file => Assert.All(file.Fences, fence =>
    {
        var place = $"{file.Name}:{fence.Line}";
        Assert.True(LanguageWord().IsMatch(fence.Language), $"{place}: the fence names no language: sh for commands, else ini, json, text …");
        Assert.True(fence.Marker is null || fence.Language == "sh", $"{place}: only commands (sh) are run");
        if (fence.Marker is { } marker && !IsRunHere(fence) && !marker.StartsWith("by hand: ", StringComparison.Ordinal))
        {
            Assert.True(s_fresh.Contains(marker, StringComparer.Ordinal), $"{place}: nobody is known to run \"{marker}\": CONTRIBUTING.md lists what there is");
            Assert.True(File.Exists(Path.Combine(Campaign.Root(), "packaging", "try.sh")), $"{place}: there is no packaging/try.sh that would run it");
        }
    }));

    [Fact]
    public void Every_command_and_option_that_the_docs_name_exists()
    {
        var root = CommandTable.Create();
        List<string> wrong = [];
        foreach (var file in MarkdownFile.All())
        {
            var texts = file.CodeSpans.Where(span => span.StartsWith("isr ", StringComparison.Ordinal))
                .Concat(file.Fences.Where(f => f.Language == "sh").SelectMany(f => IsrCommand().Matches(f.Code).Select(m => m.Value)));
            foreach (var text in texts.Distinct(StringComparer.Ordinal))
            {
                var (command, rest) = Find(root, text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);
                if (command == root && rest.FirstOrDefault() is { } first && CommandWord().IsMatch(first))
                {
                    wrong.Add($"{file.Name}: `{text}`: there is no command {first}");
                    continue;
                }

                wrong.AddRange(rest.Where(word => OptionWord().IsMatch(word) && word != "--help" && !Has(command, word))
                    .Select(word => $"{file.Name}: `{text}`: {command.Name} has no option {word}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_command_has_a_row_in_the_readme_and_describes_itself()
    {
        var rows = MarkdownFile.Read("README.md").Text;
        Assert.All(CommandTable.Create().Subcommands.Where(c => !c.Hidden), command =>
        {
            Assert.True(Regex.IsMatch(rows, $@"^\|.*`isr {command.Name}\b", RegexOptions.Multiline), $"README.md has no row for isr {command.Name}");
            using var help = new StringWriter();
            Assert.Equal(0, CommandTable.Create().Parse([command.Name, "--help"]).Invoke(new InvocationConfiguration { Output = help }));
            Assert.Contains(command.Description!, help.ToString().ReplaceLineEndings(" "), StringComparison.Ordinal);
            Assert.All(command.Options.Where(o => !o.Hidden), option => Assert.Contains(option.Name, help.ToString(), StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Every_message_that_the_docs_explain_is_one_of_the_program_s()
    {
        var messages = Directory.EnumerateFiles(Path.Combine(Campaign.Root(), "src", "Isr"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(path => LogMessage().Matches(File.ReadAllText(path)).Select(m => Hole().Replace(m.Groups["text"].Value, "…")))
            .ToList();
        var explained = Explained().Matches(MarkdownFile.Read("docs/operation.md").Text).Select(m => m.Groups["text"].Value).ToList();

        Assert.NotEmpty(explained);
        Assert.All(explained, text =>
        {
            var pattern = "^" + string.Join(".*", text.Split('…').Select(Regex.Escape)) + "$";
            Assert.True(messages.Any(message => Regex.IsMatch(message, pattern)), $"The log never says \"{text}\"");
        });
    }

    private static bool IsRunHere(Fence fence) => fence.Language == "sh" && (fence.Marker is null || DocumentedStartsTests.IsOwnFolder(fence) || MayExit().IsMatch(fence.Marker));

    /// <summary>Follows the words down the table of commands.</summary>
    private static (Command Found, string[] Left) Find(Command command, string[] words) =>
        words is [var word, ..] && command.Subcommands.FirstOrDefault(c => c.Name == word) is { } below ? Find(below, words[1..]) : (command, words);

    private static bool Has(Command command, string word) => command.Options.Any(o => o.Name == word || o.Aliases.Contains(word));

    [GeneratedRegex(@"^may exit (\d+)$")]
    private static partial Regex MayExit();

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex LanguageWord();

    // As a command: at a line's beginning, behind $( or a separator, or behind variables that are set for it.
    [GeneratedRegex(@"(?<=^|[|;&(]\s*|^sudo -u \w+ |&& sudo -u \w+ |^[A-Z_]+=\S+ )isr [^\n|;&<>()#]+", RegexOptions.Multiline)]
    private static partial Regex IsrCommand();

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex CommandWord();

    [GeneratedRegex("^--[a-z-]+$")]
    private static partial Regex OptionWord();

    [GeneratedRegex(@"LoggerMessage\([^""]*""(?<text>[^""\\]*(\\.[^""\\]*)*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex LogMessage();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"^\| `(?<text>[^`]+)` \| (WARNING|ERROR) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Explained();
}
