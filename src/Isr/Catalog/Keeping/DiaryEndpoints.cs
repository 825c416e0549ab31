using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Isr.Access;
using Isr.Serving;

namespace Isr.Catalog.Keeping;

/// <summary>What people found, in the order of time: to print, or for a table.</summary>
internal static class DiaryEndpoints
{
    private static readonly string[] s_columns = ["time", "offset", "source", "seconds", "label", "note", "file"];

    public static void MapDiary(this IEndpointRouteBuilder api) => api.MapGet("/diary", Write).ForListeners()
        .WithSummary("Marks that are labelled or reviewed, in the order of time, as CSV or as a page to print.")
        .Produces<string>(contentType: "text/csv", additionalContentTypes: "text/html")
        .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType);

    private static IResult Write(HttpContext context, MarkStore marks, TimeProvider time, string? source = null, string? from = null, string? to = null, string? format = null)
    {
        if (!MarkEndpoints.TryReadMoment(from, isEnd: false, time, out var begin) || !MarkEndpoints.TryReadMoment(to, isEnd: true, time, out var end))
        {
            return MarkEndpoints.WrongMoment(from, to);
        }

        if (format is not (null or "" or "csv" or "html"))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "format is csv or html.");
        }

        var filter = new MarkFilter { Source = string.IsNullOrEmpty(source) ? null : source, From = begin, To = end };
        var found = marks.List(filter, MarkPlace.First, int.MaxValue - 1).Where(mark => mark.Reviewed || !string.IsNullOrEmpty(mark.Label)).ToList();
        var day = TimeZoneInfo.ConvertTime(time.GetUtcNow(), time.LocalTimeZone);
        var name = string.Create(CultureInfo.InvariantCulture, $"diary_{(begin is { } first ? TimeZoneInfo.ConvertTime(first, time.LocalTimeZone) : day):yyyyMMdd}");
        context.Response.Headers.CacheControl = "no-cache";
        return format == "html"
            ? TypedResults.File(Encoding.UTF8.GetBytes(Page(found, time.LocalTimeZone)), "text/html; charset=utf-8", name + ".html")
            : TypedResults.File(Encoding.UTF8.GetBytes(Table(found, time.LocalTimeZone)), "text/csv; charset=utf-8", name + ".csv");
    }

    /// <summary>RFC 4180.</summary>
    internal static string Table(IEnumerable<Mark> marks, TimeZoneInfo zone)
    {
        var text = new StringBuilder().AppendJoin(',', s_columns).Append("\r\n");
        foreach (var mark in marks)
        {
            text.AppendJoin(',', Cells(mark, zone).Select(Quoted)).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>No script, no style from elsewhere: it prints as it is.</summary>
    internal static string Page(IEnumerable<Mark> marks, TimeZoneInfo zone)
    {
        var text = new StringBuilder(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Diary</title>\n"
            + "<style>body { font-family: sans-serif } table { border-collapse: collapse } th, td { border: 1px solid; padding: 0.2em 0.5em; text-align: left; vertical-align: top }"
            + " td { white-space: pre-wrap; overflow-wrap: anywhere }</style>\n</head>\n<body>\n<h1>Diary</h1>\n<table>\n<tr>");
        text.AppendJoin("", s_columns.Select(column => $"<th scope=\"col\">{column}</th>")).Append("</tr>\n");
        foreach (var mark in marks)
        {
            text.Append("<tr>").AppendJoin("", Cells(mark, zone).Select(cell => $"<td>{HtmlEncoder.Default.Encode(cell)}</td>")).Append("</tr>\n");
        }

        return text.Append("</table>\n</body>\n</html>\n").ToString();
    }

    private static string[] Cells(Mark mark, TimeZoneInfo zone)
    {
        var local = mark.From is { } from ? TimeZoneInfo.ConvertTime(from, zone) : (DateTimeOffset?)null;
        var seconds = mark.End - mark.Start ?? (mark.To - mark.From)?.TotalSeconds;
        return
        [
            local?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "",
            local?.ToString("zzz", CultureInfo.InvariantCulture) ?? "",
            mark.Source ?? "",
            seconds?.ToString("0.###", CultureInfo.InvariantCulture) ?? "",
            mark.Label ?? "",
            mark.Note ?? "",
            mark.File,
        ];
    }

    /// <summary>A cell that a spreadsheet would take for a formula gets a quote in front, but for offsets, which are numbers.</summary>
    private static string Quoted(string cell, int column)
    {
        var text = column != 1 && cell.Length > 0 && (cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r') ? "'" + cell : cell;
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
