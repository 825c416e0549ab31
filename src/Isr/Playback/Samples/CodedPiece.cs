using System.Buffers;
using Isr.Analysis.Worker.Samples;
using Isr.Audio;
using Isr.Audio.Cutting;
using Isr.Codecs;

namespace Isr.Playback.Samples;

/// <summary>Decodes a piece: in another process, by <see cref="SampleWorkers.DecodeAsync"/>, or in this one, by <see cref="SamplePiece.DecodeAsync"/>.</summary>
internal delegate Task<string?> PieceDecoder(SampleRequest request, ReadOnlyMemory<byte> piece, IPcmSink sink, CancellationToken cancellationToken);

/// <summary>A stretch of a coded recording as a file of its own, which is given to a decoder.</summary>
/// <param name="Bytes">The file; empty where there is nothing.</param>
/// <param name="Request">What of it is the stretch.</param>
internal readonly record struct CodedPiece(ReadOnlyMemory<byte> Bytes, SampleRequest Request)
{
    /// <summary>Reads the frames.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="first">The stretch's first sample.</param>
    /// <param name="count">Its samples.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidDataException">The frames are too many, or change meanwhile.</exception>
    public static CodedPiece Read(CodedFile file, long first, int count, CancellationToken cancellationToken)
    {
        if (file.TryCut(first, first + count, CutEdges.Outer) is not { } cut)
        {
            return default;
        }

        var piece = cut.ToFile(new FileFacts("", DateTimeOffset.UnixEpoch));
        piece.Measure(cancellationToken);
        if (piece.Length > SampleRequest.MaxPieceBytes)
        {
            throw new InvalidDataException($"its frames are of more than {SampleRequest.MaxPieceBytes >> 20} MB.");
        }

        var bytes = new ArrayBufferWriter<byte>((int)piece.Length + 1);
        while (piece.TryWrite(bytes))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return new CodedPiece(bytes.WrittenMemory, new SampleRequest(first - cut.FirstSample, count, file.Format.SampleRate));
    }

    /// <summary>Reads and decodes a stretch. Null when samples came, perhaps fewer than were wanted; else a sentence.</summary>
    public static async Task<string?> DecodeAsync(CodedFile file, long first, int count, PcmBuffer into, PieceDecoder decode, CancellationToken cancellationToken)
    {
        into.Clear();
        try
        {
            // Reading the frames keeps a core busy for some milliseconds.
            var piece = await Task.Run(() => Read(file, first, count, cancellationToken), cancellationToken);
            return piece.Bytes.IsEmpty ? SamplePiece.NoSound : await decode(piece.Request, piece.Bytes, into, cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return $"It cannot be read: {e.Message}";
        }
    }
}
