using Isr.Audio.Spectrum;
using Isr.Codecs;
using Isr.Playback.Samples;

namespace Isr.Playback.Spectrogram;

/// <summary>Makes spectrograms of recordings, step by step as they are decoded. It takes no more than one core less than there are, so that nobody who records waits.</summary>
internal sealed partial class SpectrogramReader(ILogger<SpectrogramReader> logger) : IDisposable
{
    /// <summary>A step of a minute takes a slow computer a quarter of a second.</summary>
    private const int MostStepSeconds = 20;

    /// <summary>HE-AAC is decoded to twice the samples that its frames count.</summary>
    private const int MostScale = 4;

    private readonly SemaphoreSlim _cores = new(Math.Max(1, Environment.ProcessorCount - 1));

    /// <summary>The picture as bytes, or a sentence why there is none.</summary>
    /// <param name="samples">The recording.</param>
    /// <param name="first">The first sample of the stretch.</param>
    /// <param name="shape">Of the picture, in samples as the recording counts them.</param>
    /// <param name="cancellationToken">Nobody wants to know any longer.</param>
    public async Task<(byte[]? Bytes, string? Sentence)> ReadAsync(RecordingSamples samples, long first, SpectrogramShape shape, CancellationToken cancellationToken)
    {
        // Also what is beside the stretch, so that pictures side by side have no seam.
        var around = shape.Transform / 2;
        var (from, to) = (Math.Max(0, first - around), Math.Min(samples.Samples, first + shape.Count + around));
        var longest = (int)Math.Min(samples.StepSamples, (long)MostStepSeconds * samples.SampleRate);
        using var step = new PcmBuffer();
        SpectrogramMaker? maker = null;
        PcmFormat format = default;
        for (long at = from, next; at < to; at = next)
        {
            next = Math.Min(to, at + longest);
            var sentence = await samples.ReadAsync(at, (int)(next - at), step, cancellationToken);
            if (maker is null)
            {
                format = step.Format;
                if (sentence is not null || step.Count == 0)
                {
                    return (null, sentence ?? "Nothing of this stretch could be decoded.");
                }

                if (format.SampleRate / samples.SampleRate is not (1 or 2 or MostScale) || format.SampleRate % samples.SampleRate != 0)
                {
                    return (null, $"It is decoded to {format.SampleRate} Hz, though the file says {samples.SampleRate} Hz.");
                }

                maker = new SpectrogramMaker(shape.Times(format.SampleRate / samples.SampleRate), format.Channels, (int)(first - from) * (format.SampleRate / samples.SampleRate));
            }

            await MeasureAsync(maker, step, format, (next - at) * (format.SampleRate / samples.SampleRate), sentence, cancellationToken);
        }

        maker!.Finish();
        var scaled = shape.Times(format.SampleRate / samples.SampleRate);
        return (SpectrogramBytes.Write(maker, scaled, format.SampleRate, (double)first / samples.SampleRate, (double)(first + shape.Count) / samples.SampleRate), null);
    }

    public void Dispose() => _cores.Dispose();

    /// <summary>What is missing of a step, or is not like the others, is silent, as it is in an export.</summary>
    private async Task MeasureAsync(SpectrogramMaker maker, PcmBuffer step, PcmFormat format, long wanted, string? sentence, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            var isLike = sentence is null && step.Format == format;
            var count = isLike ? Math.Min(step.Count, wanted) : 0;
            maker.Add(format.Sample, step.Samples.Span[..(int)(count * step.MomentBytes)]);
            if (count < wanted)
            {
                maker.AddSilence(wanted - count);
                LogSilent(sentence ?? (isLike ? "samples are missing." : "they are of another kind than before."));
            }
        }
        finally
        {
            _cores.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A part of a spectrogram is silent: {Reason}")]
    private partial void LogSilent(string reason);
}
