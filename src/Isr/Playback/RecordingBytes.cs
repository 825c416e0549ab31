using Isr.Audio.Mending;
using Microsoft.Win32.SafeHandles;

namespace Isr.Playback;

/// <summary>
/// The bytes of a recording as they are sent: those that it has at that moment. Where it is being recorded its head is one that is true for
/// so many.
/// </summary>
internal sealed class RecordingBytes
{
    private readonly SafeFileHandle _file;
    private readonly ReadOnlyMemory<byte> _head;

    /// <exception cref="IOException">The disk does not give them.</exception>
    public RecordingBytes(SafeFileHandle file, bool isGrowing)
    {
        _file = file;
        Length = RandomAccess.GetLength(file);
        if (isGrowing)
        {
            var growing = GrowingHead.Of((offset, destination) => RandomAccess.Read(file, destination, offset), Length);
            (Length, _head) = (growing.Length, growing.Bytes);
        }
    }

    public long Length { get; }

    /// <summary>How many there were; none behind the end, and where the file has lost its own.</summary>
    /// <exception cref="IOException">The disk does not give them.</exception>
    public int Read(long at, Span<byte> destination)
    {
        var head = _head.Span;
        if (at >= head.Length)
        {
            return RandomAccess.Read(_file, destination, at);
        }

        var known = head[(int)at..];
        known = known[..Math.Min(known.Length, destination.Length)];
        known.CopyTo(destination);
        return known.Length == destination.Length ? known.Length : known.Length + RandomAccess.Read(_file, destination[known.Length..], head.Length);
    }
}
