using Microsoft.Playwright;

namespace Isr.Browser.Tests.Support;

/// <summary>Fingers on a page that has a touch screen.</summary>
internal sealed class Fingers : IAsyncDisposable
{
    private const int Steps = 6;

    private readonly IPage _page;
    private readonly ICDPSession _session;

    private Fingers(IPage page, ICDPSession session) => (_page, _session) = (page, session);

    public static async Task<Fingers> OnAsync(IPage page) => new(page, await page.Context.NewCDPSessionAsync(page));

    public async ValueTask DisposeAsync() => await _session.DetachAsync();

    /// <summary>The middle of what that selects.</summary>
    public async Task<(double X, double Y)> PlaceAsync(string selector)
    {
        var box = (await _page.Locator(selector).First.BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }

    /// <summary>One finger goes sideways so many pixels from the middle of it, and a little down.</summary>
    public async Task SwipeAsync(string selector, double by)
    {
        await _page.Locator(selector).ScrollIntoViewIfNeededAsync();
        var (x, y) = await PlaceAsync(selector);
        await DragAsync([(x - (by / 2), y)], [(x + (by / 2), y + 6)]);
    }

    /// <summary>Fingers that go from there to there; a tap where that is the same.</summary>
    public async Task DragAsync((double X, double Y)[] from, (double X, double Y)[] to)
    {
        await SendAsync("touchStart", from);
        for (var i = 1; i <= Steps && from[0] != to[0]; i++)
        {
            await SendAsync("touchMove", [.. from.Zip(to, (a, b) => (a.X + ((b.X - a.X) * i / Steps), a.Y + ((b.Y - a.Y) * i / Steps)))]);
        }

        await SendAsync("touchEnd", []);
    }

    private Task<System.Text.Json.JsonElement?> SendAsync(string type, (double X, double Y)[] points) => _session.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["type"] = type,
        ["touchPoints"] = points.Select((point, id) => new Dictionary<string, object>(StringComparer.Ordinal) { ["x"] = point.X, ["y"] = point.Y, ["id"] = id }).ToArray(),
    });
}
