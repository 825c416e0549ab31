using System.Net.Sockets;
using Isr.Audio;
using Isr.Configuration;

namespace Isr.Sources.Http;

/// <summary>
/// An internet radio stream: opens it, takes the metadata out, finds out what the audio is, cuts it into frames.
/// Of several addresses the first is the main one and the others are backups, in their order.
/// </summary>
internal sealed partial class StreamSource(
    SourceSettings settings,
    StreamClient client,
    ConnectionWatch watch,
    TimeProvider time,
    ILogger<StreamSource> logger) : IAudioSource
{
    private const int MaxHops = 10;

    /// <summary>How often it is tried, while a backup is heard, whether an address before it has audio again.</summary>
    public static readonly TimeSpan MainRetry = TimeSpan.FromMinutes(1);

    /// <summary>Until one address has audio, the next is tried; then that one's end is the end.</summary>
    public async Task<ConnectionEnd> RunAsync(IAudioSink sink, CancellationToken cancellationToken)
    {
        var end = default(ConnectionEnd);
        for (var i = 0; i < settings.Urls.Count; i++)
        {
            (end, var isOver) = i == 0
                ? await RunAddressAsync(Address(0), sink, cancellationToken)
                : await RunBackupAsync(i, sink, cancellationToken);
            if (isOver)
            {
                break;
            }

            LogNoAudio(settings.Name, end.Sentence);
        }

        return end;
    }

    private StreamAddress Address(int index) =>
        new(settings.Urls[index], settings.Username is { } name ? $"{name}:{settings.Password}" : null);

    /// <summary>Hears a backup until it ends, or until an address before it has audio again.</summary>
    private async Task<(ConnectionEnd End, bool IsOver)> RunBackupAsync(int index, IAudioSink sink, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var better = WaitForBetterAsync(index, stop);
        var (end, isOver) = await RunAddressAsync(Address(index), sink, stop.Token);
        await stop.CancelAsync();
        return await better is { } url && !cancellationToken.IsCancellationRequested && end.Cause == EndCause.Stopped
            ? (new ConnectionEnd(EndCause.Switched, $"{SourceSettings.RedactedUrl(url)} has audio again, so its backup is left"), true)
            : (end, isOver);
    }

    /// <summary>
    /// Tries the addresses before a backup from time to time; the first that has audio stops the backup and is the
    /// answer. The connection that found it out is not kept: the next one begins with a burst, which closes the gap.
    /// </summary>
    private async Task<Uri?> WaitForBetterAsync(int index, CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(MainRetry, time, stop.Token);
                for (var i = 0; i < index; i++)
                {
                    var heard = new FirstAudio();
                    await RunAddressAsync(Address(i), heard, stop.Token);
                    if (heard.WasHeard && !stop.IsCancellationRequested)
                    {
                        await stop.CancelAsync();
                        return settings.Urls[i];
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
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
        using var pump = new StreamPump(body, sink, CheckType);
        watch.Add(body);
        try
        {
            var end = await pump.RunAsync() ?? StreamClient.FollowPlaylist(await pump.ReadRestAsync(Playlist.MaxBytes), address, more).End;
            return (body.AbortedFor is { } cause ? AbortEnd(cause, body) : end, pump.HasAudio);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            pump.TakeLastFrame();
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

    private void CheckType(StreamFacts facts, AudioFormat format)
    {
        var found = FormatText.NameOf(format.Codec);
        if (!FormatFits(settings.Format, format.Codec))
        {
            LogOtherFormat(settings.Name, settings.Format.ToString().ToLowerInvariant(), found);
        }
        else if (!MediaTypeFits(facts.ContentType, format.Codec))
        {
            LogOtherType(settings.Name, facts.ContentType ?? "no type", found);
        }
    }

    private static bool FormatFits(SourceFormat configured, AudioCodec codec) => configured switch
    {
        SourceFormat.Auto => true,
        SourceFormat.Mp3 => codec is AudioCodec.MpegLayer1 or AudioCodec.MpegLayer2 or AudioCodec.MpegLayer3,
        SourceFormat.Aac => codec == AudioCodec.Aac,
        SourceFormat.Ogg => codec is AudioCodec.Vorbis or AudioCodec.Opus or AudioCodec.OggFlac,
        SourceFormat.Opus => codec == AudioCodec.Opus,
        SourceFormat.Flac => codec is AudioCodec.Flac or AudioCodec.OggFlac,
        _ => false,
    };

    private static bool MediaTypeFits(string? type, AudioCodec codec)
    {
        var name = type?.Split(';')[0].Trim().ToUpperInvariant();
        return codec switch
        {
            AudioCodec.Aac => name is "AUDIO/AAC" or "AUDIO/AACP" or "AUDIO/X-AAC" or "AUDIO/ADTS",
            AudioCodec.Vorbis or AudioCodec.OggFlac => name is "AUDIO/OGG" or "APPLICATION/OGG" or "AUDIO/X-OGG" or "APPLICATION/X-OGG",
            AudioCodec.Opus => name is "AUDIO/OGG" or "APPLICATION/OGG" or "AUDIO/X-OGG" or "APPLICATION/X-OGG" or "AUDIO/OPUS",
            AudioCodec.Flac => name is "AUDIO/FLAC" or "AUDIO/X-FLAC",
            _ => name is "AUDIO/MPEG" or "AUDIO/MP3" or "AUDIO/MPEG3" or "AUDIO/X-MPEG" or "AUDIO/X-MP3" or "AUDIO/MPA",
        };
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "[{Source}] {Sentence}")]
    private partial void LogNoAudio(string source, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] format = {Configured} is set, but the stream is {Found}; recorded as {Found}")]
    private partial void LogOtherFormat(string source, string configured, string found);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Source}] the server says {Type}, the stream is {Found}; recorded as {Found}")]
    private partial void LogOtherType(string source, string type, string found);
}
