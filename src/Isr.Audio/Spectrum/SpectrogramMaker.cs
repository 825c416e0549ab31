using Isr.Audio.Levels;
using Isr.Audio.Pcm;

namespace Isr.Audio.Spectrum;

/// <summary>
/// Makes a picture of sound by time and frequency, from samples as they come. Each row has the largest power of its frequencies, each column that of its transforms: a knock
/// of some milliseconds is seen however far it is zoomed out. Power is the mean of all channels': what is on one side only, or in opposite phase, is not lost.
/// </summary>
public sealed class SpectrogramMaker
{
    /// <summary>Of a value; 255 is full scale.</summary>
    public const double StepDecibels = 0.5;

    private const int PieceMoments = 8192;
    private const double FullScale = 32_768;

    private readonly SpectrogramShape _shape;
    private readonly int _channels;
    private readonly PowerSpectrum _spectrum;
    private readonly float[] _powers;
    private readonly float[] _rows;

    /// <summary>Channel by channel, from sample <see cref="_heldFrom"/> on.</summary>
    private readonly float[][] _held;
    private readonly short[] _minimum;
    private readonly short[] _maximum;
    private readonly byte[] _levels;
    private long _heldFrom;
    private int _heldCount;
    private int _column;
    private int _frame;
    private int _extremesColumn;

    /// <param name="shape">Of the picture.</param>
    /// <param name="channels">Of the samples.</param>
    /// <param name="before">Samples per channel that come before the stretch; half a transform at most. Before these it was silent.</param>
    public SpectrogramMaker(SpectrogramShape shape, int channels, int before)
    {
        (_shape, _channels, _heldFrom, _heldCount) = (shape, channels, -(shape.Transform / 2), (shape.Transform / 2) - before);
        _spectrum = new PowerSpectrum(shape.Transform);
        _powers = new float[(shape.Transform / 2) + 1];
        _rows = new float[shape.Rows];
        _held = [.. Enumerable.Range(0, channels).Select(_ => new float[(2 * shape.Transform) + PieceMoments])];
        _levels = new byte[shape.Columns * shape.Rows];
        (_minimum, _maximum) = (new short[shape.Columns], new short[shape.Columns]);
        _minimum.AsSpan().Fill(short.MaxValue);
        _maximum.AsSpan().Fill(short.MinValue);
    }

    /// <summary>Column after column, from the lowest frequency: 0 is -127.5 dB of a sine at full scale or below.</summary>
    public ReadOnlySpan<byte> Levels => _levels;

    /// <summary>The lowest sample of any channel in each column, in 1/32768 of full scale, rounded down; 0 where there is none.</summary>
    public ReadOnlySpan<short> Minimum => _minimum;

    /// <summary>The highest sample, rounded up.</summary>
    public ReadOnlySpan<short> Maximum => _maximum;

    /// <summary>Takes samples that follow on those before.</summary>
    /// <param name="format">How one is written.</param>
    /// <param name="bytes">Whole moments, interleaved.</param>
    public void Add(SampleFormat format, ReadOnlySpan<byte> bytes)
    {
        var moment = SampleConversion.BytesOf(format) * _channels;
        for (; bytes.Length >= moment; bytes = bytes[Math.Min(bytes.Length, PieceMoments * moment)..])
        {
            var count = Math.Min(PieceMoments, bytes.Length / moment);
            for (var channel = 0; channel < _channels; channel++)
            {
                RealSamples.Read(format, bytes, _channels, channel, _held[channel].AsSpan(_heldCount, count));
            }

            Take(count);
        }
    }

    /// <summary>So many samples could not be had: as if it had been silent.</summary>
    public void AddSilence(long count)
    {
        for (; count > 0; count -= PieceMoments)
        {
            var piece = (int)Math.Min(PieceMoments, count);
            foreach (var held in _held)
            {
                held.AsSpan(_heldCount, piece).Clear();
            }

            Take(piece);
        }
    }

