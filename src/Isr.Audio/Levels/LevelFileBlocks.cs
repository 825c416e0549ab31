using System.Buffers.Binary;

namespace Isr.Audio.Levels;

/// <summary>
/// The blocks in a level file, behind its head, and where the RMS of each lies: what is loud is read alone, and verified alone.
/// An entry, little-endian: floor, 4; loudest, 4; RMS of the whole block, 4; lowest sample, 2; highest sample, 2; CRC-32C of the
/// block's RMS as it lies in the file, 4.
/// </summary>
public readonly struct LevelFileBlocks
{
    internal const string Name = "blocks";
    internal const int EntryBytes = 20;
    private const int CrcAt = 16;

    /// <summary>The blocks of an hour and any usual head are no longer.</summary>
    public const int UsualBytes = 8192;

    private readonly ReadOnlyMemory<byte> _entries;
    private readonly LevelPlane _rms;
    private readonly int _windows;

    private LevelFileBlocks(ReadOnlyMemory<byte> entries, LevelPlane rms, int windows, int blockWindows) =>
        (_entries, _rms, _windows, BlockWindows) = (entries, rms, windows, blockWindows);

    /// <summary>Windows of a whole block.</summary>
    public int BlockWindows { get; }

    public int Count => _entries.Length / EntryBytes;

    /// <summary>Bytes of RMS that a whole block has.</summary>
    public int BlockBytes => BlockWindows * _rms.Width;

    /// <summary>Where the RMS of a block begins in the file.</summary>
    public long OffsetOf(int block) => _rms.Offset + ((long)block * BlockBytes);

    /// <summary>Bytes of RMS of a block.</summary>
    public int BytesOf(int block) => WindowsOf(block) * _rms.Width;

    public LevelBlock this[int block]
    {
        get
        {
            var entry = EntryOf(block);
            return new LevelBlock(BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
        }
    }

    public BlockShape ShapeOf(int block)
    {
        var entry = EntryOf(block)[8..];
        return new BlockShape(BinaryPrimitives.ReadInt16LittleEndian(entry[4..]), BinaryPrimitives.ReadInt16LittleEndian(entry[6..]), BinaryPrimitives.ReadUInt32LittleEndian(entry));
    }

    /// <summary>Bytes from the file's beginning that hold head and blocks; false when there are none, or another file.</summary>
    public static bool TryFind(LevelFileHead head, long fileBytes, out int length)
    {
        length = 0;
        if (head.FileBytes != fileBytes || LevelFile.FindRms(head) is null || LevelFile.Find(head, Name) is not { Encoding: LevelEncoding.Raw, Width: EntryBytes } plane
            || plane.Length != (long)LevelBlocks.CountOf((int)head.Windows, BlockWindowsOf(head)) * EntryBytes || plane.Offset + plane.Length > Array.MaxLength)
        {
            return false;
        }

        length = (int)plane.Offset + plane.Length;
        return true;
    }

    /// <summary>False when they are damaged.</summary>
    /// <param name="head">The file's head, of which <see cref="TryFind"/> is true.</param>
    /// <param name="file">The file's beginning: as much as <see cref="TryFind"/> says, which must stay as it is.</param>
    /// <param name="blocks">The blocks.</param>
    public static bool TryRead(LevelFileHead head, ReadOnlyMemory<byte> file, out LevelFileBlocks blocks)
    {
        var plane = LevelFile.Find(head, Name)!.Value;
        var entries = file.Slice((int)plane.Offset, plane.Length);
        blocks = new LevelFileBlocks(entries, LevelFile.FindRms(head)!.Value, (int)head.Windows, BlockWindowsOf(head));
        return LevelFileHead.Crc(entries.Span) == plane.Crc;
    }

    /// <summary>The RMS of a block from its own bytes; false when they are damaged.</summary>
    public bool TryReadRms(int block, ReadOnlySpan<byte> bytes, Span<uint> rms)
    {
        if (LevelFileHead.Crc(bytes) != BinaryPrimitives.ReadUInt32LittleEndian(EntryOf(block)[CrcAt..]))
        {
            return false;
        }

        LevelCoding.ReadRaw(bytes, _rms.Width, rms[..WindowsOf(block)]);
        return true;
    }

    /// <summary>Whether a whole file has blocks, undamaged.</summary>
    internal static bool IsWhole(LevelFileHead head, ReadOnlySpan<byte> file) =>
        TryFind(head, file.Length, out _) && LevelFile.Find(head, Name) is { } plane && LevelFileHead.Crc(file.Slice((int)plane.Offset, plane.Length)) == plane.Crc;

    /// <param name="levels">Of all windows.</param>
    /// <param name="blockWindows">Windows of a whole block.</param>
    /// <param name="bytes">Their RMS as it lies in the file.</param>
    /// <param name="width">Bytes of a value there.</param>
    internal static byte[] Write(RecordingLevels levels, int blockWindows, ReadOnlySpan<byte> bytes, int width)
    {
        var rms = levels.Rms.Span;
        var entries = new byte[LevelBlocks.CountOf(rms.Length, blockWindows) * EntryBytes];
        for (var (block, first) = (0, 0); first < rms.Length; block++, first += blockWindows)
        {
            var windows = Math.Min(blockWindows, rms.Length - first);
            var measured = LevelBlocks.Measure(rms.Slice(first, windows));
            var shape = LevelBlocks.ShapeOf(rms.Slice(first, windows), levels.Minimum.Span.Slice(first, windows), levels.Maximum.Span.Slice(first, windows));
            var entry = entries.AsSpan(block * EntryBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, measured.Floor);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], measured.Loudest);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], shape.Rms);
            BinaryPrimitives.WriteInt16LittleEndian(entry[12..], LevelFile.Kept(shape.Minimum, isMinimum: true));
            BinaryPrimitives.WriteInt16LittleEndian(entry[14..], LevelFile.Kept(shape.Maximum, isMinimum: false));
            BinaryPrimitives.WriteUInt32LittleEndian(entry[CrcAt..], LevelFileHead.Crc(bytes.Slice(first * width, windows * width)));
        }

        return entries;
    }

    private static int BlockWindowsOf(LevelFileHead head) => LevelBlocks.WindowsOf(head.SampleRate, head.WindowSamples);

    private int WindowsOf(int block) => Math.Min(BlockWindows, _windows - (block * BlockWindows));

    private ReadOnlySpan<byte> EntryOf(int block) => _entries.Span.Slice(block * EntryBytes, EntryBytes);
}
