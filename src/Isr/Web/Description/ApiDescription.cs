using System.Text.Json;
using System.Text.Json.Serialization;
using Isr.Access;
using Isr.Catalog;
using Isr.Catalog.Coverage;
using Isr.Catalog.Days;
using Isr.Catalog.Levels;
using Isr.Catalog.Sections;
using Isr.Recording.Status;
using Isr.Serving;
using Microsoft.OpenApi;

namespace Isr.Web.Description;

/// <summary>The API's description (OpenAPI 3.1), made from the routes.</summary>
internal static class ApiDescription
{
    private const string Version = "v1";

    private static readonly JsonSerializerContext[] s_contexts =
    [
        CatalogJson.Default, DaysJson.Default, LevelsJson.Default, CoverageJson.Default, SectionsJson.Default, StatusJson.Default, WebJson.Default, ProblemJson.Default,
    ];

    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            // As every answer is written: each feature's own context has the same names.
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            foreach (var context in s_contexts)
            {
                json.SerializerOptions.TypeInfoResolverChain.Add(context);
            }
        });
        return services.AddOpenApi(Version, options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "isr", Version = "1", Description = "Recordings of internet radio and soundcards: what there is, what is missing, what stands out, and the sound itself." };

            // Where it is served is known to who asks.
            document.Servers = [];

            // Tags would be the names of classes.
            document.Tags = null;
            foreach (var (_, operation) in document.Paths.Values.SelectMany(path => path.Operations ?? []))
            {
                operation.Tags = null;
            }

            return Task.CompletedTask;
        }));
    }

    public static void MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json").ForListeners().Add(route =>
    {
        var describe = route.RequestDelegate!;
        route.RequestDelegate = context => string.Equals(context.Request.RouteValues["documentName"] as string, Version, StringComparison.OrdinalIgnoreCase)
            ? describe(context)
            : Problem.Of(StatusCodes.Status404NotFound, $"There is one description of this API, /openapi/{Version}.json.").ExecuteAsync(context);
    });
}
