using System.Text;
using System.Text.RegularExpressions;
using Isr.Tests.EndToEnd;

namespace Isr.Tests.Docs;

/// <summary>A block between ``` lines.</summary>
/// <param name="Line">Of its first ```, from 1.</param>
/// <param name="Language">What stands after it.</param>
/// <param name="Marker">What the comment on the line above says after "run:", or null.</param>
/// <param name="Code">The lines between.</param>
internal sealed record Fence(int Line, string Language, string? Marker, string Code);

/// <summary>What of a page of the docs can be checked: fences, links, headings, commands in its text.</summary>
internal sealed partial class MarkdownFile
{
    private MarkdownFile(string name, string[] lines)
    {
        Name = name;
        var text = new StringBuilder();
        List<Fence> fences = [];
        for (var i = 0; i < lines.Length; i++)
        {
            if (FenceLine().Match(lines[i]) is not { Success: true } opening)
            {
                text.AppendLine(lines[i]);
                continue;
            }

            var indent = opening.Groups["indent"].Length;
            var end = Array.FindIndex(lines, i + 1, line => line.Trim() == "```");
            Assert.True(end > 0, $"{name}:{i + 1}: the ``` is not closed");
            var marker = i > 0 && RunMarker().Match(lines[i - 1]) is { Success: true } above ? above.Groups[1].Value : null;
            fences.Add(new Fence(i + 1, opening.Groups["language"].Value, marker, string.Join('\n', lines[(i + 1)..end].Select(line => line[Math.Min(indent, line.Length)..]))));
            i = end;
        }

        Fences = fences;
        Text = text.ToString();
    }

    /// <summary>Relative to the project's folder.</summary>
    public string Name { get; }

    public IReadOnlyList<Fence> Fences { get; }

    /// <summary>All that is in no fence.</summary>
    public string Text { get; }

    /// <summary>What stands between backquotes in the text.</summary>
    public IEnumerable<string> CodeSpans => CodeSpan().Matches(Text).Select(m => m.Groups[1].Value);

    /// <summary>Targets of links and pictures.</summary>
    public IEnumerable<string> Links => Link().Matches(CodeSpan().Replace(Text, "code")).Select(m => m.Groups[1].Value);

    /// <summary>What a link may name after #: headings as GitHub writes them.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(Text).Select(m => NoAnchor().Replace(m.Groups["title"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>README.md, CONTRIBUTING.md and the pages of docs: what says commands.</summary>
    public static IEnumerable<MarkdownFile> All() =>
        new[] { "README.md", "CONTRIBUTING.md" }
            .Concat(Directory.EnumerateFiles(Path.Combine(Campaign.Root(), "docs"), "*.md").Select(path => "docs/" + Path.GetFileName(path)).Order(StringComparer.Ordinal))
            .Select(Read);

    public static MarkdownFile Read(string name) => new(name, File.ReadAllLines(Path.Combine(Campaign.Root(), name)));

    [GeneratedRegex(@"^(?<indent>\s*)```(?<language>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex FenceLine();

    [GeneratedRegex(@"^\s*<!-- run: (.+) -->\s*$")]
    private static partial Regex RunMarker();

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} +(?<title>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    // GitHub keeps letters, digits, spaces, - and _.
    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoAnchor();
}
