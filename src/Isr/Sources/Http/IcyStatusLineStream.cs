namespace Isr.Sources.Http;

/// <summary>
/// Translates the status line of SHOUTcast 1 servers, "ICY 200 OK", into "HTTP/1.0 200 OK" and passes all else
/// through untouched. It stands below TLS's plain text, so it serves https too.
/// </summary>
internal sealed class IcyStatusLineStream(Stream inner) : Stream
{
    private const int MagicLength = 4;

    // The first bytes of the answer, or what stands in for them, until they are handed on.
    private byte[]? _head = [];
    private int _headOffset;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _head is null || (buffer.IsEmpty && _head.Length == 0) ? inner.ReadAsync(buffer, cancellationToken) : ReadHeadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("This connection is read asynchronously.");

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadHeadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_head!.Length == 0)
        {
            var first = new byte[MagicLength];
            var read = await inner.ReadAtLeastAsync(first, MagicLength, throwOnEndOfStream: false, cancellationToken);
            _head = first.AsSpan(0, read).SequenceEqual("ICY "u8) ? "HTTP/1.0 "u8.ToArray() : first[..read];
        }

        var count = Math.Min(buffer.Length, _head.Length - _headOffset);
        _head.AsSpan(_headOffset, count).CopyTo(buffer.Span);
        _headOffset += count;
        if (_headOffset == _head.Length)
        {
            _head = null;
        }

        return count;
    }
}
