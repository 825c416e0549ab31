using System.Globalization;
using Isr.Tests.Support;
using Microsoft.Playwright;

namespace Isr.Browser.Tests.Support;

/// <summary>
/// What came out of a page, to the sample. The sound is a sweep that begins anew every four seconds: its pitch tells which moment of it is heard.
/// </summary>
internal sealed class HeardSound
{
    /// <summary>The sound as ffmpeg makes it; its phase goes on evenly where it begins anew.</summary>
    public const string Graph =
        "aevalsrc=exprs='0.3*sin(2*PI*(400*mod(t\\,4)+250*mod(t\\,4)*mod(t\\,4)))':sample_rate=44100,aformat=sample_fmts=fltp:channel_layouts=stereo";

    private const double Lowest = 400;
    private const double HertzPerSecond = 500;
    private const double Sweep = 4;

    /// <summary>How far a period of the sound may be from what the moment before or after it lets expect, in seconds of the sweep.</summary>
    private const double Tolerance = 0.03;
    private const double Block = 0.05;

    private readonly List<(double At, double Offset)> _periods = [];

    private HeardSound(ReadOnlySpan<short> samples, double rate)
    {
        const int Audible = 300;
        var first = samples.IndexOfAnyExceptInRange<short>(-Audible, Audible);
        var last = samples.LastIndexOfAnyExceptInRange<short>(-Audible, Audible);
        Assert.True(first >= 0, "nothing was heard");
        Seconds = (last - first) / rate;
        Find(samples[first..(last + 1)], rate);
        Judge();
    }

    /// <summary>From the first sound to the last.</summary>
    public double Seconds { get; }

    /// <summary>The longest stretch that is silent, or nothing of the sweep, in milliseconds.</summary>
    public double LongestBreak { get; private set; }

    /// <summary>What the sound leaps by at most where it goes on elsewhere: above zero something is left out, below it comes late or twice. In milliseconds.</summary>
    public double LargestLeap { get; private set; }

    /// <summary>A mount with the sound, sent as fast as it sounds.</summary>
    public static Processes Feed(IcecastServer server, string name, string format, string type) => Processes.Start(
        "ffmpeg",
        [
            "-nostdin", "-v", "warning", "-re", "-f", "lavfi", "-i", Graph, .. TestAudio.Codec(format),
            "-content_type", type, $"icecast://source:{IcecastServer.Password}@127.0.0.1:{server.Port}/{name}",
        ]);

    /// <summary>A page that is about to play a source from that moment on, when Space is pressed.</summary>
    public static async Task<IPage> OpenAsync(Browser browser, Uri address, string source, DateTimeOffset from)
    {
        // Of all views this one has the least to draw: it is the player that is listened to.
        var place = $"?source={source}&at={from.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)}&view=sources";
        var (page, _) = await browser.OpenAsync(new Uri(address, place), before: KeepAsync);
        await page.Locator("main").WaitForAsync();
        return page;
    }

    /// <summary>What such a page plays, for so long from its first sound on.</summary>
    public static async Task<HeardSound> ListenAsync(IPage page, TimeSpan length)
    {
        await page.Keyboard.PressAsync(" ");
        await page.WaitForFunctionAsync("() => window.sounds === true", options: new PageWaitForFunctionOptions { PollingInterval = 100 });
        await Task.Delay(length, TimeProvider.System, TestContext.Current.CancellationToken);
        return await OfAsync(page);
    }

    /// <summary>Has the page's sound kept from its first sample on. To be called before the page is opened.</summary>
    private static async Task KeepAsync(IPage page)
    {
        // The page's own policy lets it run no script that a test brings; that it has this policy is tested elsewhere.
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Page.setBypassCSP", new Dictionary<string, object>(StringComparer.Ordinal) { ["enabled"] = true });
        await page.AddInitScriptAsync(
            """
            const tap = `registerProcessor("heard", class extends AudioWorkletProcessor {
              constructor() {
                super();
                this.samples = new Int16Array(60 * sampleRate);
                this.count = 0;
                this.port.onmessage = () => this.port.postMessage(this.samples.slice(0, this.count));
              }
              process([[samples]]) {
                if (this.count === 0) {
                  if (samples === undefined || !samples.some(sample => Math.abs(sample) > 0.01)) return true;
                  this.port.postMessage("begins");
                }
                const room = this.samples.length - this.count;
                for (let i = 0; i < Math.min(room, 128); i++) this.samples[this.count++] = 32767 * Math.max(-1, Math.min(1, samples?.[i] ?? 0));
                return true;
              }
            });`;
            const connect = AudioNode.prototype.connect;
            AudioNode.prototype.connect = function (to, ...rest) {
              const { context } = this;
              if (to instanceof AudioDestinationNode && window.heard === undefined) {
                window.heard = context.audioWorklet.addModule(URL.createObjectURL(new Blob([tap], { type: "text/javascript" }))).then(() => {
                  const node = new AudioWorkletNode(context, "heard");
                  node.port.onmessage = () => { window.sounds = true; };
                  connect.call(this, node);
                  connect.call(node, context.destination);
                  return async () => {
                    const samples = await new Promise(done => { node.port.onmessage = ({ data }) => done(data); node.port.postMessage(null); });
                    const bytes = new Uint8Array(samples.buffer);
                    let text = "";
                    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
                    return { rate: context.sampleRate, samples: btoa(text) };
                  };
                });
              }
              return connect.call(this, to, ...rest);
            };
            """);
    }

