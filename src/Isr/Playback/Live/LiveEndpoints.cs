using System.Buffers;
using Isr.Access;
using Isr.Audio;
using Isr.Audio.Mp4;
using Isr.Interop;
using Isr.Recording.Live;
using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Isr.Playback.Live;

internal static class LiveEndpoints
{
    private const string Prefix = "/live/";
    private const int MostFlacChannels = 8;

    /// <summary>How long a source that is about to come may take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    public static IEndpointRouteBuilder MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Prefix + "{**source}", [HttpMethods.Get, HttpMethods.Head], ListenAsync)
            .ForListeners()
            .WithSummary("A source as it comes, without an end.")
            .Produces<Stream>(StatusCodes.Status200OK, contentType: "audio/mpeg", additionalContentTypes: ["audio/aac", "audio/ogg", "audio/flac", "audio/wav", "audio/mp4"])
            .Produces<Problem>(StatusCodes.Status400BadRequest, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status404NotFound, Problem.MediaType)
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.MediaType);
        return routes;
    }

    /// <summary>What is coded already is sent as it is; a soundcard in the format that it is recorded in, or the one asked for.</summary>
    private static async Task<IResult> ListenAsync(
        HttpContext context, LiveSources sources, TimeProvider time, IHostApplicationLifetime lifetime, CancellationToken cancellationToken, [FromQuery] string? format = null)
    {
        var name = RequestPath.NameIn(context, Prefix);
        if (!sources.Knows(name))
        {
            return Problem.Of(StatusCodes.Status404NotFound, "There is no source by that name.");
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var listener = sources.TryListen(name, out var tap);
        if (listener is null)
        {
            return NotNow(context, $"{LiveTaps.MaxListeners} listen already, and no more can.");
        }

        if (await FirstAsync(listener, time, end.Token) is not { Format: { } coming } frames)
        {
            return NotNow(context, $"Nothing comes from {name} now.");
        }

        if (Choose(coming, tap, format, out var chosen) is { } problem)
        {
            return problem;
        }

        var response = context.Response;
        response.ContentType = chosen.ContentType(coming.Codec);
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            // Cut off, so that a player does not take it for the end.
            listener.Dropped = context.Abort;
            using var muxer = new LiveMuxer(name, chosen, time);
            await SendAsync(response, listener, muxer, frames, end.Token);
            listener.Dropped = null;
            if (listener.IsDropped)
            {
                context.Abort();
            }
        }

        return TypedResults.Empty;
    }

    private static JsonHttpResult<Problem> NotNow(HttpContext context, string sentence)
    {
        context.Response.Headers.RetryAfter = "5";
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, sentence);
    }

    /// <summary>Null when nothing comes in time.</summary>
    private static async Task<FrameQueue?> FirstAsync(FrameListener listener, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await listener.WaitAsync(either.Token) ? listener.Take(new FrameQueue()) : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static JsonHttpResult<Problem>? Choose(AudioFormat coming, LiveTap tap, string? asked, out LiveFormat chosen)
    {
        var forSamples = tap.PrefersFlac ? LiveFormat.Flac : LiveFormat.Wav;
        LiveFormat? wanted = asked switch { "wav" => LiveFormat.Wav, "flac" => LiveFormat.Flac, "mp4" => LiveFormat.Mp4, _ => null };
        chosen = LiveFormats.Of(coming.Codec, wanted ?? forSamples);
        return asked switch
        {
            null or "" => null,
            _ when wanted is null => Problem.Of(StatusCodes.Status400BadRequest, "format is mp4, wav or flac, or left out."),
            "mp4" when coming.Codec != AudioCodec.Pcm && !FragmentedMp4Muxer.Takes(coming) =>
                Problem.Of(StatusCodes.Status400BadRequest, $"What {tap.Source} sends does not go into MP4: leave format out."),
            _ when wanted != chosen => Problem.Of(StatusCodes.Status400BadRequest, $"{tap.Source} is sent as it comes, which is {chosen.ContentType(coming.Codec)}: leave format out."),
            "flac" or "mp4" when coming.Codec == AudioCodec.Pcm && coming.Channels > MostFlacChannels => Problem.Of(StatusCodes.Status400BadRequest, $"FLAC has at most {MostFlacChannels} channels, {tap.Source} has {coming.Channels}: ask for wav."),
            "flac" or "mp4" when coming.Codec == AudioCodec.Pcm && !NativeLibraries.HasFlac => Problem.Of(StatusCodes.Status400BadRequest, $"{NativeLibraries.FlacSentence}. Ask for wav."),
            _ => null,
        };
    }

    /// <summary>Until the listener leaves or is dropped, the program ends, or what comes is of another format.</summary>
    private static async Task SendAsync(HttpResponse response, FrameListener listener, LiveMuxer muxer, FrameQueue frames, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>();
        try
        {
            while (muxer.TryWrite(frames, bytes))
            {
                if (await SendAsync(response, bytes, cancellationToken) || !await listener.WaitAsync(cancellationToken))
                {
                    return;
                }

                frames = listener.Take(frames);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }

        muxer.Finish(bytes);
        await SendAsync(response, bytes, CancellationToken.None);
    }

    /// <summary>True when the listener has left.</summary>
    private static async Task<bool> SendAsync(HttpResponse response, ArrayBufferWriter<byte> bytes, CancellationToken cancellationToken)
    {
        response.BodyWriter.Write(bytes.WrittenSpan);
        bytes.ResetWrittenCount();
        return (await response.BodyWriter.FlushAsync(cancellationToken)).IsCompleted;
    }
}
