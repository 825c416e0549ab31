using System.Diagnostics.CodeAnalysis;
using Isr.Serving;
using Microsoft.Win32.SafeHandles;

namespace Isr.Playback;

/// <summary>
/// Sends a file, or the range of it that is asked for, as long as it is now: an answer that has promised a length sends neither more nor less.
/// What goes wrong before the first byte is a problem as any other; after it, the connection is cut, so that the client knows.
/// </summary>
/// <param name="file">Open; it is closed when the answer has ended.</param>
/// <param name="contentType">Of the file.</param>
internal sealed class FileAnswer(FileStream file, string contentType) : IResult
{
    // What is no longer goes out in one write, head and all.
    private const int ChunkBytes = 64 * 1024;

    /// <summary>The name under which it is saved; null to play it in place.</summary>
    public string? SavedAs { get; init; }

    /// <summary>It is being recorded: nobody is to keep it, and its head is sent as it is true for what there is.</summary>
    public bool IsGrowing { get; init; }

    /// <summary>When the request came.</summary>
    public required DateTimeOffset Now { get; init; }

    public async Task ExecuteAsync(HttpContext context)
    {
        await using (file)
        {
            if (!TryLook(file.SafeFileHandle, out var bytes, out var version))
            {
                await FailAsync(context);
                return;
            }

            var length = bytes.Length;

            var headers = context.Response.Headers;
            headers.AcceptRanges = "bytes";
            headers.XContentTypeOptions = "nosniff";
            headers.CacheControl = version is null ? "no-store" : "private, no-cache";
            version?.Describe(context.Response.GetTypedHeaders());
            var status = version?.Evaluate(context.Request.GetTypedHeaders()) ?? StatusCodes.Status200OK;
            if (status != StatusCodes.Status200OK)
            {
                context.Response.StatusCode = status;
                return;
            }

            var part = new ByteRange(0, length);
            if (AskedFor(context.Request, version, length) is { } range)
            {
                if (range.Length == 0)
                {
                    headers.ContentRange = $"bytes */{length}";
                    context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                    context.Response.ContentLength = 0;
                    return;
                }

                part = range;
                headers.ContentRange = $"bytes {part.First}-{part.First + part.Length - 1}/{length}";
                context.Response.StatusCode = StatusCodes.Status206PartialContent;
            }

            headers.ContentType = contentType;
            if (SavedAs is not null)
            {
                headers.ContentDisposition = SavedName.Attachment(SavedAs);
            }

            context.Response.ContentLength = part.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await SendAsync(context, bytes, part);
            }
        }
    }

    private bool TryLook(SafeFileHandle handle, [NotNullWhen(true)] out RecordingBytes? bytes, out FileVersion? version)
    {
        (bytes, version) = (null, null);
        try
        {
            bytes = new RecordingBytes(handle, IsGrowing);
            version = IsGrowing ? null : new FileVersion(bytes.Length, File.GetLastWriteTimeUtc(handle), Now);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static ByteRange? AskedFor(HttpRequest request, FileVersion? version, long length)
    {
        if (request.Headers.Range.Count != 1 || request.Headers.Range[0] is not { } wanted)
        {
            return null;
        }

        var isMeant = request.Headers.IfRange.Count == 0 || (request.GetTypedHeaders().IfRange is { } condition && version?.IsMeantBy(condition) == true);
        return isMeant ? ByteRange.Parse(wanted, length) : null;
    }

    private static async Task SendAsync(HttpContext context, RecordingBytes bytes, ByteRange part)
    {
        var writer = context.Response.BodyWriter;
        var (at, end) = (part.First, part.First + part.Length);
        while (at < end)
        {
            var wanted = (int)Math.Min(ChunkBytes, end - at);
            var read = 0;
            try
            {
                read = bytes.Read(at, writer.GetSpan(wanted)[..wanted]);
            }
            catch (IOException) when (at == part.First)
            {
                await FailAsync(context);
                return;
            }
            catch (IOException)
            {
                // The disk fails in the midst of it: told below, by an end before the promised one.
            }

            if (read == 0 && at == part.First)
            {
                await FailAsync(context);
                return;
            }

            if (read == 0)
            {
                context.Abort();
                return;
            }

            writer.Advance(read);
            at += read;
            if ((await writer.FlushAsync(CancellationToken.None)).IsCompleted)
            {
                return;
            }
        }
    }

    private static Task FailAsync(HttpContext context)
    {
        context.Response.Clear();
        return Problem.Of(StatusCodes.Status500InternalServerError, "The recording could not be read from its disk.").ExecuteAsync(context);
    }
}
