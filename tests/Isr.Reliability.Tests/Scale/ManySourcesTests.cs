using Isr.Sources;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Scale;

/// <summary>Many sources of which every third is in trouble all the time.</summary>
public sealed class ManySourcesTests
{
    private static int Sources => Campaign.IsFull ? 500 : 90;

    private static double Seconds => Campaign.IsFull ? 180 : 15;

    [Fact]
    public Task Those_that_fail_cost_the_others_nothing() => FaultMatrix.RowAsync(
        FaultKind.Scale, $"{Sources} sources for {Seconds:0} s, of which every third is gone, hangs, closes, is reset or sends garbage", "the healthy ones lose nothing, nothing is doubled in them", async () =>
        {
            await using var run = new FaultRun();
            var healthy = new List<NumberedStation>();
            for (var i = 0; i < Sources; i++)
            {
                var station = new NumberedStation($"s{i:000}");
                if (i % 3 == 0)
                {
                    Fail(station, run.Server, i / 3 % 5);
                }
                else
                {
                    healthy.Add(station.MapHealthy(run.Server));
                }

                run.Add(station);
            }

            await run.StartAsync();
            await run.UntilAsync(() => run.Status.Sources?.Count(s => s.State == SourceState.Recording) > healthy.Count, () => "not all are recorded");
            await FaultRun.ForAsync(Seconds);
            var took = await run.StopAsync();

            run.CheckWitness();
            var all = healthy.ConvertAll(s => s.Find(run.Folder).IsWhole(s.Name, inFlight: 16));
            return FormattableString.Invariant($"{healthy.Count} healthy sources: {all.Sum(f => (long)f.Sent)} frames sent, 0 lost, 0 doubled in {all.Sum(f => f.Files)} files; ended after {took:0.0} s");
        });

    private static void Fail(NumberedStation station, FaultServer server, int how) => station.Map(server, async c =>
    {
        switch (how)
        {
            case 0:
                await c.SendHeadersAsync("HTTP/1.0 404 Not Found", "Content-Length: 0");
                break;
            case 1:
                await NumberedStation.HeadAsync(c);
                await station.PlayAsync(c, 2);
                await c.HangAsync();
                break;
            case 2:
                await NumberedStation.HeadAsync(c);
                await station.PlayAsync(c, 3);
                break;
            case 3:
                await NumberedStation.HeadAsync(c);
                await station.PlayAsync(c, 1);
                await c.ResetAsync();
                break;
            default:
                await NumberedStation.HeadAsync(c);
                var chance = new byte[20_000];
                new Random(7).NextBytes(chance);
                await station.PlayAsync(c, 1);
                await c.SendAsync(chance);
                break;
        }
    });
}
