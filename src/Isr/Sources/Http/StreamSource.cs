using System.Buffers;
using System.Net.Sockets;
using Isr.Audio;
using Isr.Audio.Icy;
using Isr.Audio.Sniffing;
using Isr.Configuration;

namespace Isr.Sources.Http;

/// <summary>
/// An internet radio stream: opens it, takes the metadata out, finds out what the audio is, cuts it into frames.
/// </summary>
internal sealed partial class StreamSource(
    SourceSettings settings,
    StreamClient client,
    ConnectionWatch watch,
    ILogger<StreamSource> logger) : IAudioSource
{
    private const int MaxHops = 10;
    private const int SniffBytes = StreamSniffer.MaxBytes;
    private const int ReadBytes = 16 * 1024;

    /// <summary>Until one address has audio, the next is tried; then that one's end is the end.</summary>
    public async Task<ConnectionEnd> RunAsync(IAudioSink sink, CancellationToken cancellationToken)
    {
        var credentials = settings.Username is { } name ? $"{name}:{settings.Password}" : null;
        var end = default(ConnectionEnd);
        foreach (var url in settings.Urls)
        {
            (end, var isOver) = await RunAddressAsync(new StreamAddress(url, credentials), sink, cancellationToken);
            if (isOver)
            {
                break;
            }

            LogNoAudio(settings.Name, end.Sentence);
        }

        return end;
    }

    /// <summary>One address of the settings and all that it points to; over when there was audio or a stop.</summary>
    private async Task<(ConnectionEnd End, bool IsOver)> RunAddressAsync(StreamAddress first, IAudioSink sink, CancellationToken cancellationToken)
    {
        var addresses = new Stack<StreamAddress>([first]);
        var end = default(ConnectionEnd);

        for (var hop = 0; addresses.TryPop(out var address); hop++)
        {
            if (hop == MaxHops)
            {
                return (new ConnectionEnd(EndCause.Refused, $"more than {MaxHops} redirects or playlist entries, the last {address}"), false);
            }

            var opened = await client.OpenAsync(address, addresses, cancellationToken);
            end = opened.End;
            var hadAudio = false;
            if (opened.Body is { } body)
            {
                (end, hadAudio) = await ReadBodyAsync(body, address, addresses, sink, cancellationToken);
            }

            if (hadAudio || end.Cause == EndCause.Stopped)
            {
                return (end, true);
            }

            if (addresses.Count > 0)
            {
                LogNoAudio(settings.Name, end.Sentence);
            }
        }

        return (end, false);
    }

    /// <summary>The dead-connection limit and a stop both end a read by closing what it reads from.</summary>
    private async Task<(ConnectionEnd End, bool HadAudio)> ReadBodyAsync(
        StreamBody body, StreamAddress address, Stack<StreamAddress> more, IAudioSink sink, CancellationToken cancellationToken)
    {
        using var owned = body;
        using var stop = cancellationToken.Register(static state => ((StreamBody)state!).Abort(EndCause.Stopped), body);
        watch.Add(body);
        using var pump = new Pump(this, body, sink);
        try
        {
            var end = await pump.RunAsync() ?? StreamClient.FollowPlaylist(await pump.ReadRestAsync(Playlist.MaxBytes), address, more).End;
            return (body.AbortedFor is { } cause ? AbortEnd(cause, body) : end, pump.HasAudio);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            var end = body.AbortedFor is { } cause
                ? AbortEnd(cause, body)
                : new ConnectionEnd(EndCause.Broken, $"the connection to {body.Facts.Url} broke: {StreamClient.Clean((e.InnerException ?? e).Message)}");
            return (end, pump.HasAudio);
        }
        finally
        {
            watch.Remove(body);
        }
    }

    private static ConnectionEnd AbortEnd(EndCause cause, StreamBody body) => cause == EndCause.Stopped
        ? ConnectionEnd.Stopped
        : new ConnectionEnd(EndCause.Silence, $"nothing came from {body.Facts.Url} for {ConnectionWatch.SilenceLimit.TotalSeconds:0} s");

    /// <summary>One body on its way through metadata, sniffing and framing; it owns the buffer.</summary>
    private sealed class Pump(StreamSource source, StreamBody body, IAudioSink sink) : IDisposable
    {
        private readonly IcyDemuxer? _icy = body.MetadataInterval > 0 ? new IcyDemuxer(body.MetadataInterval) : null;
        private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SniffBytes + ReadBytes);
        private int _start;
        private int _end;
        private IFrameReader? _reader;
        private SniffResult _sniffed;
        private string? _earlyTitle;
        private long _audioBytes;
        private double _audioSeconds;
        private bool _isPaced;

        /// <summary>Whether the body is known to be audio that can be recorded.</summary>
        public bool HasAudio => _reader is not null;

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
            if (_reader is null)
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
                return end is null && _sniffed.Kind != StreamKind.Playlist;
            }

            var skippedBefore = _reader!.SkippedBytes;
            while (_reader.TryRead(_buffer.AsSpan(_start, _end - _start), isFinal, out var consumed, out var frame) || consumed > 0)
            {
                if (!frame.Data.IsEmpty)
                {
                    _audioBytes += frame.Data.Length;
                    _audioSeconds += (double)frame.Samples / frame.Format.SampleRate;
                    sink.Frame(frame);
                }

                _start += consumed;
            }

            if (_reader.SkippedBytes != skippedBefore)
            {
                sink.Skipped(_reader.SkippedBytes - skippedBefore);
            }

            if (_reader.Refusal is { } refusal)
            {
                end = new ConnectionEnd(EndCause.Unsupported, $"{body.Facts.Url}: {refusal}");
                return false;
            }

            return true;
        }

        /// <summary>True once it is known what the body is and a reader stands.</summary>
        private bool Recognise(bool isFinal, ref ConnectionEnd? end)
        {
            var start = _buffer.AsSpan(_start, _end - _start);
            _sniffed = StreamSniffer.Sniff(start, isFinal || start.Length >= SniffBytes);
            if (_sniffed.Kind is not (StreamKind.MpegAudio or StreamKind.Adts))
            {
                end = SniffedEnd(start.Length);
                return false;
            }

            source.CheckType(body.Facts, _sniffed.Codec);
            _reader = StreamFormats.CreateReader(_sniffed.Codec);
            sink.Connected(body.Facts);
            if (_earlyTitle is not null)
            {
                sink.Title(_earlyTitle);
            }

            return true;
        }

        private ConnectionEnd? SniffedEnd(int length) => _sniffed.Kind switch
        {
            StreamKind.Undecided or StreamKind.Playlist => null,
            StreamKind.Ogg => new ConnectionEnd(EndCause.Unsupported, $"{body.Facts.Url} is Ogg (Vorbis, Opus or FLAC), which is not recorded yet"),
            StreamKind.Flac => new ConnectionEnd(EndCause.Unsupported, $"{body.Facts.Url} is FLAC, which is not recorded yet"),
            StreamKind.Hls => new ConnectionEnd(EndCause.Unsupported, $"{body.Facts.Url} is HLS, which is not recorded: give the address of an MP3 or AAC stream"),
            StreamKind.Text => new ConnectionEnd(EndCause.Refused, $"{body.Facts.Url} is a page or text, no audio (type {body.Facts.ContentType ?? "not given"})"),
            _ when length == 0 => new ConnectionEnd(EndCause.Ended, $"{body.Facts.Url} closed the connection before any audio"),
            _ => new ConnectionEnd(EndCause.Refused, $"no MP3 or AAC frames in the first {length} bytes from {body.Facts.Url} (type {body.Facts.ContentType ?? "not given"})"),
        };

        private void TakeTitle(string title)
        {
            if (_reader is null)
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

            // Recognised: the large buffer goes back, so that a hundred streams are not a hundred times 80 KB.
            if (_reader is not null && _buffer.Length > SniffBytes && _end + ReadBytes <= _reader.LookaheadBytes + ReadBytes)
            {
                var smaller = ArrayPool<byte>.Shared.Rent(_reader.LookaheadBytes + ReadBytes);
                _buffer.AsSpan(0, _end).CopyTo(smaller);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = smaller;
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

    private void CheckType(StreamFacts facts, AudioCodec codec)
    {
        var expected = codec == AudioCodec.Aac ? SourceFormat.Aac : SourceFormat.Mp3;
        if (settings.Format != SourceFormat.Auto && settings.Format != expected)
        {
            LogOtherFormat(settings.Name, settings.Format, expected);
        }
        else if (!MediaTypeFits(facts.ContentType, codec))
        {
            LogOtherType(settings.Name, facts.ContentType ?? "no type", expected);
        }
    }

    private static bool MediaTypeFits(string? type, AudioCodec codec)
    {
        var name = type?.Split(';')[0].Trim().ToUpperInvariant();
        return codec == AudioCodec.Aac
            ? name is "AUDIO/AAC" or "AUDIO/AACP" or "AUDIO/X-AAC" or "AUDIO/ADTS"
            : name is "AUDIO/MPEG" or "AUDIO/MP3" or "AUDIO/MPEG3" or "AUDIO/X-MPEG" or "AUDIO/X-MP3" or "AUDIO/MPA";
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "[{Source}] {Sentence}")]
    private partial void LogNoAudio(string source, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] format = {Configured} is set, but the stream is {Found}; recorded as {Found}")]
    private partial void LogOtherFormat(string source, SourceFormat configured, SourceFormat found);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Source}] the server says {Type}, the stream is {Found}; recorded as {Found}")]
    private partial void LogOtherType(string source, string type, SourceFormat found);
}
