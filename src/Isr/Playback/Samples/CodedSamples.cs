using Isr.Audio.Cutting;

namespace Isr.Playback.Samples;

/// <summary>Samples of a coded recording: only the frames that hold a step are decoded.</summary>
internal sealed class CodedSamples(FileStream file, CodedFile coded, PieceDecoder decode) : RecordingSamples
{
    public override int SampleRate => coded.Format.SampleRate;

    public override int Channels => coded.Format.Channels;

    public override int BitsPerSample => coded.Format.BitsPerSample;

    public override long Samples => coded.Samples;

    public override Task<string?> ReadAsync(long first, int count, PcmBuffer into, CancellationToken cancellationToken) =>
        CodedPiece.DecodeAsync(coded, first, count, into, decode, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }
    }
}
