using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests.Install;

/// <summary>What a browser keeps of the page.</summary>
internal static class KeptPage
{
    private const string Kept =
        """
        (async () => {
          const names = await caches.keys();
          const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
          return keys.flat().map(({ url }) => url).sort();
        })()
        """;

    /// <summary>The page itself is kept last.</summary>
    public static async Task UntilKeptAsync(OpenPage open)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await open.Page.EvaluateAsync<bool>("caches.match(new URL('./', location.href), { ignoreSearch: true }).then((answer) => answer !== undefined)"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    public static Task<string[]> AddressesAsync(OpenPage open) => open.Page.EvaluateAsync<string[]>(Kept);
}
