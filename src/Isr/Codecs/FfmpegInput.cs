namespace Isr.Codecs;

/// <summary>The pipe into a decoder: knows when the other end is gone, and has the watch look while it waits.</summary>
internal sealed class FfmpegInput(Stream pipe, FfmpegWatch watch) : Stream
{
    /// <summary>The decoder reads no more.</summary>
    public bool IsBroken { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        watch.Await();
        try
        {
            await pipe.WriteAsync(buffer, cancellationToken);
            watch.Relax();
        }
        catch (IOException)
        {
            IsBroken = true;
            throw;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Ends the input; what is still to come out is awaited.</summary>
    public override async ValueTask DisposeAsync()
    {
        watch.Await();
        try
        {
            await pipe.DisposeAsync();
        }
        catch (IOException)
        {
            IsBroken = true;
        }

        await base.DisposeAsync();
    }

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Feeding is asynchronous.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
