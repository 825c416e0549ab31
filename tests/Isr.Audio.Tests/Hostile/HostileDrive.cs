using System.Buffers;
using Isr.Audio.Sniffing;

namespace Isr.Audio.Tests.Hostile;

/// <summary>What one input came to.</summary>
internal readonly record struct HostileOutcome(long Frames, long Files, long Written, bool IsRefused, long Allocated);

/// <summary>
/// Takes a stream through reader and muxers as the program does, splits, commits and loses files at random, and holds
/// after every call what the contracts of both promise. One instance serves one thread.
/// </summary>
internal sealed class HostileDrive
{
    public const long MaxAllocated = 64L * 1024 * 1024;

    private const int MaxLookahead = 4 * 1024 * 1024;
    private const int MaxSamples = 65535 * 8;
    private const int MaxFramesWithoutBytes = 600;
    private const int MaxRepeatedBytes = 4 * 1024 * 1024;
    private static readonly FileFacts Facts = new("Hostile", new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.FromHours(-3.5)));

    private readonly ArrayBufferWriter<byte> _staging = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _file = new(64 * 1024);
    private byte[] _buffer = new byte[64 * 1024];
    private byte[] _header = [];
    private Random _random = new(0);
    private IFileMuxer? _muxer;
    private AudioFormat _format;
    private bool _isOpen;
    private int _observing;
    private int _framesPerFile;
    private long _frameBytes;
    private long _fileSamples;
    private long _fileFrameBytes;
    private long _fileCalls;
    private long _frames;
    private long _files;
    private long _written;
    private long _reparsing;

    public HostileOutcome Run(StreamKind kind, ReadOnlySpan<byte> input, Random random)
    {
        _random = random;
        (_muxer, _format, _isOpen, _observing) = (null, default, false, 0);
        (_frameBytes, _frames, _files, _written, _reparsing) = (0, 0, 0, 0, 0);
        _framesPerFile = random.Next(10) switch { 0 => 3, < 6 => 40, _ => 400 };
        _staging.ResetWrittenCount();
        var fragment = random.Next(12) switch { 0 => 40, < 5 => 1500, _ => 16 * 1024 };

        var before = GC.GetAllocatedBytesForCurrentThread();
        var isRefused = Feed(StreamFormats.CreateReader(kind), input, fragment);
        if (_isOpen)
        {
            Close();
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before - _reparsing;
        Hold(allocated <= MaxAllocated, $"{allocated} bytes were allocated for {input.Length}");
        return new HostileOutcome(_frames, _files, _written, isRefused, allocated);
    }

    // As StreamPump does.
    private bool Feed(IFrameReader reader, ReadOnlySpan<byte> input, int fragment)
    {
        var (start, end, shown) = (0, 0, 0L);
        while (true)
        {
            var wanted = Math.Max(end, reader.LookaheadBytes) + fragment;
            if (_buffer.Length < wanted)
            {
                Array.Resize(ref _buffer, wanted);
            }

            var piece = Math.Min(input.Length, _random.Next(fragment) + 1);
            input[..piece].CopyTo(_buffer.AsSpan(end));
            input = input[piece..];
            end += piece;
            shown += piece;
            var isFinal = piece == 0;

            var withoutBytes = 0;
            while (true)
            {
                var source = _buffer.AsSpan(start, end - start);
                var skippedBefore = reader.SkippedBytes;
                var found = reader.TryRead(source, isFinal, out var consumed, out var frame);

                Hold(consumed >= 0 && consumed <= source.Length, $"{consumed} of {source.Length} bytes consumed");
                start += consumed;
                withoutBytes = consumed > 0 ? 0 : withoutBytes + 1;
                Hold(withoutBytes <= MaxFramesWithoutBytes, $"{withoutBytes} frames without a byte consumed");
                var lookahead = reader.LookaheadBytes;
                Hold(lookahead is >= 0 and <= MaxLookahead, $"it wants to see {lookahead} bytes");
                Hold(reader.SkippedBytes >= skippedBefore, $"skipped bytes fell from {skippedBefore} to {reader.SkippedBytes}");

                // Packets are skipped before the page that holds them is done with.
                Hold(reader.SkippedBytes <= shown, $"{reader.SkippedBytes} bytes skipped of {shown}");
                if (found)
                {
                    Take(frame);
                    Hold(_frameBytes + reader.SkippedBytes <= shown, $"{_frameBytes} bytes in frames and {reader.SkippedBytes} skipped of {shown}");
                }
                else
                {
                    Hold(frame.Data.IsEmpty, $"a frame, though it said it had none");
                    Hold(isFinal || consumed > 0 || source.Length < Math.Max(1, lookahead) || reader.Refusal is not null, $"it does not get on with {source.Length} bytes, of which it wants {lookahead}");
                }

                if (reader.Refusal is { } refusal)
                {
                    Hold(refusal.EndsWith('.'), $"'{refusal}' is no sentence");
                    return true;
                }

                if (!found && consumed == 0)
                {
                    break;
                }
            }

            if (isFinal)
            {
                return false;
            }

            if (_isOpen)
            {
                Commit();
            }

            _buffer.AsSpan(start, end - start).CopyTo(_buffer);
            (start, end) = (0, end - start);
        }
    }

    // As StreamRecorder does.
    private void Take(in AudioFrame frame)
    {
        var format = frame.Format;
        _frames++;
        _frameBytes += frame.Data.Length;
        Hold(!frame.Data.IsEmpty, $"a frame without bytes");
        Hold(frame.Samples is >= 0 and <= MaxSamples, $"a frame of {frame.Samples} samples");
        Hold(format is { SampleRate: > 0, Channels: >= 0 and <= 255, BitsPerSample: >= 0 and <= 32 }, $"a frame of {format}");
        Hold(frame.Lost is null || (frame.Lost >= 0 && frame.Lost <= 86400L * format.SampleRate), $"{frame.Lost} samples lost at {format.SampleRate} Hz");

        if (_isOpen && (frame.Lost is not null || format != _format || _random.Next(_framesPerFile) == 0))
        {
            if (_random.Next(8) == 0)
            {
                // The disk failed: the file is dropped as it is.
                _staging.ResetWrittenCount();
                _isOpen = false;
                _observing = _random.Next(10);
            }
            else
            {
                Close();
            }
        }

        var muxer = MuxerFor(format);
        if (!_isOpen && frame.Samples > 0 && _observing-- <= 0)
        {
            _isOpen = true;
            _files++;
            _file.ResetWrittenCount();
            (_fileSamples, _fileFrameBytes, _fileCalls) = (0, 0, 0);
            muxer.Begin(Facts, frame, _staging);
        }

        if (_isOpen)
        {
            muxer.Write(frame, _staging);
            _fileSamples += frame.Samples;
            _fileFrameBytes += frame.Data.Length;
            _fileCalls++;
            HoldPending();
            if (_random.Next(30) == 0)
            {
                Commit();
            }
        }
        else
        {
            muxer.Observe(frame);
        }
    }

    private IFileMuxer MuxerFor(AudioFormat format)
    {
        if (_muxer is null || _format != format)
        {
            _muxer = StreamFormats.CreateMuxer(format);
            _format = format;
            _header = new byte[_muxer.MaxHeaderBytes];
        }

        return _muxer;
    }

    private void Commit()
    {
        _fileCalls++;
        _muxer!.Flush(_staging);
        Put();
    }

    private void Close()
    {
        _muxer!.Finish(_staging);
        Put();
        _isOpen = false;
        _written += _file.WrittenCount;
        Hold(_muxer.PendingSamples == 0, $"{_muxer.PendingSamples} samples pending in a finished file");

        // Headers, what is repeated of the file before, page headers for each call, the frames.
        var headers = (_format.Setup?.Headers.Sum(header => (long)header.Length) ?? 0) * 11 / 10;
        var most = headers + 8192 + Math.Min(2 * _frameBytes, MaxRepeatedBytes) + (2 * _fileFrameBytes) + (100 * _fileCalls);
        Hold(_file.WrittenCount <= most, $"a file of {_file.WrittenCount} bytes with {_fileFrameBytes} in frames");
        if (_format.Codec is AudioCodec.Vorbis or AudioCodec.Opus or AudioCodec.OggFlac or AudioCodec.Flac)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            ReadAgain(_format.Codec == AudioCodec.Flac ? StreamKind.Flac : StreamKind.Ogg, _file.WrittenSpan);
            _reparsing += GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private void Put()
    {
        HoldPending();
        _file.Write(_staging.WrittenSpan);
        _staging.ResetWrittenCount();
        var length = _muxer!.GetHeader(_header, out var offset);
        Hold(length >= 0 && length <= _header.Length, $"a header of {length} bytes, more than {_header.Length}");
        Hold(length == 0 || (offset >= 0 && offset + length <= _file.WrittenCount), $"a header of {length} bytes at {offset} in a file of {_file.WrittenCount}");
        if (length > 0)
        {
            var file = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_file.WrittenMemory).Span;
            _header.AsSpan(0, length).CopyTo(file[(int)offset..]);
        }
    }

    private void HoldPending() =>
        Hold(_muxer!.PendingSamples >= 0 && _muxer.PendingSamples <= _fileSamples, $"{_muxer.PendingSamples} samples pending of {_fileSamples}");

    private void ReadAgain(StreamKind kind, ReadOnlySpan<byte> file)
    {
        var reader = StreamFormats.CreateReader(kind);
        var samples = 0L;
        while (reader.TryRead(file, isFinal: true, out var consumed, out var frame) || consumed > 0)
        {
            file = file[consumed..];
            samples += frame.Samples;
            Hold(frame.Lost is null, $"the file lacks {frame.Lost} samples");
            Hold(frame.Data.IsEmpty || frame.Format with { Setup = null } == _format with { Setup = null }, $"the file has {frame.Format} instead of {_format}");
        }

        Hold(reader.Refusal is null, $"the file is refused: {reader.Refusal}");
        Hold(reader.SkippedBytes == 0, $"the reader skips {reader.SkippedBytes} bytes of the file");
        Hold(samples == _fileSamples, $"the file has {samples} samples, not {_fileSamples}");
    }

    private static void Hold(bool holds, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument("holds")] Broken sentence)
    {
        if (!holds)
        {
            throw new InvalidDataException(sentence.Text);
        }
    }

    /// <summary>Writes its sentence only where the promise is broken: the call stands after each byte.</summary>
    [System.Runtime.CompilerServices.InterpolatedStringHandler]
    internal readonly ref struct Broken
    {
        private readonly System.Text.StringBuilder? _text;

        public Broken(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = holds ? null : new System.Text.StringBuilder(literalLength + (8 * formattedCount));
        }

        public string Text => _text?.ToString() ?? "";

        public void AppendLiteral(string value) => _text?.Append(value);

        public void AppendFormatted<T>(T value) => _text?.Append(value);
    }
}
