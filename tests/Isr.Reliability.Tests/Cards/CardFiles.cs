using System.Buffers.Binary;
using Isr.Audio.Wav;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Cards;

/// <summary>A recorded file of a card whose samples count.</summary>
/// <param name="Opened">What the journal says of its beginning.</param>
/// <param name="Numbers">What the samples say: which moment of the card's count each is.</param>
internal sealed record CardFile(FileOpened Opened, uint[] Numbers);

/// <summary>Moments that are in no file.</summary>
/// <param name="From">The first of them.</param>
/// <param name="Count">How many.</param>
/// <param name="File">The file inside which they are missing; null between two files.</param>
/// <param name="Sample">How many samples of that file come before.</param>
internal readonly record struct CardHole(long From, long Count, string? File, int Sample);

/// <summary>What is in the files of one card, against the card's own count.</summary>
internal sealed class CardFiles
{
    public const int Rate = 48_000;

    private readonly AlsaDevice _device;
    private readonly TimeSpan _wallOffset;

    private CardFiles(AlsaDevice device, List<CardFile> files, List<CardHole> holes)
    {
        (_device, Files, Holes) = (device, files, holes);
        var timestamp = TimeProvider.System.GetTimestamp();
        _wallOffset = TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromTicks(timestamp / 100);
    }

    public List<CardFile> Files { get; }

    /// <summary>What is missing between the first and the last recorded moment.</summary>
    public List<CardHole> Holes { get; }

    public long Samples => Files.Sum(f => (long)f.Numbers.Length);

    /// <summary>Reads all files of a source, in the journal's order; fails where a moment is in two of them, or out of order.</summary>
    public static async Task<CardFiles> ReadAsync(ProgramFolder folder, string source, AlsaDevice device)
    {
        var files = new List<CardFile>();
        foreach (var opened in folder.Entries<FileOpened>().Where(o => o.Source == source))
        {
            files.Add(new CardFile(opened, await NumbersInAsync(Path.Combine(folder.Recordings, opened.File))));
        }

        var holes = new List<CardHole>();
        var next = (long)files[0].Numbers[0];
        foreach (var file in files)
        {
            for (var i = 0; i < file.Numbers.Length; i++)
            {
                Assert.True(file.Numbers[i] >= next, $"{file.Opened.File}: sample {i} is moment {file.Numbers[i]}, which came before {next}");
                if (file.Numbers[i] > next)
                {
                    holes.Add(new CardHole(next, file.Numbers[i] - next, i > 0 ? file.Opened.File : null, i));
                }

                next = file.Numbers[i] + 1L;
            }
        }

        return new CardFiles(device, files, holes);
    }

    /// <summary>The moments in a file that may still grow, or was left open.</summary>
    public static async Task<uint[]> NumbersInAsync(string path)
    {
        byte[] samples;
        if (Path.GetExtension(path) == ".flac")
        {
            samples = await AudioChecks.DecodeFlacAsync(path, 16);
        }
        else
        {
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            if (RandomAccess.GetLength(file) == 0)
            {
                return [];
            }

            Assert.True(WavFileInfo.TryRead((offset, into) => RandomAccess.Read(file, into, offset), RandomAccess.GetLength(file), out var info), $"{path} is no WAV file");
            samples = new byte[info.Samples * info.BlockAlign];
            RandomAccess.Read(file, samples, info.DataOffset);
        }

        var numbers = new uint[samples.Length / sizeof(uint)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadUInt32LittleEndian(samples.AsSpan(i * sizeof(uint)));
        }

        return numbers;
    }

    /// <summary>When a moment of the card began.</summary>
    public DateTimeOffset TimeOf(long moment) =>
        DateTimeOffset.UnixEpoch + _wallOffset + TimeSpan.FromTicks(_device.CapturedAt(moment - 1, Rate) / 100);

    /// <summary>By how many milliseconds files that follow on another begin after their boundary, the first sample's true time against the name's.</summary>
    public IEnumerable<double> SplitErrors() => Files.Skip(1)
        .Where(f => !Holes.Any(h => h.From + h.Count == f.Numbers[0]))
        .Select(f => (TimeOf(f.Numbers[0]) - Boundary(f.Opened.Start)).TotalMilliseconds);

    /// <summary>The true seconds of every hole against what the journal has, gaps and stalls together: by how many milliseconds it is wrong at worst.</summary>
    public double WorstGapError(ProgramFolder folder, string source)
    {
        var journal = folder.Journal();
        var told = journal.OfType<GapFound>().Where(g => g.Source == source).Select(g => g.Seconds)
            .Concat(journal.OfType<StallFound>().Where(s => s.Source == source).Select(s => s.Seconds)).ToList();
        Assert.True(told.Count == Holes.Count, $"{source}: {Holes.Count} holes ({string.Join(", ", Holes)}), but the journal has {told.Count} ({string.Join(", ", told)})");
        return told.Zip(Holes, (seconds, hole) => Math.Abs(seconds - ((double)hole.Count / Rate)) * 1000).DefaultIfEmpty().Max();
    }

    private static DateTimeOffset Boundary(DateTimeOffset start)
    {
        var split = TimeSpan.FromSeconds(6).Ticks;
        return new DateTimeOffset((start.UtcTicks + (split / 2)) / split * split, TimeSpan.Zero);
    }
}
