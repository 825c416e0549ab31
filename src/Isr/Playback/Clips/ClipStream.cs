using System.Buffers;
using Isr.Audio.Pcm;
using Isr.Codecs;
using Isr.Playback.Samples;

namespace Isr.Playback.Clips;

/// <summary>
/// A stretch of a recording as a WAV file of 16 bits; more bits are rounded to the nearest value, within the range, without dither. It is decoded
/// as it is read, in steps, from wherever it is read.
/// </summary>
internal sealed partial class ClipStream : Stream
{
    private readonly RecordingSamples _samples;
    private readonly ILogger _logger;
    private readonly long _first;
    private readonly PcmBuffer _step = new();
    private byte[] _converted = [];
    private int _convertedBytes;
    private long _convertedFrom;
    private byte[] _head = [];
    private PcmFormat _format;
    private long _count;

    private ClipStream(RecordingSamples samples, ILogger logger, long first, long count) => (_samples, _logger, _first, _count) = (samples, logger, first, count);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _head.Length + DataBytes;

    public override long Position { get; set; }

    private long DataBytes => _count * Scale * BlockAlign;

    private int BlockAlign => _format.Channels * (ClipHead.Bits / 8);

    /// <summary>How many decoded samples one is that is counted.</summary>
    private int Scale => _format.SampleRate / _samples.SampleRate;

    /// <summary>Decodes the first step, so that it is known what will come; a sentence when nothing will.</summary>
    /// <param name="samples">The recording; the stream disposes of it.</param>
    /// <param name="first">The first sample.</param>
    /// <param name="count">How many.</param>
    /// <param name="logger">Told when later there is less than was promised.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<(ClipStream? Clip, string? Sentence)> BeginAsync(RecordingSamples samples, long first, long count, ILogger logger, CancellationToken cancellationToken)
    {
        var clip = new ClipStream(samples, logger, first, count);
        try
        {
            if (await clip.BeginAsync(cancellationToken) is not { } sentence)
            {
                (var begun, clip) = (clip, null);
                return (begun, null);
            }

            return (null, sentence);
        }
        finally
        {
            if (clip is not null)
            {
                await clip.DisposeAsync();
            }
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position < _head.Length)
        {
            var part = Math.Min(buffer.Length, _head.Length - (int)Position);
            _head.AsMemory((int)Position, part).CopyTo(buffer);
            Position += part;
            return part;
        }

        var at = Position - _head.Length;
        if (at >= DataBytes || buffer.Length == 0)
        {
            return 0;
        }

        if ((at < _convertedFrom || at >= _convertedFrom + _convertedBytes) && !await MoveAsync(at, cancellationToken))
        {
            // The length is promised: the framework breaks the connection off, so that nobody takes a part for the whole.
            throw new OperationCanceledException("There are fewer samples than were promised.");
        }

        var count = (int)Math.Min(buffer.Length, _convertedFrom + _convertedBytes - at);
        _converted.AsMemory((int)(at - _convertedFrom), count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Decoding is asynchronous.");

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + (origin switch { SeekOrigin.Current => Position, SeekOrigin.End => Length, _ => 0 });

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _samples.Dispose();
            _step.Dispose();
            Return();
        }

        base.Dispose(disposing);
    }

    private async Task<string?> BeginAsync(CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(_count, _samples.StepSamples);
        if (await _samples.ReadAsync(_first, wanted, _step, cancellationToken) is { } sentence)
        {
            return sentence;
        }

        _format = _step.Format;
        if (wanted == _count)
        {
            // All that there is, though perhaps less than the file tells: a damaged end.
            _count = _step.Count / Scale;
        }
        else if (_step.Count < (long)wanted * Scale)
        {
            return "A part of this stretch is missing or damaged; ask for a shorter one.";
        }

        if (_count == 0)
        {
            return "Nothing of this stretch could be decoded.";
        }

        if (DataBytes > ClipHead.MostDataBytes)
        {
            return "This stretch makes more than 4 GB of samples; ask for a shorter one.";
        }

        _head = ClipHead.Make(_format.SampleRate, _format.Channels, (uint)DataBytes);
        Convert(0);
        return null;
    }

    /// <summary>Decodes the step that holds a place; false when it is not as it was promised.</summary>
    private async Task<bool> MoveAsync(long at, CancellationToken cancellationToken)
    {
        var from = at / ((long)BlockAlign * Scale) / _samples.StepSamples * _samples.StepSamples;
        var wanted = (int)Math.Min(_count - from, _samples.StepSamples);
        var sentence = await _samples.ReadAsync(_first + from, wanted, _step, cancellationToken);
        if (sentence is not null || _step.Format != _format || _step.Count < (long)wanted * Scale)
        {
            LogBroken(sentence ?? "samples are missing, or are of another kind than before.");
            return false;
        }

        Convert(from * Scale * BlockAlign);
        return true;
    }

    private void Convert(long from)
    {
        var conversion = new SampleConversion(_format.Sample, _format.Channels, 0, _format.Channels, ClipHead.Bits);
        var bytes = _step.Count * BlockAlign;
        if (_converted.Length < bytes)
        {
            Return();
            _converted = ArrayPool<byte>.Shared.Rent(bytes);
        }

        conversion.Convert(_step.Samples.Span, _converted);
        (_convertedFrom, _convertedBytes) = (from, (int)Math.Min(bytes, DataBytes - from));
    }

    private void Return()
    {
        if (_converted.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_converted);
            _converted = [];
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A clip is broken off: {Reason}")]
    private partial void LogBroken(string reason);
}
