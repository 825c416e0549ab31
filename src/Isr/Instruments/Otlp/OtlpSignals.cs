namespace Isr.Instruments.Otlp;

/// <summary>
/// What the environment wants sent by OTLP (https://opentelemetry.io/docs/specs/otel/protocol/exporter/): nothing, unless it says where to. The library is not
/// loaded for nothing.
/// </summary>
internal readonly record struct OtlpSignals(bool Metrics, bool Traces, bool Logs)
{
    public bool IsAny => Metrics || Traces || Logs;

    public static OtlpSignals OfEnvironment() => Of(Environment.GetEnvironmentVariable);

    public static OtlpSignals Of(Func<string, string?> variable)
    {
        if (string.Equals(variable("OTEL_SDK_DISABLED")?.Trim(), "true", StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        return new OtlpSignals(IsWanted("METRICS"), IsWanted("TRACES"), IsWanted("LOGS"));

        bool IsWanted(string signal) =>
            (!string.IsNullOrWhiteSpace(variable("OTEL_EXPORTER_OTLP_ENDPOINT")) || !string.IsNullOrWhiteSpace(variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")))
            && !string.Equals(variable($"OTEL_{signal}_EXPORTER")?.Trim(), "none", StringComparison.OrdinalIgnoreCase);
    }
}
