using Isr.Audio.Detection;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Detection;

public sealed class LoudWindowsTests
{
    [Fact]
    public void What_is_marked_is_what_one_after_the_other_marks_at_any_length_and_place()
    {
        var random = FrameReaderContract.Seeded();
        for (var length = 0; length <= 600; length += length < 260 ? 1 : 7)
        {
            var (skipped, shift) = (random.Next(9), random.Next(1, 11));
            var values = new uint[skipped + shift + length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = random.Next(4) switch { 0 => 0, 1 => (uint)random.Next(400), 2 => (uint)random.Next(100_000), _ => (uint)random.NextInt64(1L << 32) };
            }

            var (levels, before) = (values[(skipped + shift)..], values[skipped..]);
            var loud = levels.Length > 0 && random.Next(2) == 0 ? Math.Max(1, levels[random.Next(levels.Length)]) : (uint)random.Next(1, 100_000);
            var (bits, rises) = (new ulong[LoudWindows.WordsOf(length)], new uint[length]);
            Array.Fill(bits, ulong.MaxValue);
            LoudWindows.Mark(values.AsSpan(skipped + shift), values.AsSpan(skipped), loud, bits, rises);

            for (var i = 0; i < length; i++)
            {
                var (bit, rise) = (0ul, new uint[1]);
                LoudWindows.MarkPlain(levels.AsSpan(i, 1), before.AsSpan(i, 1), loud, ref bit, 0, rise);
                Assert.Equal(levels[i] >= loud, bit == 1);
                Assert.Equal(bit == 1, ((bits[i / 64] >> (i % 64)) & 1) == 1);
                Assert.Equal(rise[0], rises[i]);
                if (bit == 1)
                {
                    Assert.Equal(levels[i] / Math.Max(before[i], 0.1), BitConverter.UInt32BitsToSingle(rises[i]), levels[i] / Math.Max(before[i], 0.1) * 2e-7);
                }
            }

            Assert.True(length % 64 == 0 || bits[^1] >> (length % 64) == 0);
            Assert.Equal(levels.Append(0u).Max(), LoudWindows.Largest(levels));
        }
    }

    [Fact]
    public void Bits_are_spread_and_found()
    {
        var random = FrameReaderContract.Seeded();
        for (var run = 0; run < 60; run++)
        {
            var bits = new ulong[random.Next(1, 10)];
            var count = bits.Length * 64;
            var isSet = new bool[count];
            var rarity = random.Next(1, 200);
            for (var i = 0; i < count; i++)
            {
                isSet[i] = random.Next(rarity) == 0;
                bits[i / 64] |= (isSet[i] ? 1ul : 0) << (i % 64);
            }

            for (var i = 0; i <= count; i++)
            {
                Assert.Equal(Array.FindIndex(isSet, i, set => set) is >= 0 and var next ? next : count, LoudWindows.Next(bits, i, isSet: true));
                Assert.Equal(Array.FindIndex(isSet, i, set => !set) is >= 0 and var unset ? unset : count, LoudWindows.Next(bits, i, isSet: false));
                if (i > 0 && Array.FindLastIndex(isSet, i - 1, set => set) is >= 0 and var last)
                {
                    Assert.Equal(last, LoudWindows.Last(bits, i));
                }
            }

            var places = random.Next(3) switch { 0 => random.Next(4), 1 => random.Next(130), _ => random.Next(count + 1) };
            LoudWindows.Spread(bits, places);
            for (var i = 0; i < count; i++)
            {
                var from = Math.Max(0, i - places);
                Assert.Equal(Array.IndexOf(isSet, true, from, i - from + 1) >= 0, ((bits[i / 64] >> (i % 64)) & 1) == 1);
            }
        }
    }
}
