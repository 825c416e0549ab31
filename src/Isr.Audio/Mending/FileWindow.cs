namespace Isr.Audio.Mending;

/// <summary>The part of a file that is being looked at; it moves forward and grows to what a format must see at once.</summary>
/// <param name="read">Reads the file.</param>
/// <param name="length">Its length.</param>
/// <param name="blockBytes">So many bytes are read at a time, at most.</param>
internal sealed class FileWindow(ReadAt read, long length, int blockBytes = FileWindow.BlockBytes)
{
    /// <summary>For all of a file, in few calls.</summary>
    public const int BlockBytes = 256 * 1024;

    /// <summary>For a part of a file. An array of this size is not kept for longer than it is used.</summary>
    public const int SmallBlockBytes = 64 * 1024;

    private byte[] _buffer = new byte[blockBytes];
    private int _start;
    private int _end;
    private bool _isShort;

    /// <summary>Where in the file the window begins.</summary>
    public long Position { get; private set; }

    /// <summary>No bytes lie behind the window.</summary>
    public bool ReachesEnd => _isShort || Position + (_end - _start) >= length;

    public static int ReadFully(ReadAt read, long offset, Span<byte> destination)
    {
        var count = 0;
        while (count < destination.Length && read(offset + count, destination[count..]) is > 0 and var more)
        {
            count += more;
        }

        return count;
    }

    /// <summary>All bytes that are in view; so many at least, unless the file ends before.</summary>
    public ReadOnlySpan<byte> Peek(int wanted)
    {
        if (_end - _start < wanted && !ReachesEnd)
        {
            Fill(wanted);
        }

        return _buffer.AsSpan(_start, _end - _start);
    }

    public void Skip(long bytes)
    {
        Position += bytes;
        var held = Math.Min(bytes, _end - _start);
        _start += (int)held;
        if (held < bytes)
        {
            (_start, _end) = (0, 0);
        }
    }

    private void Fill(int wanted)
    {
        var held = _end - _start;
        var target = _buffer.Length >= wanted ? _buffer : new byte[Math.Max(wanted, 2 * _buffer.Length)];
        _buffer.AsSpan(_start, held).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, held);

        var room = (int)Math.Min(_buffer.Length - held, length - Position - held);
        var filled = ReadFully(read, Position + held, _buffer.AsSpan(held, room));
        _isShort = filled < room;
        _end += filled;
    }
}
