using System.Diagnostics.CodeAnalysis;
using Isr.Instruments.Otlp;

namespace Isr.Instruments;

internal static class InstrumentsExtensions
{
    /// <summary>The table, and what there is to measure of the process itself. Features add their own with <see cref="AddInstruments{T}"/>.</summary>
    public static IHostApplicationBuilder AddInstruments(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<InstrumentTable>();
        builder.Services.AddInstruments<ProcessInstruments>();
        return builder;
    }

    /// <summary>Sends all that by OTLP where the environment says where to.</summary>
    /// <param name="builder">The program.</param>
    /// <param name="sources">How many are configured.</param>
    public static IHostApplicationBuilder AddOtlp(this IHostApplicationBuilder builder, int sources)
    {
        if (OtlpSignals.OfEnvironment() is { IsAny: true } signals)
        {
            OtlpExport.AddTo(builder, signals, sources);
        }

        return builder;
    }

    public static IServiceCollection AddInstruments<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IInstruments => services.AddSingleton<IInstruments, T>();
}
