using Isr.Tests.EndToEnd;

namespace Isr.Tests.Docs;

/// <summary>What the docs say can be typed where isr does not run yet; beside <see cref="DocumentedCommandsTests"/>, so that both wait at once.</summary>
public sealed class DocumentedStartsTests(LiveStation station)
{
    public static TheoryData<string, int> CommandFences() =>
        [.. MarkdownFile.All().SelectMany(file => file.Fences.Where(IsOwnFolder).Select(fence => (file.Name, fence.Line)))];

    [Theory]
    [MemberData(nameof(CommandFences))]
    public async Task What_the_docs_say_can_be_started_starts_and_ends(string name, int line)
    {
        var fence = MarkdownFile.Read(name).Fences.Single(f => f.Line == line);
        var url = await station.UrlAsync();

        var result = fence.Marker == "start" ? await DocumentedFolder.StartAndEndAsync(fence.Code, url) : await DocumentedFolder.RunAloneAsync(fence.Code, url);

        Assert.True(result.ExitCode == 0, $"{name}:{line}: it ends with {result.ExitCode}\n{fence.Code}\n--- and says\n{result.All}");
    }

    internal static bool IsOwnFolder(Fence fence) => fence is { Language: "sh", Marker: "alone" or "start" };
}
