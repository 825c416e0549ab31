using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Isr.Analysis.Worker;

/// <summary>What the program and its worker tell each other.</summary>
internal enum WorkerMessageKind : byte
{
    /// <summary>To the worker: decode a file and measure it.</summary>
    Measure = 1,

    /// <summary>To the worker: decode what a recording has grown by since it was asked last.</summary>
    Grow,

    /// <summary>To the worker: a growing recording is of no interest any more.</summary>
    Forget,

    /// <summary>To the worker: nobody waits for this task any longer.</summary>
    Cancel,

    /// <summary>From the worker: the part that is done, a double from 0 to 1.</summary>
    Progress,

    /// <summary>From the worker: what came of it.</summary>
    Result,
}

/// <summary>One message: length of the rest (4 bytes), kind (1), task (4), content. Integers are little-endian.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Task">The number of the task that it is about.</param>
/// <param name="Content">As <see cref="WorkerRequest"/>, <see cref="WorkerResult"/> or a double.</param>
internal readonly record struct WorkerMessage(WorkerMessageKind Kind, int Task, ReadOnlyMemory<byte> Content)
{
    private const int LengthBytes = sizeof(int);
    private const int HeadBytes = sizeof(byte) + sizeof(int);

    /// <summary>The longest there can be: a level file and a sentence.</summary>
    private const int MaxBytes = 128 << 20;

    public byte[] ToBytes()
    {
        var bytes = new byte[LengthBytes + HeadBytes + Content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, HeadBytes + Content.Length);
        bytes[LengthBytes] = (byte)Kind;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(LengthBytes + 1), Task);
        Content.CopyTo(bytes.AsMemory(LengthBytes + HeadBytes));
        return bytes;
    }

    /// <summary>The next message; null at the end, and when what comes is none.</summary>
    public static async ValueTask<WorkerMessage?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[LengthBytes + HeadBytes];
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) < head.Length
            || BinaryPrimitives.ReadInt32LittleEndian(head) is not (>= HeadBytes and <= MaxBytes and var length))
        {
            return null;
        }

        var content = new byte[length - HeadBytes];
        if (await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken) < content.Length)
        {
            return null;
        }

        return new WorkerMessage((WorkerMessageKind)head[LengthBytes], BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(LengthBytes + 1)), content);
    }
}

/// <summary>What the worker is to do with a file.</summary>
/// <param name="Path">The file, absolute.</param>
/// <param name="Bytes">Its length when this was asked.</param>
/// <param name="ModifiedUtc">Its time of modification then.</param>
/// <param name="Cores">Threads that may work on it.</param>
/// <param name="IsFinal">Nothing more will be added to a growing recording.</param>
/// <param name="FromWindow">Of a growing recording, windows that are left out of the answer.</param>
internal sealed record WorkerRequest(string Path, long Bytes, DateTime ModifiedUtc, int Cores = 1, bool IsFinal = false, int FromWindow = 0)
{
    private const int FixedBytes = (2 * sizeof(long)) + (2 * sizeof(int)) + sizeof(byte);

    public byte[] ToBytes()
    {
        var bytes = new byte[FixedBytes + Encoding.UTF8.GetByteCount(Path)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), ModifiedUtc.Ticks);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Cores);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), FromWindow);
        bytes[24] = IsFinal ? (byte)1 : (byte)0;
        Encoding.UTF8.GetBytes(Path, bytes.AsSpan(FixedBytes));
        return bytes;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out WorkerRequest? request)
    {
        request = null;
        if (bytes.Length <= FixedBytes)
        {
            return false;
        }

        request = new WorkerRequest(
            Encoding.UTF8.GetString(bytes[FixedBytes..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes),
            new DateTime(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), DateTimeKind.Utc),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            bytes[24] != 0,
            BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]));
        return true;
    }
}

/// <summary>What came of it.</summary>
/// <param name="LevelFile">The levels as a level file; empty when there are none.</param>
/// <param name="Sentence">Why there are none, or what is the matter with them.</param>
internal sealed record WorkerResult(ReadOnlyMemory<byte> LevelFile, string? Sentence)
{
    /// <summary>Length of the sentence (4 bytes, -1 without one), the sentence, the level file.</summary>
    public byte[] ToBytes()
    {
        var length = Sentence is null ? 0 : Encoding.UTF8.GetByteCount(Sentence);
        var bytes = new byte[sizeof(int) + length + LevelFile.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Sentence is null ? -1 : length);
        Encoding.UTF8.GetBytes(Sentence ?? "", bytes.AsSpan(sizeof(int)));
        LevelFile.CopyTo(bytes.AsMemory(sizeof(int) + length));
        return bytes;
    }

    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out WorkerResult? result)
    {
        result = null;
        var length = bytes.Length < sizeof(int) ? int.MaxValue : BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
        if (length > bytes.Length - sizeof(int))
        {
            return false;
        }

        var sentence = length < 0 ? null : Encoding.UTF8.GetString(bytes.Span.Slice(sizeof(int), length));
        result = new WorkerResult(bytes[(sizeof(int) + Math.Max(0, length))..], sentence);
        return true;
    }
}
