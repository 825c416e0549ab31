using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests;

/// <summary>For whoever works on the page.</summary>
public sealed class KeptArchive
{
    /// <summary>Leaves such folders where ISR_KEEP_ARCHIVE says, to be served by hand: `isr web --dir FOLDER/recordings`, and with TZ=Europe/Berlin FOLDER/clocks-set-back/recordings.</summary>
    [Fact]
    public async Task Can_be_kept_and_served_by_hand()
    {
        var kept = Environment.GetEnvironmentVariable("ISR_KEEP_ARCHIVE");
        Assert.SkipUnless(kept is not null, "Only with ISR_KEEP_ARCHIVE=FOLDER.");

        var yesterday = await ReviewFolder.WriteAsync(Path.Combine(kept, "recordings"), ReviewFolder.Yesterday(TimeZoneInfo.Local), TimeZoneInfo.Local);
        await ReviewFolder.WriteAsync(Path.Combine(kept, "clocks-set-back", "recordings"), new DateOnly(2026, 10, 25), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        Assert.True(Directory.Exists(yesterday.StateDirectory));
    }
}
