using System.Diagnostics;
using System.Globalization;
using Isr.Naming;

namespace Isr.Tests.Naming;

public sealed class FileNamePatternTests
{
    private const string Codes =
        "a A b B c C d D e F g G h H I j k l m M p r R s S T u U V w W x X y Y z Z "
        + "-C -d -e -g -G -H -I -j -k -l -m -M -s -S -u -U -V -w -W -y -Y "
        + "Ec EC Ex EX Ey EY Od Oe OH OI Om OM OS Ou OU OV Ow OW Oy";

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("Europe/Dublin", 1_140_000_000)]
    [InlineData("Australia/Lord_Howe", 1_140_000_000)]
    [InlineData("Antarctica/Troll", 1_140_000_000)]
    [InlineData("America/Sao_Paulo", 1_140_000_000)]
    [InlineData("Africa/Casablanca", 1_140_000_000)]
    [InlineData("Asia/Kathmandu", 1_140_000_000)]
    public void Says_what_date_says(string zoneName, long from = 0)
    {
        const int seed = 7;
        var random = new Random(seed);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        // The year in front: %Z alone is no pattern.
        var text = string.Join('\n', Codes.Split(' ').Select(c => $"{c}=%{c}"));
        var patterns = Codes.Split(' ').Select(c => Parse($"%Y{c}=%{c}")).ToArray();
        var instants = Enumerable.Range(0, 400)
            .Select(_ => DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(from, 4_000_000_000)))
            .Append(DateTimeOffset.FromUnixTimeSeconds(from))
            .ToArray();

        var expected = Date(zoneName, text, instants);

        for (var i = 0; i < instants.Length; i++)
        {
            var local = TimeZoneInfo.ConvertTime(instants[i], zone);
            var year = local.ToString("yyyy", CultureInfo.InvariantCulture);
            for (var c = 0; c < patterns.Length; c++)
            {
                Assert.Equal(
                    year + expected[i * patterns.Length + c],
                    patterns[c].Format(local, FileNamePattern.ZoneNameAt(zone, instants[i])));
            }
        }
    }

    [Theory]
    [InlineData("%Y%m%d_%H%M%S", "20260523_040907")]
    [InlineData("%Y/%m/%d/radio_%H-%M", "2026/05/23/radio_04-09")]
    [InlineData("%D/%T", "05/23/26/04:09:07")]
    [InlineData("100%%_%s", "100%_1779502147")]
    [InlineData("%-d.%-m.%y %-I%p", "23.5.26 4AM")]
    [InlineData("ätsch_%F%z", "ätsch_2026-05-23+0200")]
    [InlineData("%F_%Z", "2026-05-23_CEST")]
    [InlineData("%F/a..b", "2026-05-23/a..b")]
    public void Names_a_file(string pattern, string expected) =>
        Assert.Equal(
            expected,
            Parse(pattern).Format(new DateTimeOffset(2026, 5, 23, 4, 9, 7, 999, TimeSpan.FromHours(2)), "CEST"));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("%Q", "%Q: unknown code")]
    [InlineData("%P", "%P: unknown code")]
    [InlineData("%N", "%N: unknown code")]
    [InlineData("%-B", "%-B: unknown code")]
    [InlineData("%-z", "%-z: unknown code")]
    [InlineData("%Ed", "%Ed: unknown code")]
    [InlineData("%OY", "%OY: unknown code")]
    [InlineData("%_d", "%_: unknown code")]
    [InlineData("%3d", "%3: unknown code")]
    [InlineData("%Y%", "% at the end is not finished (%% stands for a percent sign)")]
    [InlineData("%Y%-", "%- at the end is not finished (%% stands for a percent sign)")]
    [InlineData("%Y%n", "%n: a line break or tab is not allowed in file names")]
    [InlineData("%Y%t", "%t: a line break or tab is not allowed in file names")]
    [InlineData("%Y\u0000", "control characters are not allowed in file names")]
    [InlineData("%Y\n", "control characters are not allowed in file names")]
    [InlineData("%\u0007", "unknown code after %")]
    [InlineData("/rec/%Y", "must not start with /: it is relative to output_directory")]
    [InlineData("%Y/", "must not end with /: the file's name is missing")]
    [InlineData("a//%Y", "two slashes in a row: a folder has no name")]
    [InlineData("../%Y", "must not hold . or .. as a folder")]
    [InlineData("%Y/..", "must not hold . or .. as a folder")]
    [InlineData("./%Y", "must not hold . or .. as a folder")]
    [InlineData(".%Y", "a name must not start with a dot: hidden files are not listed")]
    [InlineData("%Y/.isr/%m", "a name must not start with a dot: hidden files are not listed")]
    [InlineData("recording", "needs at least one code for the time, or all files would have one name")]
    [InlineData("rec%%%z%Z", "needs at least one code for the time, or all files would have one name")]
    public void Refuses_with_a_sentence(string pattern, string mistake)
    {
        Assert.False(FileNamePattern.TryParse(pattern, out var parsed, out var said));

        Assert.Null(parsed);
        Assert.Equal(mistake, said);
    }

    [Fact]
    public void Refuses_names_that_no_file_system_takes()
    {
        Assert.True(FileNamePattern.TryParse(new string('x', 236) + "%Y", out _, out _));
        Assert.False(FileNamePattern.TryParse(new string('x', 237) + "%Y", out _, out var name));
        Assert.False(FileNamePattern.TryParse(string.Concat(Enumerable.Repeat("%Y/", 300)) + "%Y", out var pattern, out _));
        Assert.Equal("is too long: at most 240 bytes a name, 1000 in all", name);
        Assert.Null(pattern);
    }

    [Fact]
    public void A_zone_name_makes_no_folder()
    {
        var name = Parse("%Z_%Y").Format(new DateTimeOffset(2026, 5, 23, 4, 9, 7, TimeSpan.Zero), "../a\u0000b");

        Assert.Equal("___a_b_2026", name);
    }

    private static FileNamePattern Parse(string text) =>
        FileNamePattern.TryParse(text, out var pattern, out var mistake)
            ? pattern
            : throw new ArgumentException($"{text}: {mistake}", nameof(text));

    private static string[] Date(string zoneName, string format, DateTimeOffset[] instants)
    {
        var start = new ProcessStartInfo("date")
        {
            ArgumentList = { "--file=-", "+" + format },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["TZ"] = zoneName, ["LC_ALL"] = "C" },
        };
        using var date = Process.Start(start)!;
        var writing = Task.Run(() =>
        {
            foreach (var instant in instants)
            {
                date.StandardInput.WriteLine($"@{instant.ToUnixTimeSeconds()}");
            }

            date.StandardInput.Close();
        });
        var lines = date.StandardOutput.ReadToEnd().TrimEnd('\n').Split('\n');
        writing.GetAwaiter().GetResult();
        date.WaitForExit();
        return lines;
    }
}
