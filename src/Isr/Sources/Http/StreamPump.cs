using System.Buffers;
using Isr.Audio;
using Isr.Audio.Icy;
using Isr.Audio.Sniffing;

namespace Isr.Sources.Http;

/// <summary>One body on its way through metadata, sniffing and framing; it owns the buffer.</summary>
internal sealed class StreamPump(StreamBody body, IAudioSink sink, Action<StreamFacts, AudioFormat> recognised) : IDisposable
{
    private const int SniffBytes = StreamSniffer.MaxBytes;
    private const int ReadBytes = 16 * 1024;

    private readonly IcyDemuxer? _icy = body.MetadataInterval > 0 ? new IcyDemuxer(body.MetadataInterval) : null;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SniffBytes + ReadBytes);
    private int _start;
    private int _end;
    private IFrameReader? _reader;
    private StreamKind _kind;
    private bool _isConnected;
    private string? _earlyTitle;
    private string? _tagTitle;
    private long _audioBytes;
    private double _audioSeconds;
    private long _skippedAtLastFrame;
    private bool _isPaced;

    /// <summary>Whether the body had audio that can be recorded.</summary>
    public bool HasAudio => _isConnected;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>Why it ended; null when the body turned out to be a playlist.</summary>
    public async ValueTask<ConnectionEnd?> RunAsync()
    {
        while (true)
        {
            var read = await body.ReadAsync(_buffer.AsMemory(_end, _buffer.Length - _end));
            var isFinal = read == 0;
            if (Take(read, isFinal, out var end))
            {
                return end;
            }

            if (isFinal)
            {
                return new ConnectionEnd(EndCause.Ended, $"{body.Facts.Url} closed the connection");
            }
        }
    }

    /// <summary>After a connection that broke or was ended: the whole frame that only waited for its successor.</summary>
    public void TakeLastFrame()
    {
        if (_reader is not null)
        {
            ConnectionEnd? end = null;
            TakeAudio(isFinal: true, ref end);
            if (_isConnected)
            {
                sink.Arrived(body.LastRead);
            }
        }
    }

    /// <summary>What came so far and what follows, up to a limit.</summary>
    public async ValueTask<byte[]> ReadRestAsync(int limit)
    {
        while (_end < limit && await body.ReadAsync(_buffer.AsMemory(_end, limit - _end)) is > 0 and var read)
        {
            _end += read;
        }

        return _buffer.AsSpan(_start, _end - _start).ToArray();
    }

    /// <summary>Works off what was read behind <see cref="_end"/>; true when the connection is over.</summary>
    private bool Take(int read, bool isFinal, out ConnectionEnd? end)
    {
        end = null;
        if (_icy is null)
        {
            _end += read;
            if (!TakeAudio(isFinal, ref end))
            {
                return true;
            }
        }
        else
        {
            // The audio moves down over the metadata that it is parted from; `raw` runs ahead of `_end`.
            var raw = _buffer.AsSpan(_end, read);
            while (!raw.IsEmpty)
            {
                var kind = _icy.Read(raw, out var consumed, out var part);
                if (kind == IcyPart.Audio)
                {
                    part.CopyTo(_buffer.AsSpan(_end));
                    _end += part.Length;
                    if (!TakeAudio(isFinal: false, ref end))
                    {
                        return true;
                    }
                }
                else if (kind == IcyPart.Metadata && IcyMetadata.TryGetTitle(part, out var title))
                {
                    TakeTitle(title);
                }

                raw = raw[consumed..];
            }

            if (isFinal && !TakeAudio(isFinal: true, ref end))
            {
                return true;
            }
        }

        MoveToFront();
        if (!_isConnected)
        {
            return false;
        }

        end = sink.Arrived(body.LastRead);
        Pace();
        return end is not null;
    }

    /// <summary>False when the connection is over, for the reason in <paramref name="end"/>, or because it is a playlist.</summary>
    private bool TakeAudio(bool isFinal, ref ConnectionEnd? end)
    {
        if (_reader is null && !Recognise(isFinal, ref end))
        {
            return end is null && _kind != StreamKind.Playlist;
        }

        var skippedBefore = _reader!.SkippedBytes;
        while (_reader.TryRead(_buffer.AsSpan(_start, _end - _start), isFinal, out var consumed, out var frame) || consumed > 0)
        {
            if (!frame.Data.IsEmpty)
            {
                TakeFrame(frame);
            }

            _start += consumed;
        }

        if (_isConnected && _reader.SkippedBytes != skippedBefore)
        {
            sink.Skipped(_reader.SkippedBytes - skippedBefore);
        }

        if (_reader.Refusal is { } refusal)
        {
            end = new ConnectionEnd(EndCause.Unsupported, $"{body.Facts.Url}: {refusal}");
            return false;
        }

        // A fallback mount may have switched to another codec: a new connection finds out to which.
        var without = _reader.SkippedBytes - _skippedAtLastFrame;
        if (without > SniffBytes)
        {
            end = new ConnectionEnd(EndCause.Broken, $"no frames of the stream in the last {without} bytes from {body.Facts.Url}");
            return false;
        }

        return true;
    }

    /// <summary>True once it is known what the body is and a reader stands.</summary>
    private bool Recognise(bool isFinal, ref ConnectionEnd? end)
    {
        var start = _buffer.AsSpan(_start, _end - _start);
        _kind = StreamSniffer.Sniff(start, isFinal || start.Length >= SniffBytes);
        if (!StreamFormats.HasReader(_kind))
        {
            end = SniffedEnd(start.Length);
            return false;
        }

        _reader = StreamFormats.CreateReader(_kind);
        return true;
    }

    private void TakeFrame(in AudioFrame frame)
    {
        if (!_isConnected)
        {
            _isConnected = true;
            recognised(body.Facts, frame.Format);
            sink.Connected(body.Facts);
            if (_earlyTitle is not null)
            {
                sink.Title(_earlyTitle);
            }
        }

        if (!ReferenceEquals(_reader!.Title, _tagTitle))
        {
            _tagTitle = _reader.Title;
            sink.Title(_tagTitle ?? "");
        }

        _skippedAtLastFrame = _reader.SkippedBytes;
        _audioBytes += frame.Data.Length;
        _audioSeconds += (double)frame.Samples / frame.Format.SampleRate;
        sink.Frame(frame);
    }

    private ConnectionEnd? SniffedEnd(int length) => _kind switch
    {
        StreamKind.Undecided or StreamKind.Playlist => null,
        StreamKind.Hls => new ConnectionEnd(EndCause.Unsupported, $"{body.Facts.Url} is HLS, which is not recorded: give the address of an Icecast or HTTP stream"),
        StreamKind.Text => new ConnectionEnd(EndCause.Refused, $"{body.Facts.Url} is a page or text, no audio (type {body.Facts.ContentType ?? "not given"})"),
        _ when length == 0 => new ConnectionEnd(EndCause.Ended, $"{body.Facts.Url} closed the connection before any audio"),
        _ => new ConnectionEnd(EndCause.Refused, $"no audio that is known here in the first {length} bytes from {body.Facts.Url} (type {body.Facts.ContentType ?? "not given"})"),
    };

    private void TakeTitle(string title)
    {
        if (!_isConnected)
        {
            _earlyTitle = title;
        }
        else
        {
            sink.Title(title);
        }
    }

    private void MoveToFront()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        // The buffer follows what the reader must see, so that a hundred streams are not a hundred times the most.
        if (_reader is not null)
        {
            var wanted = Math.Max(_end, _reader.LookaheadBytes) + ReadBytes;
            if (_buffer.Length < wanted || _buffer.Length > 4 * wanted)
            {
                var other = ArrayPool<byte>.Shared.Rent(wanted);
                _buffer.AsSpan(0, _end).CopyTo(other);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = other;
            }
        }
    }

    /// <summary>Once the rate is known, the kernel wakes this reader three times a second, no more.</summary>
    private void Pace()
    {
        const double Settled = 10;
        if (!_isPaced && _audioSeconds > Settled)
        {
            _isPaced = true;
            body.SetLowWater((int)Math.Clamp(_audioBytes / _audioSeconds / 3, 64, ReadBytes / 2));
        }
    }
}
