using System.Globalization;
using Isr.Recording.Disk;
using Isr.Sources;

namespace Isr.Commands.Status;

/// <summary>The lines that show a status to a person.</summary>
/// <param name="columns">Of the terminal; what does not fit is left out column by column, then cut.</param>
/// <param name="hasColours">The terminal shows colours and nobody said that they are not wanted.</param>
/// <param name="now">In the recorder's zone.</param>
internal sealed class StatusPicture(int columns, bool hasColours, DateTimeOffset now)
{
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Red = "31";
    private const string Faint = "2";
    private const string Bold = "1";

    private const int MostNameColumns = 24;
    private const int MeterColumns = 12;

    /// <summary>The meter's left end, in dB of full scale.</summary>
    private const double MeterFloor = -60;

    public List<string> Lines(StatusReading reading, string folder)
    {
        var status = reading.Status;
        if (!reading.IsAlive)
        {
            return [Colour(TerminalText.Cut($"No recorder is alive that records into {TerminalText.Harmless(folder)}: there is no status.json there that is younger than a minute.", columns), Red)];
        }

        var lines = new List<string>
        {
            TerminalText.Cut(
                $"isr {TerminalText.Harmless(status.Version)}, process {status.Pid}, up {(status.Started is { } started ? Span(now - started) : "?")}. "
                + $"Clock {TerminalText.Harmless(status.Clock)}, {TerminalText.Harmless(status.Zone)}. {status.Updated:yyyy-MM-dd HH:mm:ss}",
                columns),
        };
        lines.AddRange((status.Disks ?? []).Select(Describe));
        lines.AddRange(reading.Alarms.Select(alarm => Colour(TerminalText.Cut(string.Create(CultureInfo.InvariantCulture, $"Alarm since {alarm.Since:yyyy-MM-dd HH:mm}: {TerminalText.Harmless(alarm.Sentence)}"), columns), Red)));
        lines.Add("");
        AddTable(lines, status.Sources ?? []);
        return lines;
    }

    private string Describe(DiskState disk)
    {
        var folder = TerminalText.Harmless(disk.Folder);
        if (disk is not { Free: { } free, Total: { } total })
        {
            return Colour(TerminalText.Cut($"Disk {folder}: it cannot be reached.", columns), Red);
        }

        var text = $"Disk {folder}: {Gigabytes(free)} of {Gigabytes(total)} free" + (disk.FullIn is { } seconds ? $", full in {Days(seconds)} at this rate." : ".");
        return TerminalText.Cut(text, columns);
    }

    private void AddTable(List<string> lines, IReadOnlyList<SourceStatus> sources)
    {
        var table = Columns(sources);
        var widths = table.ConvertAll(column => Math.Min(column.Most, sources.Select(s => TerminalText.Width(column.Text(s))).Append(column.Heading.Length).Max()));

        // The least important go first: those with the largest number.
        while (table.Count > 1 && widths.Sum() + (2 * (table.Count - 1)) > columns)
        {
            var last = table.FindIndex(column => column.Rank == table.Max(c => c.Rank));
            if (table[last].Rank == 0)
            {
                break;
            }

            table.RemoveAt(last);
            widths.RemoveAt(last);
        }

        lines.Add(Colour(TerminalText.Cut(string.Join("  ", table.Select((column, i) => TerminalText.Fit(column.Heading, widths[i]))).TrimEnd(), columns), Bold));
        foreach (var source in sources)
        {
            var (row, left) = ("", columns);
            for (var i = 0; i < table.Count && left > 0; i++)
            {
                var cell = TerminalText.Fit(table[i].Text(source), Math.Min(widths[i], left));
                left -= TerminalText.Width(cell) + 2;
                var isLast = i == table.Count - 1 || left <= 0;
                row += Colour(isLast ? cell.TrimEnd() : cell, table[i].Style(source)) + (isLast ? "" : "  ");
            }

            lines.Add(row);
            if (Trouble(source) is { } trouble)
            {
                lines.Add(Colour(TerminalText.Cut($"  {trouble}", columns), source.State == SourceState.Recording ? Faint : Yellow));
            }
        }
    }

