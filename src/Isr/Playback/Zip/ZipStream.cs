using System.Buffers;
using System.IO.Compression;
using Isr.Catalog;
using Isr.Serving;

namespace Isr.Playback.Zip;

/// <summary>
/// Recordings as one ZIP file, made as it is sent: however much it is, it takes one buffer, and some bytes for each recording, which the list
/// at the end of the file needs. When one cannot be read any more the connection is cut, so that nobody takes what came for the whole.
/// </summary>
internal sealed class ZipStream(ZipOrder order, RecordingDoor door, ActiveFiles active, TimeZoneInfo zone) : IResult
{
    private const int BufferBytes = 128 * 1024;

    // What the format can say (APPNOTE.TXT 4.4.6, MS-DOS).
    private static readonly DateTime s_firstTime = new(1980, 1, 1);
    private static readonly DateTime s_lastTime = new(2107, 12, 31, 23, 59, 58);

    public async Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "application/zip";
        response.Headers.ContentDisposition = SavedName.Attachment(order.SavedAs);
        response.Headers.CacheControl = "private, no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await WriteAsync(new BodyStream(response.BodyWriter), buffer.AsMemory(0, BufferBytes), context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task WriteAsync(BodyStream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Not disposed of when something fails: that would write the list at the end, and what came would look whole.
        var archive = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        foreach (var name in order.Files)
        {
            await AddAsync(archive, name, buffer, cancellationToken);
        }

        await archive.DisposeAsync();
        await body.FlushAsync(cancellationToken);
    }

    private async Task AddAsync(ZipArchive archive, string name, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await using var file = door.TryOpen(name) ?? throw new FileNotFoundException("The recording has gone since it was asked for.", name);
        var bytes = new RecordingBytes(file.SafeFileHandle, active.Read().Names.Contains(name));
        var entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        var modified = TimeZoneInfo.ConvertTimeFromUtc(File.GetLastWriteTimeUtc(file.SafeFileHandle), zone);
        entry.LastWriteTime = new DateTimeOffset(DateTime.SpecifyKind(modified < s_firstTime ? s_firstTime : modified > s_lastTime ? s_lastTime : modified, DateTimeKind.Unspecified), TimeSpan.Zero);

        // Closed when it is whole, and not before: what comes behind it is what closing writes.
        var output = await entry.OpenAsync(cancellationToken);
        for (var at = 0L; at < bytes.Length;)
        {
            var part = buffer[..(int)Math.Min(buffer.Length, bytes.Length - at)];
            var read = bytes.Read(at, part.Span);
            if (read == 0)
            {
                throw new EndOfStreamException($"{name} has lost its end.");
            }

            await output.WriteAsync(part[..read], cancellationToken);
            at += read;
        }

        await output.DisposeAsync();
    }
}
