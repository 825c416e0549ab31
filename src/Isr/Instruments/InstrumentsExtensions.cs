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

    public static IServiceCollection AddInstruments<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IInstruments => services.AddSingleton<IInstruments, T>();
}
