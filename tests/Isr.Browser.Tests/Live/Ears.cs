using Microsoft.Playwright;

namespace Isr.Browser.Tests.Live;

/// <summary>What comes out of a page: when which tone began, and how long it was silent in between.</summary>
internal static class Ears
{
    /// <summary>To be called before the page is opened.</summary>
    public static async Task OpenAsync(IPage page)
    {
        // The page's own policy lets it run no script that a test brings; that it has this policy is tested elsewhere.
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Page.setBypassCSP", new Dictionary<string, object>(StringComparer.Ordinal) { ["enabled"] = true });
        await page.AddInitScriptAsync(
            """
            const tap = `registerProcessor("ears", class extends AudioWorkletProcessor {
              constructor() {
                super();
                Object.assign(this, { left: 0, rises: 0, before: 0, quiet: 0, longest: 0, at: 0, rest: 0, sounded: 0 });
                this.port.onmessage = () => {
                  this.port.postMessage({ longest: Math.max(this.longest, this.quiet) / sampleRate, sounded: this.sounded / sampleRate });
                  this.longest = this.quiet = this.sounded = 0;
                };
              }
              process([[samples]]) {
                const now = Date.now();
                for (let i = 0; i < 128; i++) {
                  const sample = samples?.[i] ?? 0;
                  // Silence to the last bit: nothing plays.
                  if (Math.abs(sample) < 1e-7) this.quiet++;
                  else {
                    this.longest = Math.max(this.longest, this.quiet);
                    this.quiet = 0;
                    this.sounded++;
                  }
                  this.rest--;
                  if (this.left === 0 && this.rest < 0 && Math.abs(sample) > 0.1) Object.assign(this, { left: Math.round(0.05 * sampleRate), rises: 0, at: now + 1000 * i / sampleRate });
                  if (this.left > 0) {
                    if (this.before < 0 && sample >= 0) this.rises++;
                    if (--this.left === 0) {
                      this.port.postMessage({ at: this.at, pitch: this.rises / 0.05 });
                      this.rest = 0.2 * sampleRate;
                    }
                  }
                  this.before = sample;
                }
                return true;
              }
            });`;
            window.tones = [];
            const connect = AudioNode.prototype.connect;
            AudioNode.prototype.connect = function (to, ...rest) {
              const { context } = this;
              if (to instanceof AudioDestinationNode && window.ears === undefined) {
                window.ears = context.audioWorklet.addModule(URL.createObjectURL(new Blob([tap], { type: "text/javascript" }))).then(() => {
                  const node = new AudioWorkletNode(context, "ears");
                  let asked = null;
                  node.port.onmessage = ({ data }) => {
                    if ("pitch" in data) window.tones.push({ ...data, at: data.at + 1000 * (context.baseLatency + context.outputLatency) });
                    else asked(data);
                  };
                  connect.call(this, node);
                  connect.call(node, context.destination);
                  return () => new Promise((done) => { asked = done; node.port.postMessage(null); });
                });
              }
              return connect.call(this, to, ...rest);
            };
            """);
    }

    /// <summary>The tones since the last time, with what the browser says that they take to the loudspeaker.</summary>
    public static Task<Tone[]> TonesAsync(IPage page) => page.EvaluateAsync<Tone[]>("window.tones.splice(0)");

    /// <summary>Of what came out since the last time: the longest silence, and how much was sound.</summary>
    public static Task<Stretch> SinceAsync(IPage page) => page.EvaluateAsync<Stretch>("async () => (await window.ears)()");
}

/// <summary>A tone as it was heard.</summary>
/// <param name="At">Milliseconds since 1970.</param>
/// <param name="Pitch">Hz, about.</param>
internal sealed record Tone(double At, double Pitch)
{
    public Tone()
        : this(0, 0)
    {
    }
}

/// <summary>What was heard for a while, in seconds.</summary>
internal sealed record Stretch(double Longest, double Sounded)
{
    public Stretch()
        : this(0, 0)
    {
    }
}
