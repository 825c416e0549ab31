namespace Isr.Audio.Tests.Support;

/// <summary>What every frame reader owes its caller, whatever the format.</summary>
internal static class FrameReaderContract
{
    public static void Reads_the_same_in_fragments(Func<IFrameReader> create, byte[] stream)
    {
        var expected = ReadFrame.All(create(), stream);
        foreach (var longest in (int[])[1, 7, 500, 5000, 40000])
        {
            var random = Seeded();
            ReadFrame.AssertEqual(expected, ReadFrame.InFragments(create(), stream, random, longest));
        }
    }

    /// <summary>
    /// Garbage before and after frames costs none; garbage between costs the frame before it, whose end nothing vouches for.
    /// </summary>
    public static void Skips_garbage(Func<IFrameReader> create, byte[] stream)
    {
        var random = Seeded();
        var frames = ReadFrame.All(create(), stream);
        var half = frames.Count / 2;
        var garbage = Enumerable.Range(0, 3).Select(i => Garbage(random, 3000 + i)).ToArray();
        byte[] dirty =
        [
            .. garbage[0], .. ReadFrame.Join(frames.Take(half)),
            .. garbage[1], .. ReadFrame.Join(frames.Skip(half)),
            .. garbage[2],
        ];
        var expected = frames.Where((_, i) => i != half - 1 && i != frames.Count - 1).ToList();

        var reader = create();
        var read = ReadFrame.InFragments(reader, dirty, random, longest: 700);

        ReadFrame.AssertEqual(expected, read);
        Assert.Equal(dirty.Length - expected.Sum(frame => frame.Data.Length), reader.SkippedBytes);
        Assert.Null(reader.Refusal);
    }

    public static void Gives_whole_frames_of_a_stream_that_ends_anywhere(
        Func<IFrameReader> create, byte[] stream, int lengths, int framesToLock = 2)
    {
        var frames = ReadFrame.All(create(), stream);
        for (var length = 0; length <= lengths; length++)
        {
            var end = 0;
            var whole = frames.TakeWhile(frame => (end += frame.Data.Length) <= length).ToList();

            var reader = create();
            var read = ReadFrame.All(reader, stream.AsSpan(0, length));

            // Where frames have no checksum, it may be chance until a third header is there, or two frames and nothing more.
            if (whole.Count < framesToLock)
            {
                Assert.Empty(read);
                continue;
            }

            ReadFrame.AssertEqual(whole, read);
            Assert.Equal(length - whole.Sum(frame => frame.Data.Length), reader.SkippedBytes);
        }
    }

    public static void Survives_hostile_bytes(Func<IFrameReader> create, byte[] stream, ReadOnlySpan<byte> headerStart)
    {
        var random = Seeded();
        for (var round = 0; round < 60; round++)
        {
            byte[] hostile;
            if (round % 3 == 0)
            {
                hostile = Garbage(random, 100_000);
            }
            else if (round % 3 == 1)
            {
                // Headers everywhere.
                hostile = new byte[100_000];
                for (var i = 0; i < hostile.Length; i++)
                {
                    hostile[i] = random.Next(3) > 0 ? headerStart[i % headerStart.Length] : (byte)random.Next(256);
                }
            }
            else
            {
                hostile = [.. stream.Take(100_000)];
                for (var i = 0; i < 300; i++)
                {
                    hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
                }
            }

            var reader = create();
            var read = ReadFrame.InFragments(reader, hostile, random, longest: 9000);
            Assert.Equal(hostile.Length, read.Sum(frame => frame.Data.Length) + reader.SkippedBytes);
        }
    }

    public static void Does_not_allocate(IFrameReader reader, byte[] stream)
    {
        Drain(reader, stream);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Drain(reader, stream);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public static Random Seeded()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    public static byte[] Garbage(Random random, int length)
    {
        var garbage = new byte[length];
        random.NextBytes(garbage);
        return garbage;
    }

    private static void Drain(IFrameReader reader, ReadOnlySpan<byte> stream)
    {
        while (reader.TryRead(stream, isFinal: false, out var consumed, out _))
        {
            stream = stream[consumed..];
        }
    }
}
