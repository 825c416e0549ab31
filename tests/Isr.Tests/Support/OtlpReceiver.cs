using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Support;

/// <summary>
/// A server that takes OTLP over HTTP and reads of its protobuf what names and values are, by the field numbers of
/// https://github.com/open-telemetry/opentelemetry-proto and nothing of the library that sends it.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The last value of each series: `name{label="value",…}`; of a histogram how often it was recorded.</summary>
    public ConcurrentDictionary<string, double> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>What the resource says of itself.</summary>
    public ConcurrentDictionary<string, string> Resource { get; } = new(StringComparer.Ordinal);

    public ConcurrentBag<string> Spans { get; } = [];

    public ConcurrentBag<string> Logs { get; } = [];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/metrics", (HttpContext context) => TakeAsync(context, receiver.TakeMetrics));
        receiver._app.MapPost("/v1/traces", (HttpContext context) => TakeAsync(context, receiver.TakeSpans));
        receiver._app.MapPost("/v1/logs", (HttpContext context) => TakeAsync(context, receiver.TakeLogs));
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        take(body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
    }

    private void TakeMetrics(byte[] request)
    {
        foreach (var resource in Messages(request, 1))
        {
            foreach (var attribute in Messages(resource, 1).SelectMany(r => Messages(r, 1)))
            {
                var (name, value) = Attribute(attribute);
                Resource[name] = value;
            }

            foreach (var metric in Messages(resource, 2).SelectMany(scope => Messages(scope, 2)))
            {
                var name = Text(Messages(metric, 1).Single());

                // gauge = 5, sum = 7: data points with as_double = 4 and attributes = 7.
                foreach (var point in Messages(metric, 5).Concat(Messages(metric, 7)).SelectMany(data => Messages(data, 1)))
                {
                    Metrics[name + Labels(point, 7)] = Fields(point).Where(f => f.Number == 4).Select(f => BitConverter.Int64BitsToDouble(f.Value)).Single();
                }

                // histogram = 9: data points with count = 4 and attributes = 9.
                foreach (var point in Messages(metric, 9).SelectMany(data => Messages(data, 1)))
                {
                    Metrics[name + Labels(point, 9)] = Fields(point).Where(f => f.Number == 4).Select(f => f.Value).Single();
                }
            }
        }
    }

    private void TakeSpans(byte[] request)
    {
        foreach (var span in Messages(request, 1).SelectMany(r => Messages(r, 2)).SelectMany(scope => Messages(scope, 2)))
        {
            Spans.Add(Text(Messages(span, 5).Single()) + Labels(span, 9));
        }
    }

    private void TakeLogs(byte[] request)
    {
        foreach (var record in Messages(request, 1).SelectMany(r => Messages(r, 2)).SelectMany(scope => Messages(scope, 2)))
        {
            Logs.Add(Messages(record, 5).Select(Value).Single() + Labels(record, 6));
        }
    }

    private static string Labels(byte[] message, int number)
    {
        var labels = Messages(message, number).Select(Attribute).OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => $"{a.Name}=\"{a.Value}\"").ToList();
        return labels.Count == 0 ? "" : $"{{{string.Join(',', labels)}}}";
    }

    private static (string Name, string Value) Attribute(byte[] attribute) => (Text(Messages(attribute, 1).Single()), Value(Messages(attribute, 2).Single()));

    /// <summary>AnyValue: a string is field 1, a bool 2, an integer 3, a double 4.</summary>
    private static string Value(byte[] any) => Fields(any).Select(f => f.Number switch
    {
        1 => Text(f.Bytes),
        4 => BitConverter.Int64BitsToDouble(f.Value).ToString(CultureInfo.InvariantCulture),
        _ => f.Value.ToString(CultureInfo.InvariantCulture),
    }).FirstOrDefault("");

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static IEnumerable<byte[]> Messages(byte[] message, int number) => Fields(message).Where(f => f.Number == number && f.Wire == 2).Select(f => f.Bytes);

    /// <summary>https://protobuf.dev/programming-guides/encoding/: varint 0, eight bytes 1, length 2, four bytes 5.</summary>
    private static List<(int Number, int Wire, long Value, byte[] Bytes)> Fields(byte[] message)
    {
        var (fields, at) = (new List<(int, int, long, byte[])>(), 0);
        while (at < message.Length)
        {
            var tag = Varint();
            var (number, wire) = ((int)(tag >> 3), (int)(tag & 7));
            switch (wire)
            {
                case 0:
                    fields.Add((number, wire, (long)Varint(), []));
                    break;
                case 1:
                    fields.Add((number, wire, BitConverter.ToInt64(message, at), []));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint();
                    fields.Add((number, wire, 0, message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    fields.Add((number, wire, BitConverter.ToInt32(message, at), []));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {wire}");
            }
        }

        return fields;

        ulong Varint()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = message[at++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
        }
    }
}
