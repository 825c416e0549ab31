using Isr.Audio;
using Isr.Audio.Mpeg;
using Isr.Audio.Sniffing;
using Isr.Audio.Wav;
using Isr.Recording.Live;

namespace Isr.Playback.Live;

/// <summary>The frames of one file that another process writes, read as they come.</summary>
internal sealed class GrowingFrames : IDisposable
{
    private const int BlockBytes = 64 * 1024;

    private readonly FileStream _file;
    private readonly IFrameReader? _reader;
    private readonly AudioFormat _samples;
    private readonly int _align;
    private byte[] _buffer = new byte[BlockBytes];
    private int _start;
    private int _end;
    private long _position;
    private int _skip;
    private bool _jumps;

    /// <summary>Bytes in the buffer that lie before the place that was jumped to.</summary>
    private int _passedOver;

    /// <param name="file">Open; owned from here on.</param>
    /// <param name="extension">Of its name.</param>
    /// <param name="fromEnd">Begin near the end of what there is; otherwise with the first frame that is not repeated of the file before.</param>
    public GrowingFrames(FileStream file, string extension, bool fromEnd)
    {
        _file = file;
        if (extension == ".wav")
        {
            (_samples, _align) = BeginSamples(fromEnd);
            return;
        }

        _reader = StreamFormats.CreateReader(extension switch
        {
            ".mp3" => StreamKind.MpegAudio,
            ".aac" => StreamKind.Adts,
            ".flac" => StreamKind.Flac,
            _ => StreamKind.Ogg,
        });
        _jumps = fromEnd;
        if (extension == ".mp3")
        {
            SkipRepeated();
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Gives all whole frames that are there by now.</summary>
    /// <param name="tap">Takes them.</param>
    /// <param name="isFinal">Nothing more will be written.</param>
    public void Read(LiveTap tap, bool isFinal)
    {
        while (true)
        {
            if (_buffer.Length - _end < BlockBytes / 2)
            {
                MakeRoom();
            }

            var read = RandomAccess.Read(_file.SafeFileHandle, _buffer.AsSpan(_end), _position);
            _position += read;
            _end += read;
            Take(tap, isFinal && read == 0);
            if (read == 0)
            {
                return;
            }
        }
    }

    private (AudioFormat Format, int Align) BeginSamples(bool fromEnd)
    {
        var length = RandomAccess.GetLength(_file.SafeFileHandle);
        if (!WavFileInfo.TryRead((offset, destination) => RandomAccess.Read(_file.SafeFileHandle, destination, offset), length, out var info, isLeftOpen: true)
            || info.IsFloat || info.BitsPerSample is not (16 or 24))
        {
            return default;
        }

        var before = fromEnd ? Math.Max(0, info.Samples - info.SampleRate) : 0;
        _position = info.DataOffset + (before * info.BlockAlign);
        return (new AudioFormat(AudioCodec.Pcm, info.SampleRate, info.Channels, info.BitsPerSample), info.BlockAlign);
    }

    /// <summary>An MP3 file begins with an info frame and what it repeats of the one before.</summary>
    private void SkipRepeated()
    {
        var head = new byte[BlockBytes];
        var length = RandomAccess.Read(_file.SafeFileHandle, head, 0);
        if (MpegFileInfo.TryRead(head.AsSpan(0, length), RandomAccess.GetLength(_file.SafeFileHandle), out var info))
        {
            // The reader passes over the info frame by itself.
            (_position, _skip) = (info.AudioOffset, Math.Max(0, info.FramesBeforeAudio - 1));
        }
    }

    private void Take(LiveTap tap, bool isFinal)
    {
        if (_reader is null)
        {
            TakeSamples(tap);
            return;
        }

        while (_reader.TryRead(_buffer.AsSpan(_start, _end - _start), isFinal, out var consumed, out var frame) || consumed > 0)
        {
            _start += consumed;
            var isPassedOver = _passedOver > 0;
            _passedOver -= consumed;
            if (frame.Data.IsEmpty || (isPassedOver && _passedOver >= 0))
            {
                continue;
            }

            if (_skip > 0)
            {
                _skip--;
            }
            else if (_jumps)
            {
                // The headers are read; frames are found anywhere.
                _jumps = false;
                Jump();
            }
            else
            {
                tap.Add(frame);
            }
        }
    }

    /// <summary>To the reader it is a stream with a hole: what it has seen and not consumed must stay before its eyes.</summary>
    private void Jump()
    {
        var near = RandomAccess.GetLength(_file.SafeFileHandle) - BlockBytes;
        if (near > _position)
        {
            (_position, _passedOver) = (near, _end - _start);
        }
    }

    private void TakeSamples(LiveTap tap)
    {
        if (_align == 0)
        {
            _start = _end;
            return;
        }

        var most = Math.Max(1, _samples.SampleRate / 10);
        while (_end - _start >= _align)
        {
            var count = Math.Min(most, (_end - _start) / _align);
            tap.Add(new AudioFrame(_buffer.AsSpan(_start, count * _align), count, _samples));
            _start += count * _align;
        }
    }

    private void MakeRoom()
    {
        var held = _end - _start;
        var wanted = Math.Max(held, _reader?.LookaheadBytes ?? 0) + BlockBytes;
        var target = _buffer.Length >= wanted ? _buffer : new byte[wanted];
        _buffer.AsSpan(_start, held).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, held);
    }
}
