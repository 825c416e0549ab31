using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Network;

/// <summary>One recorder with all faults of the network at once, run once for all tests of a class.</summary>
public sealed class NetworkRun : IAsyncLifetime
{
    /// <summary>An answer of which every prefix is sent, and the connection closed.</summary>
    private static readonly byte[] s_answer = [.. "HTTP/1.0 200 OK\r\nContent-Type: audio/aac\r\n\r\n"u8, .. NumberedStation.Frame(1).Span, .. NumberedStation.Frame(2).Span[..5]];

    private readonly FaultRun _run = new();
    private readonly Dictionary<string, NumberedStation> _stations = new(StringComparer.Ordinal);

    internal ProgramFolder Folder => _run.Folder;

    internal string LogOf(string name) => _run.LogOf(name);

    internal FoundFrames Witness => _run.CheckWitness();

    /// <summary>Sources whose server closed at a byte of its answer, by the number of bytes sent.</summary>
    internal List<NumberedStation> AtEachByte { get; } = [];

    internal double SecondsToEnd { get; private set; }

    internal NumberedStation Gone { get; } = new("gone");

    internal int RequestsOf(string name) => _run.Server.RequestsOf("/" + name);

    internal NumberedStation StationOf(string name) => _stations[name];

    public async ValueTask InitializeAsync()
    {
        foreach (var fault in NetworkFault.All)
        {
            var station = new NumberedStation(fault.Name);
            var requests = 0;
            station.Map(_run.Server, c => fault.Script(station, c, Interlocked.Increment(ref requests)));
            _stations[fault.Name] = _run.Add(station);
        }

        for (var length = 0; length <= s_answer.Length; length++)
        {
            AtEachByte.Add(_run.Add(CloseAfter(length)));
        }

        // A server of its own, which goes and comes again on the same port.
        var server = new FaultServer();
        var port = server.Port;
        Gone.MapHealthy(server);
        _run.Add(Gone, server.Url("/gone"));

        await _run.StartAsync();
        await _run.UntilAsync(() => Gone.Last > 0, () => "the source of the second server is not heard");
        await FaultRun.ForAsync(5);
        await server.DisposeAsync();
        await FaultRun.ForAsync(6);
        await using var again = FaultServer.At(port);
        Gone.FaultOver = NumberedStation.Time;
        Gone.MapHealthy(again);

        await _run.UntilAsync(() => StationOf("hangs").Back is not null, () => "the server that hung was not asked again");
        await FaultRun.ForAsync(3);
        SecondsToEnd = await _run.StopAsync();
    }

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    private NumberedStation CloseAfter(int length)
    {
        var station = new NumberedStation($"byte{length:00}");
        var requests = 0;
        return station.Map(_run.Server, async c =>
        {
            if (Interlocked.Increment(ref requests) > 1)
            {
                await station.PlayWholeAsync(c);
                return;
            }

            await c.SendAsync(s_answer.AsMemory(0, length));
            station.FaultOver = NumberedStation.Time;
        });
    }
}
