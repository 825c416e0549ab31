using System.Globalization;
using Isr.Naming;

namespace Isr.Tests.Naming;

public sealed class FileNameDateTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("20260523_223130.flac", "", "2026-05-23T22:31:30")]
    [InlineData("20260523_223130", "", "2026-05-23T22:31:30")]
    [InlineData("20260523_223130_2.mp3", "", "2026-05-23T22:31:30")]
    [InlineData("20260523_223130_17.MP3", "", "2026-05-23T22:31:30")]
    [InlineData("mic/in/20260523_223130.wav", "", "2026-05-23T22:31:30")]
    [InlineData("20260523_223130.wav", "radio_%F", "2026-05-23T22:31:30")]
    [InlineData("2026/05/23/radio_22-31.ogg", "%Y/%m/%d/radio_%H-%M", "2026-05-23T22:31:00")]
    [InlineData("a/b/2026/05/23/radio_22-31_2.ogg", "%Y/%m/%d/radio_%H-%M", "2026-05-23T22:31:00")]
    [InlineData("12.30.15 23.5.26.opus", "%H.%M.%S %-d.%-m.%y", "2026-05-23T12:30:15")]
    [InlineData("12.30.15", "x%F|%H.%M.%S", null)]
    [InlineData("2026111_0130", "%Y%-m%-d_%H%M", "2026-11-01T01:30:00")]
    [InlineData("Sat May 23 22:31:30 2026.aac", "%c", "2026-05-23T22:31:30")]
    [InlineData("Sun May 23 22:31:30 2026.aac", "%c", null)]
    [InlineData("2026-143 10:31 PM", "%Y-%j %I:%M %p", "2026-05-23T22:31:00")]
    [InlineData("2026-W21-6 22h31", "%G-W%V-%u %Hh%M", "2026-05-23T22:31:00")]
    [InlineData("2026 20 6 2231", "%Y %U %w %H%M", "2026-05-23T22:31:00")]
    [InlineData("2026 20 Sat 2231", "%Y %W %a %H%M", "2026-05-23T22:31:00")]
    [InlineData("99-12-31 2359", "%y-%m-%d %H%M", "1999-12-31T23:59:00")]
    [InlineData("2099-12-31 2359", "%C%y-%m-%d %H%M", "2099-12-31T23:59:00")]
    [InlineData("2026-05-23T22:31:30+0545", "%FT%T%z", "2026-05-23T22:31:30+05:45")]
    [InlineData("2026-05-23T22:31:30-0300", "%FT%T%z", "2026-05-23T22:31:30-03:00")]
    [InlineData("2026-05-23T22:31:30 CEST", "%FT%T %Z", "2026-05-23T22:31:30")]
    [InlineData("1779568290", "%s", "2026-05-23T22:31:30+02:00")]
    [InlineData("1779568290-0300", "%s%z", "2026-05-23T17:31:30-03:00")]
    [InlineData("20260523", "%Y%m%d", null)]
    [InlineData("20260523_22", "%Y%m%d_%H", null)]
    [InlineData("2026052_223130", "", null)]
    [InlineData("20260532_223130", "", null)]
    [InlineData("20260523_243130", "", null)]
    [InlineData("20260523_226030", "", null)]
    [InlineData("20260523_223160", "", null)]
    [InlineData("20250229_223130", "", null)]
    [InlineData("00000101_000000", "", null)]
    [InlineData("20260523_223130_1", "", null)]
    [InlineData("20260523_223130_02", "", null)]
    [InlineData("20260523_223130_", "", null)]
    [InlineData("20260523_223130_cut_1s-2s", "", null)]
    [InlineData("x20260523_223130", "", null)]
    [InlineData("", "", null)]
    [InlineData("/", "", null)]
    [InlineData("_", "", null)]
    [InlineData("999999999999", "%s", null)]
    public void Reads_a_name(string name, string patterns, string? expected)
    {
        var isRead = FileNameDate.TryParse(
            name, [.. patterns.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(Parse)], Berlin, out var date);

        Assert.Equal(expected is not null, isRead);
        Assert.Equal(expected, isRead ? Show(date) : null);
        Assert.Equal(DateTimeKind.Unspecified, date.Local.Kind);
    }

    [Theory]
    [InlineData("%Y%m%d_%H%M%S")]
    [InlineData("%c")]
    [InlineData("%D/%r")]
    [InlineData("%A %-d. %B %Y, %-H.%M.%S")]
    [InlineData("%G/%V/%a/%T")]
    [InlineData("%y%j/%k%M%S")]
    [InlineData("%Y %U %A %l-%M-%S%p")]
    [InlineData("%Y %W %u %X %Z")]
    [InlineData("%C%y%-m/%e %T %z")]
    [InlineData("%s")]
    [InlineData("%F %T%z_%s")]
    public void Reads_what_was_written(string text)
    {
        const int seed = 11;
        var random = new Random(seed);
        var pattern = Parse(text);
        for (var i = 0; i < 300; i++)
        {
            var instant = DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(0, 3_000_000_000));
            var local = TimeZoneInfo.ConvertTime(instant, Berlin);
            var name = pattern.Format(local, FileNamePattern.ZoneNameAt(Berlin, instant));

            Assert.True(FileNameDate.TryParse($"mic/{name}_3.opus", [pattern], Berlin, out var date), $"seed {seed}: {name}");
            Assert.Equal(local.DateTime, date.Local);
            Assert.True(date.Offset is null || date.Offset == local.Offset);
        }
    }

    [Fact]
    public void No_name_makes_it_throw_or_linger()
    {
        const int seed = 12;
        var random = new Random(seed);
        FileNamePattern[] patterns =
        [
            Parse("%Y%m%d_%H%M%S"), Parse("%s"), Parse("%c%z%Z"), Parse(string.Concat(Enumerable.Repeat("%-d", 100))),
            Parse("%G%V%u%H%M"), Parse("%y%U%w%H%M"), Parse("%F/%T"),
        ];
        for (var i = 0; i < 3000; i++)
        {
            var instant = DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(0, 3_000_000_000));
            var name = patterns[random.Next(patterns.Length)].Format(instant, "CEST").ToCharArray();
            for (var changes = random.Next(4); changes > 0 && name.Length > 0; changes--)
            {
                name[random.Next(name.Length)] = "0123456789_/ +-\u0000ä"[random.Next(17)];
            }

            _ = FileNameDate.TryParse(new string(name, 0, random.Next(name.Length + 1)), patterns, Berlin, out _);
        }

        Assert.False(FileNameDate.TryParse(new string('1', 150) + "x", patterns, Berlin, out _));
        Assert.False(FileNameDate.TryParse(new string('/', 100_000), patterns, Berlin, out _));
    }

    private static FileNamePattern Parse(string text) =>
        FileNamePattern.TryParse(text, out var pattern, out var mistake)
            ? pattern
            : throw new ArgumentException($"{text}: {mistake}", nameof(text));

    private static string Show(FileNameDate date) =>
        date.Offset is { } offset
            ? new DateTimeOffset(date.Local, offset).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)
            : date.Local.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
}
