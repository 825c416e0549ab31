using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Codecs;

namespace Isr.Analysis;

/// <summary>
/// Levels of a run of FLAC blocks. Where their numbers leave a hole, it is filled with silence, so that time stays true, as far as
/// that can be believed; where they go back, the blocks follow on one another all the same.
/// </summary>
/// <param name="start">The file's first frame: what is of another rate, number of channels or size of samples ends it.</param>
/// <param name="origin">The position at which the file begins.</param>
/// <param name="isStrict">The first block whose number is not the expected one ends it.</param>
internal sealed class FlacLevels(FlacStart start, long origin, bool isStrict) : IFlacSink
{
    private const int MostHoleSeconds = 3600;
    private const int MostSilenceSeconds = 6 * 3600;

    // Of all channels together: seconds of work, whatever rate a file claims.
    private const long MostSilentSamples = 1L << 32;

    private readonly int _rate = start.Format.SampleRate;
    private readonly int _channels = start.Format.Channels;
    private readonly int _bits = start.Format.BitsPerSample;
    private int _newBlock;
    private int _block = start.BlockSize;
    private byte[]? _silence;
    private long _silent;
    private long _shift;

    /// <summary>Null before the first block.</summary>
    public LevelWindows? Windows { get; private set; }

    /// <summary>The position of the first sample in the file, as its frame said.</summary>
    public long First { get; private set; }

    /// <summary>The position behind the last sample.</summary>
    public long End { get; private set; }

    /// <summary>Where numbers were not the expected ones at first, a position in the file.</summary>
    public long? OddFrom { get; private set; }

    /// <summary>A block of another rate, number of channels or size of samples, or a stream of smaller blocks, came: there it ended.</summary>
    public bool IsOther { get; private set; }

    /// <summary>It is longer than any recording.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>What is missing before the first block is a hole, too.</summary>
    public void ExpectFromStart() => Open(0, FlacStart.SampleOf(_bits));

    public bool Begin(long position, int samples, PcmFormat format, int bits)
    {
        // Where smaller blocks follow, libFLAC 1.4 takes every one for what comes behind a hole, and makes silence of it.
        var isSmaller = _newBlock > 0 && _newBlock < start.BlockSize && position == start.BlockSize;
        if (format.SampleRate != _rate || format.Channels != _channels || bits != _bits || isSmaller)
        {
            IsOther = true;
            return false;
        }

        if (Windows is null)
        {
            Open(isStrict ? Math.Max(0, position - origin) : 0, format.Sample);
        }

        position = Counted(position, samples);
        var hole = position - origin + _shift - End;
        if (hole != 0)
        {
            if (isStrict)
            {
                OddFrom = End;
                return false;
            }

            // A stream that begins anew behind the end of another is none that lacks something.
            OddFrom ??= position == 0 ? null : End;
            if (hole > 0 && hole <= (long)MostHoleSeconds * _rate && _silent + hole <= Math.Min((long)MostSilenceSeconds * _rate, MostSilentSamples / _channels))
            {
                AddSilence(hole);
            }
            else
            {
                _shift -= hole;
            }
        }

        IsTooLong = !FileMeasurer.MayBe(End + samples, _rate, _channels);
        End += IsTooLong ? 0 : samples;
        return !IsTooLong;
    }

    public void Take(ReadOnlySpan<byte> samples) => Windows!.Add(samples);

    // The decoder makes positions of the numbers of blocks by the size of the file's first. A stream that begins anew, behind the end
    // of another, may have blocks of its own size; or its numbers may count samples.
    private long Counted(long position, int samples)
    {
        if (position == 0 && Windows!.Samples > 0 && !isStrict)
        {
            (_newBlock, _block) = (samples, start.BlockSize);
            return 0;
        }

        if (_newBlock > 0)
        {
            _block = position == start.BlockSize ? _newBlock : start.BlockSize;
            _newBlock = 0;
        }

        return _block == start.BlockSize ? position : position / start.BlockSize * _block;
    }

    private void Open(long position, SampleFormat sample)
    {
        (First, End) = (position, position);
        Windows = new LevelWindows(_rate, _channels, sample, position);
    }

    private void AddSilence(long samples)
    {
        var momentBytes = _channels * (_bits <= 16 ? sizeof(short) : sizeof(int));
        _silence ??= new byte[momentBytes * 16 * 1024];
        _silent += samples;
        End += samples;
        while (samples > 0)
        {
            var moments = (int)Math.Min(samples, _silence.Length / momentBytes);
            Windows!.Add(_silence.AsSpan(0, moments * momentBytes));
            samples -= moments;
        }
    }
}
