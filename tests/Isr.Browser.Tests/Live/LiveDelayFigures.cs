using System.Diagnostics;
using System.Globalization;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Browser.Tests.Live;

/// <summary>How far what is heard live in the page is behind the source. No tests: `./bench.sh page` runs them.</summary>
public sealed class LiveDelayFigures(Support.Browser browser)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>It is listened to for so long, and counts from the first half on.</summary>
    private static readonly TimeSpan s_listened = TimeSpan.FromSeconds(30);

    /// <summary>ffmpeg sends a page of Ogg a second by itself; those who broadcast send several.</summary>
    private static readonly string[] s_shortPages = ["-page_duration", "200000"];

    private static readonly TimeSpan s_settles = TimeSpan.FromSeconds(6);

    [Fact(Explicit = true)]
    public async Task Live_streams()
    {
        (string Name, string Format, string Type)[] stations =
        [
            ("MP3 128 kbit/s", "mp3", "audio/mpeg"), ("AAC 128 kbit/s", "adts", "audio/aac"), ("Opus 128 kbit/s", "opus", "audio/ogg"),
            ("FLAC", "flac", "audio/flac"), ("FLAC in Ogg", "oggflac", "audio/ogg"), ("Vorbis", "ogg", "audio/ogg"),
        ];
        await using var icecast = await IcecastServer.StartAsync();
        foreach (var (name, format, type) in stations)
        {
            await using var feeder = Processes.Start(
                "ffmpeg",
                [
                    "-v", "warning", "-fflags", "nobuffer", "-probesize", "32", "-f", "s16le", "-ar", $"{TimedClicks.Rate}", "-ac", "2", "-i", "pipe:0",
                    .. TestAudio.Codec(format), .. type == "audio/ogg" ? s_shortPages : [], "-flush_packets", "1", "-content_type", type, $"icecast://source:{IcecastServer.Password}@127.0.0.1:{icecast.Port}/{format}",
                ]);
            await using var clicks = new TimedClicks(feeder.Input, channels: 2);
            await Wait.UntilAsync(() => icecast.IsLiveAsync("/" + format), s_patience, () => $"{name} did not go live: {feeder.Errors}");
            using var folder = new ProgramFolder();
            folder.Configure(60, ("radio", icecast.Url("/" + format)));
            await MeasureAsync(name, folder, clicks, environment: null);
        }
    }

    [Fact(Explicit = true)]
    public async Task Live_soundcard()
    {
        await using var pulse = await PulseServer.StartAsync();
        await using var player = Processes.Start(
            "pacat", ["--playback", "--raw", "--device", "rig", "--format=s16le", $"--rate={TimedClicks.Rate}", "--channels=2", "--latency-msec=30"], environment: pulse.Environment);
        await using var clicks = new TimedClicks(player.Input, channels: 2);
        using var folder = new ProgramFolder();
        await File.WriteAllTextAsync(
            folder.Config,
            $"[general]\noutput_directory = {folder.Recordings}\nsplit_minutes = 60\n[radio]\ntype = soundcard\ndevice = {PulseServer.Pcm}\nformat = flac\nsample_rate = {TimedClicks.Rate}\nchannels = 2\n",
            TestContext.Current.CancellationToken);
        await MeasureAsync("a soundcard (PulseAudio's monitor), 48 kHz", folder, clicks, pulse.Environment);
    }

    private async Task MeasureAsync(string name, ProgramFolder folder, TimedClicks clicks, IReadOnlyDictionary<string, string>? environment)
    {
        await using var program = IsrProgram.Start(folder, ["run", "--config", folder.Config], withPage: true, environment);
        await program.UntilServingAsync();
        await using var open = await browser.WatchAsync(new Uri(program.Http.BaseAddress!, "?view=sources"), before: Ears.OpenAsync);
        await open.UntilAsync("document.querySelector('.source.now button.listen')");
        // A connection begins with what the server had kept, which is older.
        await Task.Delay(s_settles, TimeProvider.System, TestContext.Current.CancellationToken);

        var began = Stopwatch.GetTimestamp();
        await open.Page.ClickAsync(".source.now button.listen");
        await open.UntilAsync("document.querySelector('.heard')?.textContent.startsWith('live')");
        var took = Stopwatch.GetElapsedTime(began);
        await Task.Delay(s_listened / 2, TimeProvider.System, TestContext.Current.CancellationToken);
        var first = Behind(clicks, await Ears.TonesAsync(open.Page));
        await Ears.SinceAsync(open.Page);
        await Task.Delay(s_listened / 2, TimeProvider.System, TestContext.Current.CancellationToken);
        var later = Behind(clicks, await Ears.TonesAsync(open.Page));
        var stretch = await Ears.SinceAsync(open.Page);
        var said = await open.Page.InnerTextAsync(".heard");
        Assert.True(later.Count > 2, $"{name}: {later.Count} tones were heard, the page says: {said}; {string.Join('\n', open.Complaints)}");
        Assert.Empty(open.Complaints);
        FormattableString row =
            $"| live, {name}: behind the source at first, then median, worst; to the first sound | {first.FirstOrDefault():0.00}, {later.Order().ElementAt(later.Count / 2):0.00}, {later.Max():0.00} s; {took.TotalSeconds:0.00} s |";
        TestContext.Current.TestOutputHelper!.WriteLine(row.ToString(CultureInfo.InvariantCulture));
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{name}: the page says \"{said}\"; longest silence {1000 * stretch.Longest:0} ms; first {string.Join(' ', first.Select(f => f.ToString("0.00", CultureInfo.InvariantCulture)))}; later {string.Join(' ', later.Select(f => f.ToString("0.00", CultureInfo.InvariantCulture)))}"));
    }

    private static List<double> Behind(TimedClicks clicks, Tone[] tones) => [.. tones.Select(t => clicks.Behind(t.Pitch, t.At)).OfType<double>()];
}
