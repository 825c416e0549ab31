using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Network;

/// <summary>One source that has one trouble, and recovers.</summary>
/// <param name="Name">Of the source.</param>
/// <param name="Injected">What its server does.</param>
/// <param name="RecoversWithin">Seconds after the trouble's end in which it must be heard again.</param>
/// <param name="Script">
/// What the server does to each who comes: first the trouble, and when that is over, <see cref="NumberedStation.FaultOver"/> is set.
/// </param>
internal sealed record NetworkFault(
    string Name, string Injected, double RecoversWithin, Func<NumberedStation, FaultConnection, int, Task> Script)
{
    /// <summary>
    /// Frames that may be gone for good: a reset takes with it what the recorder had not read yet, and nothing but the
    /// next header tells that a frame of ADTS was whole.
    /// </summary>
    public int MayLose { get; init; }

    /// <summary>All faults of a server that plays numbered frames.</summary>
    public static IReadOnlyList<NetworkFault> All { get; } =
    [
        new("notfound", "404 for 6 s, after 5 s of audio", 8, async (s, c, request) =>
        {
            if (request == 1)
            {
                await PlayAsync(s, c, 5);
                s.FaultOver = NumberedStation.Time + 6;
            }
            else if (NumberedStation.Time < s.FaultOver)
            {
                await c.SendHeadersAsync("HTTP/1.0 404 Not Found", "Content-Length: 0");
            }
            else
            {
                await s.PlayWholeAsync(c);
            }
        }),
        new("closes", "the server closes after 11 s of audio", 0.5, async (s, c, request) =>
        {
            await PlayAsync(s, c, request == 1 ? 11 : double.PositiveInfinity);
            s.FaultOver = NumberedStation.Time;
        }),
        new("resets", "the connection is reset after 11 s of audio", 0.5, async (s, c, request) =>
        {
            await PlayAsync(s, c, request == 1 ? 11 : double.PositiveInfinity);
            s.FaultOver = NumberedStation.Time;
            await c.ResetAsync();
        })
        { MayLose = 16 },
        new("hangs", "the server hangs without closing, after 3 s of audio", 35, async (s, c, request) =>
        {
            await PlayAsync(s, c, request == 1 ? 3 : double.PositiveInfinity);
            s.FaultOver = NumberedStation.Time;
            await c.HangAsync();
        }),
        new("silent", "the server takes the request and never answers", 20, async (s, c, request) =>
        {
            if (request == 1)
            {
                s.FaultOver = NumberedStation.Time;
                await c.HangAsync();
            }

            await s.PlayWholeAsync(c);
        }),
        new("trickles", "12 s of 1 byte/s, in the middle; then all that was held up", 0.5, async (s, c, request) =>
        {
            await NumberedStation.HeadAsync(c);
            var next = await s.PlayAsync(c, 3);
            for (var i = 0; i < 12; i++)
            {
                await c.SendAsync(NumberedStation.Frame(next + i / 11).Slice(i % 11, 1));
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            await c.SendAsync(NumberedStation.Frame(next + 1)[1..]);
            s.Count(next, 2);
            s.FaultOver = NumberedStation.Time;
            await s.FollowAsync(c, next + 2);
        }),
        new("drips", "1 byte/s for 10 s in place of an answer's body, then it closes", 3, async (s, c, request) =>
        {
            await NumberedStation.HeadAsync(c);
            for (var i = 0; request == 1 && i < 10; i++)
            {
                await c.SendAsync(NumberedStation.Frame(0).Slice(i, 1));
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            s.FaultOver = NumberedStation.Time;
            await (request == 1 ? Task.CompletedTask : s.PlayAsync(c));
        }),
        new("halves", "three connections of 3 s that each begin and end inside a frame", 5, async (s, c, request) =>
        {
            await NumberedStation.HeadAsync(c);
            await c.SendAsync(NumberedStation.Frame(7)[5..]);
            var next = await s.PlayAsync(c, request <= 3 ? 3 : double.PositiveInfinity);
            await c.SendAsync(NumberedStation.Frame(next)[..8]);
            s.FaultOver = request == 3 ? NumberedStation.Time : null;
        }),
        new("garbage", "1,000 bytes of chance between two frames, every second for 15 s", 0.5, async (s, c, request) =>
        {
            var random = new Random(5);
            var garbage = new byte[1000];
            await NumberedStation.HeadAsync(c);
            var next = await s.PlayAsync(c, 1);
            for (var i = 0; i < 15; i++)
            {
                random.NextBytes(garbage);
                await c.SendAsync(garbage);
                next = await s.FollowAsync(c, next, 1);
            }

            s.FaultOver = NumberedStation.Time;
            await s.FollowAsync(c, next);
        })
        { MayLose = 15 },
        new("redirects", "a redirect to itself for 6 s", 12, async (s, c, request) =>
        {
            s.FaultOver ??= NumberedStation.Time + 6;
            if (NumberedStation.Time < s.FaultOver)
            {
                await c.SendHeadersAsync("HTTP/1.1 302 Found", $"Location: /{s.Name}", "Content-Length: 0");
            }
            else
            {
                await s.PlayWholeAsync(c);
            }
        }),
        new("titles", "4,080 bytes of metadata after every 256 of audio, each a new title", 0, async (s, c, request) =>
        {
            await NumberedStation.HeadAsync(c, "icy-metaint: 256");
            c.UseIcy(256, () => FormattableString.Invariant($"{NumberedStation.Now} {new string('x', 4000)}"));
            await s.PlayAsync(c);
        }),
        new("brokentitles", "metadata that says neither title nor end: quotes, zeros, 255 blocks of chance", 0, async (s, c, request) =>
        {
            var random = new Random(6);
            var chance = new byte[3000];
            random.NextBytes(chance);
            await NumberedStation.HeadAsync(c, "icy-metaint: 256");
            c.UseIcy(256, () => NumberedStation.Now % 2 == 0 ? "it's';';'" : string.Concat(chance.Select(b => (char)(b % 127 + 1))));
            await s.PlayAsync(c);
        }),
    ];

    /// <summary>An answer as it should be, for so long.</summary>
    private static async Task PlayAsync(NumberedStation station, FaultConnection connection, double seconds)
    {
        await NumberedStation.HeadAsync(connection);
        await station.PlayAsync(connection, seconds);
    }
}