    /// <summary>No more comes.</summary>
    public void Finish()
    {
        var end = _shape.Count + (_shape.Transform / 2);
        AddSilence(end - _heldFrom - _heldCount);
        for (var column = 0; column < _shape.Columns; column++)
        {
            if (_minimum[column] > _maximum[column])
            {
                (_minimum[column], _maximum[column]) = (0, 0);
            }
        }
    }

    private void Take(int count)
    {
        var from = _heldFrom + _heldCount;
        _heldCount += count;
        TakeExtremes(from, count);
        while (_column < _shape.Columns && _shape.FrameStart(_column, _frame) is var start && start + _shape.Transform <= _heldFrom + _heldCount)
        {
            Measure((int)(start - _heldFrom));
            if (++_frame == _shape.FramesOf(_column))
            {
                Write(_column++);
                _frame = 0;
            }
        }

        DropBefore(_column < _shape.Columns ? _shape.FrameStart(_column, _frame) : long.MaxValue);
    }

    private void Measure(int at)
    {
        _powers.AsSpan().Clear();
        for (var channel = 0; channel < _channels; channel += 2)
        {
            _spectrum.Add(
                _held[channel].AsSpan(at, _shape.Transform), channel + 1 < _channels ? _held[channel + 1].AsSpan(at, _shape.Transform) : default, _powers);
        }

        var bins = _shape.Transform / 2;
        for (var row = 0; row < _rows.Length; row++)
        {
            // The last row has half the sample rate, too.
            var (first, next) = ((int)((long)row * bins / _rows.Length), row == _rows.Length - 1 ? bins + 1 : (int)((long)(row + 1) * bins / _rows.Length));
            foreach (var power in _powers.AsSpan(first, next - first))
            {
                _rows[row] = Math.Max(_rows[row], power);
            }
        }
    }

    private void Write(int column)
    {
        var levels = _levels.AsSpan(column * _rows.Length, _rows.Length);
        for (var row = 0; row < _rows.Length; row++)
        {
            var decibels = 10 * MathF.Log10(_rows[row] / _channels);
            levels[row] = (byte)Math.Clamp(MathF.Round(255 + (decibels / (float)StepDecibels)), 0, 255);
        }

        _rows.AsSpan().Clear();
    }

    private void TakeExtremes(long from, int count)
    {
        var (at, end) = (Math.Max(from, 0), Math.Min(from + count, _shape.Count));
        while (at < end)
        {
            while (_shape.StartOf(_extremesColumn + 1) <= at)
            {
                _extremesColumn++;
            }

            var next = Math.Min(end, _shape.StartOf(_extremesColumn + 1));
            foreach (var held in _held)
            {
                var (lowest, highest) = (float.MaxValue, float.MinValue);
                foreach (var sample in held.AsSpan((int)(at - _heldFrom), (int)(next - at)))
                {
                    lowest = Math.Min(lowest, sample);
                    highest = Math.Max(highest, sample);
                }

                // Columns shorter than a sample show that which they begin in.
                for (var column = _extremesColumn; column >= 0 && _shape.StartOf(column) >= _shape.StartOf(_extremesColumn); column--)
                {
                    _minimum[column] = Math.Min(_minimum[column], Short(LevelRounding.Down(lowest)));
                    _maximum[column] = Math.Max(_maximum[column], Short(LevelRounding.Up(highest)));
                }
            }

            at = next;
        }
    }

    private static short Short(int value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);

    /// <summary>What comes before a sample is not needed any more.</summary>
    private void DropBefore(long sample)
    {
        var drop = (int)Math.Clamp(sample - _heldFrom, 0, _heldCount);
        foreach (var held in _held)
        {
            held.AsSpan(drop, _heldCount - drop).CopyTo(held);
        }

        (_heldFrom, _heldCount) = (_heldFrom + drop, _heldCount - drop);
    }
}