    private List<Column> Columns(IReadOnlyList<SourceStatus> sources)
    {
        var all = new List<Column>
        {
            new("source", MostNameColumns, 0, s => TerminalText.Harmless(s.Name)),
            new("state", 10, 0, s => Word(s.State)) { Style = s => s.State switch
            {
                SourceState.Recording => Green,
                SourceState.Disk or SourceState.Stopped => Red,
                _ => Yellow,
            } },
            new("for", 12, 2, s => Span(now - s.Since)),
            new("level", MeterColumns, 3, s => Meter(s.Loudness)),
            new("rms/peak dB", 12, 4, s => Levels(s.Loudness)),
            new("today", 9, 1, s => s.Today is { } day ? Clock(day.Seconds) : ""),
            new("gaps today", 16, 1, s => s.Today is { Gaps: > 0 } day ? $"{day.Gaps} ({Clock(day.MissingSeconds)})" : "none") { Style = s => s.Today is { Gaps: > 0 } ? Yellow : "" },
            new("file", 60, 6, s => TerminalText.Harmless(s.File)),
        };
        if (sources.Any(s => s.Type == "soundcard"))
        {
            all.Insert(7, new Column("xruns", 7, 5, s => s.Type == "soundcard" ? s.Overruns.ToString(CultureInfo.InvariantCulture) : "") { Style = s => s.Overruns > 0 ? Yellow : "" });
        }

        return all;
    }

    /// <summary>The last error and what comes next; while it records, only what is of the last hour.</summary>
    private string? Trouble(SourceStatus source)
    {
        if (source.Error is not { Length: > 0 } error || (source.State == SourceState.Recording && !(now - source.ErrorAt < TimeSpan.FromHours(1))))
        {
            return null;
        }

        var next = source.NextAttempt is { } at && at > now ? $"; attempt {source.Retries + 1} in {(at - now).TotalSeconds:0} s" : "";
        return $"{source.ErrorAt:HH:mm:ss} {TerminalText.Harmless(error)}{next}";
    }

    private static string Word(SourceState state) => state switch
    {
        SourceState.Starting => "starting",
        SourceState.Connecting => "connecting",
        SourceState.Recording => "recording",
        SourceState.Waiting => "waiting",
        SourceState.Disk => "no disk",
        _ => "stopped",
    };

    /// <summary>From -60 to 0 dB: the RMS as a bar, the highest peak as a mark.</summary>
    private static string Meter(SourceLoudness? loudness)
    {
        if (loudness is null)
        {
            return "";
        }

        var (rms, peak) = (Place(loudness.Rms), Place(loudness.Peak.Max()));
        return string.Concat(Enumerable.Range(0, MeterColumns).Select(i => i < rms ? '=' : i == peak - 1 ? '|' : '.'));
    }

    private static int Place(double? decibels) => decibels is { } db ? Math.Clamp((int)Math.Round((db - MeterFloor) / -MeterFloor * MeterColumns), 0, MeterColumns) : 0;

    private static string Levels(SourceLoudness? loudness) => loudness is null ? "" : $"{Decibels(loudness.Rms)}/{Decibels(loudness.Peak.Max())}";

    private static string Decibels(double? value) => value is { } db ? db.ToString("0.0", CultureInfo.InvariantCulture) : "-inf";

    private static string Span(TimeSpan span) =>
        span.TotalDays >= 1 ? $"{(int)span.TotalDays} d {span.Hours} h"
        : span.TotalHours >= 1 ? $"{span.Hours} h {span.Minutes:00} min"
        : span.TotalMinutes >= 1 ? $"{span.Minutes} min {span.Seconds:00} s"
        : $"{Math.Max(0, (int)span.TotalSeconds)} s";

    private static string Clock(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{(long)seconds / 3600}:{(long)seconds / 60 % 60:00}:{(long)seconds % 60:00}");

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");

    private static string Days(double seconds) => seconds < 86_400 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h") : string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0} days");

    private string Colour(string text, string style) => hasColours && style.Length > 0 && text.Length > 0 ? $"\u001b[{style}m{text}\u001b[0m" : text;

    /// <param name="Heading">What stands above it.</param>
    /// <param name="Most">Columns of the terminal that it takes at most.</param>
    /// <param name="Rank">The higher, the sooner it is left out; 0 never.</param>
    /// <param name="Text">What it says of a source.</param>
    private sealed record Column(string Heading, int Most, int Rank, Func<SourceStatus, string> Text)
    {
        public Func<SourceStatus, string> Style { get; init; } = _ => "";
    }
}
