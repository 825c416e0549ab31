namespace Isr.Tests.Support;

/// <summary>The smallest unit of a stream that is recorded as it is, as the judge reads it: a frame, an Ogg packet.</summary>
/// <param name="Data">
/// What must be the same in tap and recording. Of a FLAC frame that is its sound: its number and its checksums are
/// anew in every file.
/// </param>
/// <param name="Samples">Per channel; 0 for a Vorbis packet that only prepares the decoder.</param>
/// <param name="SampleRate">Samples per second.</param>
/// <param name="End">Bytes of the tap or file after which it was there, its whole page included.</param>
/// <param name="Run">Counts what must not share a file: links of a chained stream that do not continue one another.</param>
/// <param name="Original">As it was sent.</param>
internal readonly record struct HeardFrame(
    ReadOnlyMemory<byte> Data, int Samples, int SampleRate, long End, int Run, ReadOnlyMemory<byte> Original)
{
    public double Seconds => (double)Samples / SampleRate;
}
