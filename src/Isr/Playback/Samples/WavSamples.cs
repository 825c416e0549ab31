using Isr.Audio.Wav;
using Isr.Codecs;

namespace Isr.Playback.Samples;

/// <summary>Samples of a WAV file, as they lie there.</summary>
internal sealed class WavSamples(FileStream file, WavFileInfo info) : RecordingSamples
{
    public override int SampleRate => info.SampleRate;

    public override int Channels => info.Channels;

    public override int BitsPerSample => info.BitsPerSample;

    public override long Samples => info.Samples;

    protected override int MomentBytes => info.BlockAlign;

    public override async Task<string?> ReadAsync(long first, int count, PcmBuffer into, CancellationToken cancellationToken)
    {
        into.Begin(new PcmFormat(info.SampleRate, info.Channels, info.SampleFormat));
        var bytes = (int)Math.Min(count, Math.Max(0, info.Samples - first)) * info.BlockAlign;
        var room = into.Room(bytes);
        var read = 0;
        try
        {
            while (read < bytes && await RandomAccess.ReadAsync(file.SafeFileHandle, room[read..], info.DataOffset + (first * info.BlockAlign) + read, cancellationToken) is > 0 and var more)
            {
                read += more;
            }
        }
        catch (IOException e)
        {
            return $"It cannot be read: {e.Message}";
        }

        into.Commit(read / info.BlockAlign * info.BlockAlign);
        return read < info.BlockAlign ? "The file has become shorter meanwhile." : null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }
    }
}
