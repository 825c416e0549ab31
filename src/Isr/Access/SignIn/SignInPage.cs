using System.Text.Encodings.Web;

namespace Isr.Access.SignIn;

/// <summary>The page on which people sign in: plain HTML, that needs no script.</summary>
internal static class SignInPage
{
    /// <param name="next">Where to go from there, within this site; from <see cref="Next"/>.</param>
    /// <param name="error">What was wrong with the last attempt, as a sentence.</param>
    public static string Html(string next, string? error)
    {
        var alert = error is null ? "" : $"""<p id="error" role="alert">{HtmlEncoder.Default.Encode(error)}</p>""";
        var described = error is null ? "" : """ aria-invalid="true" aria-describedby="error" """;
        return $"""
            <!doctype html>
            <html lang="en">
              <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="dark light">
                <title>Sign in - isr</title>
                <link rel="icon" href="icon.svg" type="image/svg+xml">
                <link rel="stylesheet" href="signin.css">
              </head>
              <body>
                <main>
                  <h1>isr</h1>
                  <form method="post" action="signin">
                    <label for="password">Password</label>
                    <input id="password" name="password" type="password" autocomplete="current-password" required autofocus{described}>
                    <input name="next" type="hidden" value="{HtmlEncoder.Default.Encode(next)}">
                    {alert}
                    <button type="submit">Sign in</button>
                  </form>
                </main>
              </body>
            </html>

            """;
    }

    /// <summary>The path and query to go on to, below the path that all is served under; "/" for anything that might lead elsewhere.</summary>
    public static string Next(string? wanted) =>
        wanted is { Length: > 0 and <= 2048 } && wanted[0] == '/' && !wanted.StartsWith("//", StringComparison.Ordinal)
        && wanted.All(c => c is > ' ' and <= '~' and not '\\') ? wanted : "/";
}
