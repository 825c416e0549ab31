using Isr.Access;
using Microsoft.AspNetCore.HttpOverrides;

namespace Isr.Web;

/// <summary>The server behind a reverse proxy, or below a path of another site.</summary>
internal static class ProxyExtensions
{
    public static IApplicationBuilder UseProxies(this IApplicationBuilder app, AccessOptions access)
    {
        // The middleware trusts everybody when told to trust nobody.
        if (access.TrustedProxies.Count > 0)
        {
            var options = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.All,
                // As many as are trusted, from the nearest on.
                ForwardLimit = null,
            };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in access.TrustedProxies)
            {
                options.KnownIPNetworks.Add(network);
            }

            app.UseForwardedHeaders(options);
        }

        if (access.BasePath.Length > 0)
        {
            app.UsePathBase(access.BasePath);
        }

        return app.Use((context, next) =>
        {
            if (context.Request.Path.HasValue || !context.Request.PathBase.HasValue)
            {
                return next(context);
            }

            // The page's own addresses are relative: without its last slash they would lead beside it.
            context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            context.Response.Headers.Location = context.Request.PathBase.ToUriComponent() + "/" + context.Request.QueryString.ToUriComponent();
            return Task.CompletedTask;
        });
    }
}
