using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Isr.Instruments.Otlp;

/// <summary>Sends what the table of instruments has, the requests that the page's server answers, and the log. Where to, how and how often the environment says.</summary>
internal sealed class OtlpExport(InstrumentTable table, OtlpSignals signals, OtlpExport.Limits limits) : IHostedService, IDisposable
{
    /// <summary>A receiver that is gone must not hold up the program's end.</summary>
    private const int LastWordsMilliseconds = 1000;

    /// <summary>The source of the server's own activities, one for each request.</summary>
    private const string RequestSource = "Microsoft.AspNetCore";

    private Meter? _meter;
    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    /// <param name="SeriesPerInstrument">Combinations of labels that an instrument may have.</param>
    internal sealed record Limits(int SeriesPerInstrument);

    /// <summary>In a method of its own: the library is loaded when this is compiled.</summary>
    public static void AddTo(IHostApplicationBuilder builder, OtlpSignals signals, int sources)
    {
        // A source is in one of six states, each of which is a series, and has up to 32 channels with a level.
        builder.Services.AddSingleton(new Limits(Math.Max(2000, 40 * sources)));
        builder.Services.AddHostedService(provider => new OtlpExport(provider.GetRequiredService<InstrumentTable>(), signals, provider.GetRequiredService<Limits>()));
        if (signals.Logs)
        {
            builder.Logging.AddOpenTelemetry(logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.SetResourceBuilder(Resource());
                logging.AddOtlpExporter();
            });
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (signals.Metrics)
        {
            _meter = new Meter("isr", ProgramVersion.Text);
            foreach (var instrument in table.All)
            {
                _ = instrument.Kind == InstrumentKind.Counter
                    ? (object)_meter.CreateObservableCounter(instrument.Name, () => Read(instrument), UnitOf(instrument.Name), instrument.Help)
                    : _meter.CreateObservableGauge(instrument.Name, () => Read(instrument), UnitOf(instrument.Name), instrument.Help);
            }

            foreach (var histogram in table.Histograms)
            {
                histogram.Mirror(_meter);
            }

            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(Resource())
                .AddMeter(_meter.Name)
                .AddView(instrument => instrument is Histogram<double> ? null : new MetricStreamConfiguration { CardinalityLimit = limits.SeriesPerInstrument })
                .AddOtlpExporter()
                .Build();
        }

        if (signals.Traces)
        {
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource()).AddSource(RequestSource).AddOtlpExporter().Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _metrics?.Shutdown(LastWordsMilliseconds), CancellationToken.None), Task.Run(() => _traces?.Shutdown(LastWordsMilliseconds), CancellationToken.None));

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
        _meter?.Dispose();
    }

    private static List<Measurement<double>> Read(Instrument instrument)
    {
        var measurements = new Measurements();
        instrument.Read(measurements);
        return measurements.All;
    }

    /// <summary>What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say stands.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService("isr", serviceVersion: ProgramVersion.Text, autoGenerateServiceInstanceId: false, serviceInstanceId: Environment.MachineName)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    /// <summary>As UCUM writes it, from the name's last word.</summary>
    private static string? UnitOf(string name) => name.Replace("_total", "", StringComparison.Ordinal).Split('_')[^1] switch
    {
        "bytes" => "By",
        "seconds" => "s",
        "ratio" => "1",
        _ => null,
    };

    private sealed class Measurements : IMeasurements
    {
        public List<Measurement<double>> All { get; } = [];

        public void Add(double value, params ReadOnlySpan<(string Name, string Value)> labels)
        {
            var tags = new KeyValuePair<string, object?>[labels.Length];
            for (var i = 0; i < tags.Length; i++)
            {
                tags[i] = new(labels[i].Name, labels[i].Value);
            }

            All.Add(new Measurement<double>(value, tags));
        }
    }
}
