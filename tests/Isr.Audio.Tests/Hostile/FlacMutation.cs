namespace Isr.Audio.Tests.Hostile;

/// <summary>Damage to FLAC frames and metadata behind checksums that are right again.</summary>
internal static class FlacMutation
{
    public static byte[] OfFrames(byte[] stream, byte[] other, Random random)
    {
        var parts = FlacBytes.Parts(stream);
        for (var i = random.Next(6); i >= 0; i--)
        {
            Once(parts, other, random);
        }

        return [.. parts.SelectMany(part => part)];
    }

    private static void Once(List<byte[]> parts, byte[] other, Random random)
    {
        var at = random.Next(random.Next(3) == 0 ? Math.Min(3, parts.Count) : parts.Count);
        byte[] part = [.. parts[at]];
        var isFrame = FlacBytes.HeaderLength(part) > 0;
        switch (random.Next(10))
        {
            case 0 or 1 when isFrame:
                parts[at] = FlacBytes.WithNumber(part, (ulong)Mutation.Extreme(random));
                break;
            case 2 when isFrame:
                // Block size, rate, channels or sample size, fixed or variable.
                part[random.Next(1, 4)] ^= (byte)(1 << random.Next(8));
                FlacBytes.FixCrcs(part);
                parts[at] = part;
                break;
            case 3 when isFrame:
                // From here on other numbers.
                var number = (ulong)Mutation.Extreme(random);
                for (var i = at; i < parts.Count; i++)
                {
                    parts[i] = FlacBytes.WithNumber(parts[i], number++);
                }

                break;
            case 4 when isFrame:
                Mutation.Prick(part, random);
                FlacBytes.FixCrcs(part);
                parts[at] = part;
                break;
            case 5 when parts.Count > 1:
                parts.RemoveAt(at);
                break;
            case 6:
                parts.Insert(random.Next(parts.Count + 1), part);
                break;
            case 7:
                var target = random.Next(parts.Count);
                (parts[at], parts[target]) = (parts[target], parts[at]);
                break;
            case 8:
                var others = FlacBytes.Parts(other);
                var from = random.Next(others.Count);
                parts.InsertRange(at, others.GetRange(from, Math.Min(random.Next(1, 8), others.Count - from)));
                break;
            default:
                Mutation.Prick(part, random);
                if (isFrame && random.Next(2) == 0)
                {
                    FlacBytes.FixCrcs(part);
                }

                parts[at] = part;
                break;
        }
    }
}
