using Isr.Access;
using Isr.Configuration;
using Isr.Recording.Time;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Catalog.Retention;

internal static class RetentionExtensions
{
    /// <summary>What is deleted by itself; only the recorder does it, everybody can tell what would go.</summary>
    public static IHostApplicationBuilder AddRetention(this IHostApplicationBuilder builder, Settings settings, bool isRecorder)
    {
        builder.Services.AddSingleton(RetentionOptions.Of(settings));
        builder.Services.AddSingleton<RetentionSurvey>();
        if (isRecorder)
        {
            builder.Services.AddSingleton<RetentionRun>();
            builder.Services.AddSingleton<LevelOrphans>();
            builder.Services.AddHostedService<RetentionService>();
        }

        return builder;
    }

    public static void MapRetention(this IEndpointRouteBuilder api) => api.MapGet("/retention", Report).ForListeners()
        .WithSummary("What retention would delete now, in sums, and how long it goes on like this.")
        .Produces<RetentionReport>();

    public static ClockState ClockOf(TimeProvider time) => time is TestClock test ? test.State : SystemClockState.Read();

    private static JsonHttpResult<RetentionReport> Report(RetentionSurvey survey, TimeProvider time) =>
        TypedResults.Json(survey.Look(ClockOf(time)).Report with { Removals = null }, RetentionJson.Default.RetentionReport);
}
