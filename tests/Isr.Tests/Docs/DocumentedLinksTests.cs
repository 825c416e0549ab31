using Isr.Tests.EndToEnd;

namespace Isr.Tests.Docs;

/// <summary>Links between pages of the docs lead somewhere.</summary>
public sealed class DocumentedLinksTests
{
    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_that_are_there()
    {
        var names = MarkdownFile.All().Select(file => file.Name)
            .Concat(Directory.EnumerateFiles(Path.Combine(Campaign.Root(), "docs", "decisions"), "*.md").Select(path => Path.GetRelativePath(Campaign.Root(), path)));
        List<string> broken = [];
        foreach (var file in names.Select(MarkdownFile.Read))
        {
            foreach (var link in file.Links.Where(link => !link.Contains("://", StringComparison.Ordinal)))
            {
                var (target, anchor) = link.Split('#') is [var path, var heading] ? (path, heading) : (link, null);
                var name = target.Length == 0 ? file.Name : Path.GetRelativePath(Campaign.Root(), Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file.Name)!, target), Campaign.Root()));
                if (!Path.Exists(Path.Combine(Campaign.Root(), name)))
                {
                    broken.Add($"{file.Name}: {link}: there is no {name}");
                }
                else if (anchor is not null && !MarkdownFile.Read(name).Anchors.Contains(anchor, StringComparer.Ordinal))
                {
                    broken.Add($"{file.Name}: {link}: {name} has no heading for #{anchor}");
                }
            }
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }
}
