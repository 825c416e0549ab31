using Isr.Audio.Flac;

namespace Isr.Audio.Sniffing;

/// <summary>Recognises FLAC frames without the header of a file, as servers send them to whoever joins later.</summary>
internal static class FlacFrames
{
    /// <summary>
    /// Two headers with a valid CRC whose numbers follow on one another; or one at the very start of all there is.
    /// </summary>
    public static bool AreIn(ReadOnlySpan<byte> source, bool isFinal)
    {
        FlacHeader? last = null;
        for (var at = source.IndexOf((byte)0xFF); at >= 0;)
        {
            if (FlacHeader.TryRead(source[at..], out var header))
            {
                if ((isFinal && at == 0)
                    || (last is { } before && header.IsOneKindWith(before) && header.Number == before.NextNumber))
                {
                    return true;
                }

                last = header;
            }

            var next = source[(at + 1)..].IndexOf((byte)0xFF);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }
}
