using Isr.Audio.Cutting;
using Isr.Serving;

namespace Isr.Playback.Cutting;

/// <summary>A cut as a download. It goes out as it is read, in blocks: however long it is, it takes neither memory nor disk.</summary>
/// <param name="file">The file of it.</param>
/// <param name="name">What it is to be called.</param>
/// <param name="extension">Of the recording.</param>
/// <param name="recordings">What it is read from; they are closed at the end.</param>
internal sealed class CutAnswer(CutFile file, string name, string extension, IReadOnlyList<OpenRecording> recordings) : IResult
{
    public async Task ExecuteAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        try
        {
            if (!TryMeasure(cancellationToken))
            {
                await Problem.Of(StatusCodes.Status500InternalServerError, "The recording could not be read from its disk.").ExecuteAsync(context);
                return;
            }

            context.Response.ContentType = PlaybackEndpoints.ContentTypeOf(extension);
            context.Response.ContentLength = file.Length;
            context.Response.Headers.ContentDisposition = SavedName.Attachment(name);
            context.Response.Headers.CacheControl = "private, no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";

            var body = context.Response.BodyWriter;
            for (var isMore = true; isMore;)
            {
                isMore = file.TryWrite(body);
                if (await body.FlushAsync(cancellationToken) is { IsCompleted: true } or { IsCanceled: true })
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // Half a file must not look like a whole one.
            context.Abort();
        }
        finally
        {
            foreach (var recording in recordings)
            {
                recording.Dispose();
            }
        }
    }

    /// <summary>What heads say of the rest, and the length, are true from the start: players and progress bars need both.</summary>
    private bool TryMeasure(CancellationToken cancellationToken)
    {
        try
        {
            file.Measure(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return false;
        }
    }
}
