using System.Buffers;
using Isr.Analysis.Worker.Samples;
using Isr.Audio;
using Isr.Audio.Cutting;

namespace Isr.Playback.Samples;

/// <summary>Samples of a coded recording: the frames that hold a step are decoded in another process.</summary>
internal sealed class CodedSamples(FileStream file, CodedFile coded, SampleWorkers workers) : RecordingSamples
{
    public override int SampleRate => coded.Format.SampleRate;

    public override int Channels => coded.Format.Channels;

    public override int BitsPerSample => coded.Format.BitsPerSample;

    public override long Samples => coded.Samples;

    /// <summary>The file with its frames.</summary>
    public CodedFile Coded => coded;

    public override async Task<string?> ReadAsync(long first, int count, PcmBuffer into, CancellationToken cancellationToken)
    {
        into.Clear();
        try
        {
            // Reading the frames keeps a core busy for some milliseconds.
            var (piece, skipped) = await Task.Run(() => MakePiece(first, count, cancellationToken), cancellationToken);
            return piece.IsEmpty
                ? SamplePiece.NoSound
                : await workers.DecodeAsync(new SampleRequest(skipped, count, SampleRate), piece, into, cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return $"It cannot be read: {e.Message}";
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }
    }

    /// <summary>A file that plays alone, and how many samples it gives before the first that is wanted.</summary>
    private (ReadOnlyMemory<byte> Piece, long Skipped) MakePiece(long first, int count, CancellationToken cancellationToken)
    {
        if (coded.TryCut(first, first + count, CutEdges.Outer) is not { } cut)
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

        return (bytes.WrittenMemory, first - cut.FirstSample);
    }
}