    /// <summary>What was heard up to now.</summary>
    private static async Task<HeardSound> OfAsync(IPage page)
    {
        var kept = await page.EvaluateAsync<Kept>("async () => (await window.heard)()");
        return new HeardSound(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(Convert.FromBase64String(kept.Samples)), kept.Rate);
    }

    public override string ToString() => FormattableString.Invariant($"{Seconds:F2} s heard, longest break {LongestBreak:F1} ms, largest leap {LargestLeap:F1} ms");

    /// <summary>From one rise through zero to the next is a period; its length tells the place in the sweep.</summary>
    private void Find(ReadOnlySpan<short> samples, double rate)
    {
        var before = double.NaN;
        for (var i = 1; i < samples.Length; i++)
        {
            if (samples[i - 1] >= 0 || samples[i] < 0)
            {
                continue;
            }

            var at = (i - 1 + (samples[i - 1] / (double)(samples[i - 1] - samples[i]))) / rate;
            if (!double.IsNaN(before))
            {
                var middle = (at + before) / 2;
                _periods.Add((middle, (((1 / (at - before)) - Lowest) / HertzPerSecond) - middle));
            }

            before = at;
        }
    }

    private void Judge()
    {
        var runs = Runs();
        Assert.NotEmpty(runs);
        var heard = 0.0;
        var run = 0;
        foreach (var (at, offset) in _periods)
        {
            while (run + 1 < runs.Count && at >= runs[run + 1].From)
            {
                run++;
            }

            // Around a leap what is heard belongs to either side of it.
            if (Math.Abs(Distance(offset, runs[run].Offset)) < Tolerance || (run > 0 && Math.Abs(Distance(offset, runs[run - 1].Offset)) < Tolerance)
                || (run + 1 < runs.Count && Math.Abs(Distance(offset, runs[run + 1].Offset)) < Tolerance))
            {
                LongestBreak = Math.Max(LongestBreak, 1000 * (at - heard));
                heard = at;
            }
        }

        LongestBreak = Math.Max(LongestBreak, 1000 * (Seconds - heard));
        for (var i = 1; i < runs.Count; i++)
        {
            var leap = 1000 * Distance(runs[i].Offset, runs[i - 1].Offset);
            LargestLeap = Math.Abs(leap) > Math.Abs(LargestLeap) ? leap : LargestLeap;
        }
    }

    /// <summary>Stretches in which the sweep goes on evenly: the median of each twentieth of a second agrees with those before.</summary>
    private List<(double From, double Offset)> Runs()
    {
        const double Even = 0.005;
        var runs = new List<(double From, double Offset, int Blocks)>();
        foreach (var block in _periods.GroupBy(p => (int)(p.At / Block)))
        {
            var near = block.First().Offset;
            var sorted = block.Select(p => Distance(p.Offset, near)).Order().ToList();
            var offset = near + sorted[sorted.Count / 2];
            if (runs.Count > 0 && runs[^1] is var (from, known, blocks) && Math.Abs(Distance(offset, known)) < Even)
            {
                runs[^1] = (from, known + (Distance(offset, known) / Math.Min(20, blocks + 1)), blocks + 1);
            }
            else
            {
                runs.Add((block.Key * Block, offset, 1));
            }
        }

        return [.. runs.Where(r => r.Blocks > 2).Select(r => (r.From, r.Offset))];
    }

    private static double Distance(double a, double b) => Math.IEEERemainder(a - b, Sweep);

    private sealed record Kept(double Rate, string Samples)
    {
        public Kept()
            : this(0, "")
        {
        }
    }
}
