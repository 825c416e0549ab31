using System.Buffers;
using System.Globalization;
using Isr.Audio;
using Isr.Audio.Pcm;
using Isr.Serving;

namespace Isr.Playback.Export;

/// <summary>A span as a download, made as it is sent: however long it is, it takes the memory of one step.</summary>
/// <param name="reader">Reads what was recorded; it is disposed of at the end.</param>
/// <param name="muxer">Makes the file, and has been told its length.</param>
/// <param name="format">Of the file's samples.</param>
/// <param name="total">Samples per channel.</param>
/// <param name="facts">What the file says of itself.</param>
/// <param name="name">What it is to be called.</param>
internal sealed class ExportAnswer(ExportReader reader, IFileMuxer muxer, AudioFormat format, long total, FileFacts facts, string name) : IResult
{
    private const int SilenceSamples = 4096;

    private readonly int _momentBytes = format.Channels * format.BitsPerSample / 8;
    private long _written;

    public async Task ExecuteAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        try
        {
            var body = new GatheredBody(context.Response);
            Begin(context.Response, body.Buffer);
            while (_written < total && await reader.TryReadAsync(cancellationToken))
            {
                await AddSilenceAsync(Math.Min(reader.At, total), body, cancellationToken);
                await AddStepAsync(body, cancellationToken);
            }

            await AddSilenceAsync(total, body, cancellationToken);
            muxer.Finish(body.Buffer);
            await body.SendAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
        finally
        {
            reader.Dispose();
            (muxer as IDisposable)?.Dispose();
        }
    }

    private void Begin(HttpResponse response, ArrayBufferWriter<byte> output)
    {
        muxer.Begin(facts, new AudioFrame([], 0, format), output);
        response.ContentType = muxer.Codec == AudioCodec.Flac ? "audio/flac" : "audio/wav";
        if (muxer.Codec == AudioCodec.Pcm)
        {
            var dataBytes = total * _momentBytes;
            response.ContentLength = output.WrittenCount + dataBytes + (dataBytes & 1);
        }

        response.Headers.ContentDisposition = SavedName.Attachment(name);
        response.Headers.CacheControl = "private, no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers[ExportEndpoints.SilenceHeader] = reader.SilentSeconds.ToString("0.###", CultureInfo.InvariantCulture);
    }

    private async Task AddSilenceAsync(long until, GatheredBody body, CancellationToken cancellationToken)
    {
        var silence = new byte[SilenceSamples * _momentBytes];
        while (_written < until)
        {
            var count = (int)Math.Min(SilenceSamples, until - _written);
            Write(silence.AsSpan(0, count * _momentBytes), count, body.Buffer);
            await body.SendWhenFullAsync(cancellationToken);
        }
    }

    private async Task AddStepAsync(GatheredBody body, CancellationToken cancellationToken)
    {
        var step = reader.Step;
        var conversion = new SampleConversion(step.Format.Sample, format.Channels, 0, format.Channels, format.BitsPerSample);
        var converted = new byte[SilenceSamples * _momentBytes];

        // What is before the place that was reached is there already.
        for (var at = (int)Math.Max(0, _written - reader.At); at < step.Count && _written < total;)
        {
            var count = (int)Math.Min(Math.Min(SilenceSamples, step.Count - at), total - _written);
            conversion.Convert(step.Samples.Span.Slice(at * step.MomentBytes, count * step.MomentBytes), converted);
            Write(converted.AsSpan(0, count * _momentBytes), count, body.Buffer);
            at += count;
            await body.SendWhenFullAsync(cancellationToken);
        }
    }

    private void Write(ReadOnlySpan<byte> samples, int count, ArrayBufferWriter<byte> output)
    {
        muxer.Write(new AudioFrame(samples, count, format), output);
        _written += count;
    }

    /// <summary>Gathers some bytes before they are sent.</summary>
    private sealed class GatheredBody(HttpResponse response)
    {
        private const int SentBytes = 128 * 1024;

        public ArrayBufferWriter<byte> Buffer { get; } = new(2 * SentBytes);

        public ValueTask SendWhenFullAsync(CancellationToken cancellationToken) => Buffer.WrittenCount < SentBytes ? default : SendAsync(cancellationToken);

        public async ValueTask SendAsync(CancellationToken cancellationToken)
        {
            await response.Body.WriteAsync(Buffer.WrittenMemory, cancellationToken);
            Buffer.ResetWrittenCount();
        }
    }
}
