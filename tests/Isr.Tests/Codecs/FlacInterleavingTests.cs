using System.Runtime.InteropServices;
using Isr.Codecs;

namespace Isr.Tests.Codecs;

public sealed class FlacInterleavingTests
{
    [Fact]
    public void It_is_what_a_plain_loop_makes_at_every_length_and_shift()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        for (var moments = 0; moments <= 70; moments++)
        {
            for (var count = 1; count <= 8; count++)
            {
                var first = random.Next(5);
                var channels = Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, first + moments + 9).Select(_ => random.Next(int.MinValue, int.MaxValue)).ToArray()).ToArray();
                var shift = random.Next(16);
                var (shorts, ints) = (new short[moments * count], new int[moments * count]);
                Run(channels, first, shift, shorts, ints);
                for (var i = 0; i < shorts.Length; i++)
                {
                    var sample = channels[i % count][first + (i / count)] << shift;
                    Assert.True(sample == ints[i] && (short)sample == shorts[i], $"seed {seed}: {count} channels, shift {shift}, sample {i} of {shorts.Length}");
                }
            }
        }
    }

    private static unsafe void Run(int[][] channels, int first, int shift, short[] shorts, int[] ints)
    {
        var handles = channels.Select(c => GCHandle.Alloc(c, GCHandleType.Pinned)).ToArray();
        var pointers = stackalloc int*[channels.Length];
        for (var i = 0; i < handles.Length; i++)
        {
            pointers[i] = (int*)handles[i].AddrOfPinnedObject();
        }

        FlacInterleaving.ToShorts(pointers, first, channels.Length, shift, shorts);
        FlacInterleaving.ToInts(pointers, first, channels.Length, shift, ints);
        foreach (var handle in handles)
        {
            handle.Free();
        }
    }
}
