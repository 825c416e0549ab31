using System.Text;
using Isr.Codecs;

namespace Isr.Analysis.Worker.Samples;

/// <summary>Writes samples as messages, as many at once as a pipe holds.</summary>
internal sealed class SampleAnswer(Stream output) : IPcmSink
{
    private readonly byte[] _message = GC.AllocateUninitializedArray<byte>(SampleFraming.HeadBytes + SampleFraming.MaxBytes);
    private int _room;
    private int _filled;

    public void Begin(PcmFormat format)
    {
        // Whole moments alone: a message is one of them at least, as there are 255 channels at most.
        var momentBytes = format.Channels * Audio.Pcm.SampleConversion.BytesOf(format.Sample);
        _room = SampleFraming.MaxBytes / momentBytes * momentBytes;
        Write(SampleMessage.Format, SampleFraming.ToBytes(format));
    }

    public void Take(ReadOnlySpan<byte> samples)
    {
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, _room - _filled);
            samples[..count].CopyTo(_message.AsSpan(SampleFraming.HeadBytes + _filled));
            samples = samples[count..];
            _filled += count;
            if (_filled == _room)
            {
                Flush();
            }
        }
    }

    public void Finish(string? sentence)
    {
        Flush();
        Write(SampleMessage.Done, Encoding.UTF8.GetBytes(sentence ?? ""));
        output.Flush();
    }

    private void Flush()
    {
        if (_filled > 0)
        {
            SampleFraming.WriteHead(_message, SampleMessage.Samples, _filled);
            output.Write(_message.AsSpan(0, SampleFraming.HeadBytes + _filled));
            _filled = 0;
        }
    }

    private void Write(SampleMessage kind, byte[] content)
    {
        SampleFraming.WriteHead(_message, kind, content.Length);
        content.CopyTo(_message.AsSpan(SampleFraming.HeadBytes));
        output.Write(_message.AsSpan(0, SampleFraming.HeadBytes + content.Length));
    }
}
