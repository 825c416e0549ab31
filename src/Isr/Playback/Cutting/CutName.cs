using System.Globalization;

namespace Isr.Playback.Cutting;

/// <summary>What the file of a cut is called.</summary>
internal static class CutName
{
    /// <summary>By the wall clock: <c>20260523_22-31-30_22-32-30.flac</c>.</summary>
    /// <param name="start">When it began to sound.</param>
    /// <param name="end">When it ended.</param>
    /// <param name="zone">Of the recorder.</param>
    /// <param name="extension">With its dot.</param>
    public static string Of(DateTimeOffset start, DateTimeOffset end, TimeZoneInfo zone, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{Local(start, zone):yyyyMMdd_HH-mm-ss}_{Local(end, zone):HH-mm-ss}{extension}");

    /// <summary>By the place in a recording of which nothing tells when it began: <c>voice_cut_90s-150s.mp3</c>.</summary>
    /// <param name="name">The recording's name or path.</param>
    /// <param name="start">In seconds.</param>
    /// <param name="end">In seconds.</param>
    /// <param name="extension">With its dot.</param>
    public static string Of(string name, double start, double end, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(name)}_cut_{start:0.###}s-{end:0.###}s{extension}");

    /// <summary>To the nearest second.</summary>
    private static DateTimeOffset Local(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time.AddTicks(TimeSpan.TicksPerSecond / 2), zone);
}
