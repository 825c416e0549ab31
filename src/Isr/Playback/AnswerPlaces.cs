using Isr.Serving;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Isr.Playback;

/// <summary>
/// How many answers may be worked out at a time. Each holds a step of samples, or up to hundreds of open files, as long as its
/// reader takes: so many must not take the memory and the files from the recording. Who waits holds nothing.
/// </summary>
internal sealed class AnswerPlaces(TimeProvider time) : IDisposable
{
    /// <summary>A browser asks for six at a time.</summary>
    public const int MostClips = 32;

    /// <summary>Cuts, exports and ZIP files, that may go over slow lines. Apart from clips: who waits for a download still hears something.</summary>
    public const int MostDownloads = 32;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _clips = new(MostClips);
    private readonly SemaphoreSlim _downloads = new(MostDownloads);

    /// <summary>Null when there is a place, until the answer has ended; else the refusal.</summary>
    public async Task<JsonHttpResult<Problem>?> TakeAsync(HttpContext context, bool isClip)
    {
        if (await TryTakeAsync(isClip, context.RequestAborted) is { } place)
        {
            context.Response.RegisterForDispose(place);
            return null;
        }

        context.Response.Headers.RetryAfter = "5";
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, "Too many clips and downloads are under way; try again when some have ended.");
    }

    public void Dispose()
    {
        _clips.Dispose();
        _downloads.Dispose();
    }

    /// <summary>To be disposed when the answer has ended; null when no place came free in time.</summary>
    internal async Task<IDisposable?> TryTakeAsync(bool isClip, CancellationToken cancellationToken)
    {
        var places = isClip ? _clips : _downloads;
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await places.WaitAsync(either.Token);
            return new Place(places);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private SemaphoreSlim? _places = places;

        public void Dispose()
        {
            try
            {
                Interlocked.Exchange(ref _places, null)?.Release();
            }
            catch (ObjectDisposedException)
            {
                // The program has ended before its last answer.
            }
        }
    }
}
