namespace Isr.Audio.Tests.Support;

/// <summary>A frame that owns its bytes.</summary>
internal sealed record ReadFrame(byte[] Data, int Samples, AudioFormat Format, long? Lost = null, int Unheard = 0)
{
    public AudioFrame Borrow() => new(Data, Samples, Format, Lost, Unheard);

    /// <summary>All frames of a stream that is there as a whole.</summary>
    public static List<ReadFrame> All(IFrameReader reader, ReadOnlySpan<byte> stream)
    {
        var frames = new List<ReadFrame>();
        while (true)
        {
            var found = reader.TryRead(stream, isFinal: true, out var consumed, out var frame);
            if (found)
            {
                frames.Add(new ReadFrame(frame.Data.ToArray(), frame.Samples, frame.Format, frame.Lost, frame.Unheard));
            }

            stream = stream[consumed..];
            if (!found)
            {
                Assert.Equal(0, stream.Length);
                return frames;
            }
        }
    }

    /// <summary>
    /// All frames of a stream that comes in pieces of random length into a buffer that holds no more than the reader
    /// asks for.
    /// </summary>
    public static List<ReadFrame> InFragments(IFrameReader reader, ReadOnlySpan<byte> stream, Random random, int longest)
    {
        var frames = new List<ReadFrame>();
        var buffer = new byte[reader.LookaheadBytes];
        var held = 0;
        while (true)
        {
            var isFinal = stream.IsEmpty;
            var used = 0;
            while (true)
            {
                var source = buffer.AsSpan(used, held - used);
                var found = reader.TryRead(source, isFinal, out var consumed, out var frame);
                Assert.InRange(consumed, 0, source.Length);
                if (found)
                {
                    frames.Add(new ReadFrame(frame.Data.ToArray(), frame.Samples, frame.Format, frame.Lost, frame.Unheard));
                }

                used += consumed;
                if (!found)
                {
                    break;
                }
            }

            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
            if (buffer.Length < reader.LookaheadBytes)
            {
                Array.Resize(ref buffer, reader.LookaheadBytes);
            }

            if (isFinal)
            {
                Assert.Equal(0, held);
                return frames;
            }

            if (buffer.Length < reader.LookaheadBytes)
            {
                Array.Resize(ref buffer, reader.LookaheadBytes);
            }

            var piece = Math.Min(Math.Min(random.Next(longest) + 1, stream.Length), buffer.Length - held);
            Assert.True(piece > 0, "The reader asks for more than it said it would.");
            stream[..piece].CopyTo(buffer.AsSpan(held));
            held += piece;
            stream = stream[piece..];
        }
    }

    public static byte[] Join(IEnumerable<ReadFrame> frames) => [.. frames.SelectMany(frame => frame.Data)];

    /// <summary>The same frames in the same setups; what is said to be missing between them is each test's own affair.</summary>
    public static void AssertEqual(IReadOnlyList<ReadFrame> expected, IReadOnlyList<ReadFrame> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.True(expected[i].Data.AsSpan().SequenceEqual(actual[i].Data), $"Frame {i} differs.");
            Assert.Equal(expected[i].Samples, actual[i].Samples);

            // Each reader has setups of its own; what is in them must be the same.
            Assert.Equal(expected[i].Format with { Setup = null }, actual[i].Format with { Setup = null });
            Assert.True(HasSameHeaders(expected[i].Format.Setup, actual[i].Format.Setup), $"The headers of frame {i} differ.");
            Assert.Equal(expected[i].Unheard, actual[i].Unheard);
        }
    }

    /// <summary>The same arrays of bytes in the same order.</summary>
    public static void AssertSameBytes(IEnumerable<byte[]> expected, IEnumerable<byte[]> actual)
    {
        var (one, other) = (expected.ToList(), actual.ToList());
        Assert.Equal(one.ConvertAll(bytes => bytes.Length), other.ConvertAll(bytes => bytes.Length));
        for (var i = 0; i < one.Count; i++)
        {
            Assert.Equal(one[i].Length, one[i].AsSpan().CommonPrefixLength(other[i]));
        }
    }

    // Assert.Equal would go through arrays in lists by element, which takes longer than all that is tested.
    private static bool HasSameHeaders(StreamSetup? one, StreamSetup? other) =>
        ReferenceEquals(one, other)
        || (one is not null && other is not null && one.Headers.Count == other.Headers.Count && one.Headers.Zip(other.Headers).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));
}
