using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Isr.Browser.Tests.Live;

/// <summary>Sound that is given out as it would sound, with a short tone every two seconds whose pitch tells which one it is: of each is known when it sounded.</summary>
internal sealed class TimedClicks : IAsyncDisposable
{
    public const int Rate = 48_000;

    /// <summary>After so many the pitches begin anew: sound that is later than that is taken for a younger one.</summary>
    public const int Pitches = 8;

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private const int StepMilliseconds = 10;
    private const double ToneSeconds = 0.08;

    private readonly Stream _output;
    private readonly int _channels;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<int, double> _sounded = new();
    private readonly Task _feeding;

    /// <param name="output">Takes 16 bits little-endian at <see cref="Rate"/>; closed at the end.</param>
    /// <param name="channels">That all have the same.</param>
    public TimedClicks(Stream output, int channels)
    {
        (_output, _channels) = (output, channels);
        _feeding = Task.Run(FeedAsync);
    }

    public static double Pitch(int click) => 500 + (250 * (click % Pitches));

    /// <summary>How long ago the latest one of that pitch sounded at that moment, in seconds; null when none has.</summary>
    /// <param name="pitch">As it was heard, in Hz.</param>
    /// <param name="at">Milliseconds since 1970.</param>
    public double? Behind(double pitch, double at)
    {
        var which = (int)Math.Round((pitch - Pitch(0)) / 250);
        var candidates = _sounded.Where(s => s.Key % Pitches == which && s.Value <= at).Select(s => (at - s.Value) / 1000).ToList();
        return candidates.Count == 0 || Math.Abs(pitch - Pitch(which)) > 60 ? null : candidates.Min();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _feeding;
        await _output.DisposeAsync();
        _end.Dispose();
    }

    private async Task FeedAsync()
    {
        const int Step = Rate * StepMilliseconds / 1000;
        var began = TimeProvider.System.GetUtcNow();
        var bytes = new byte[Step * _channels * sizeof(short)];
        var random = new Random(1);
        try
        {
            for (long at = 0; ; at += Step)
            {
                var due = began + TimeSpan.FromSeconds((double)at / Rate);
                if (due - TimeProvider.System.GetUtcNow() is var left && left > TimeSpan.Zero)
                {
                    await Task.Delay(left, TimeProvider.System, _end.Token);
                }

                Fill(bytes, at, random);
                await _output.WriteAsync(bytes, _end.Token);
                await _output.FlushAsync(_end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Over, or nobody takes it any more.
        }
    }

    private void Fill(Span<byte> bytes, long at, Random random)
    {
        var period = (long)(Every.TotalSeconds * Rate);
        for (var i = 0; i < bytes.Length / sizeof(short) / _channels; i++)
        {
            var (click, into) = ((at + i) / period, (at + i) % period);
            if (into == 0)
            {
                _sounded[(int)click] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + (1000.0 * i / Rate);
            }

            // Never silent, as sound of a room is not.
            var tone = into < ToneSeconds * Rate ? 0.5 * Math.Sin(2 * Math.PI * Pitch((int)click) * into / Rate) : 0;
            var sample = (short)(32767 * (tone + (0.002 * (random.NextDouble() - 0.5))));
            for (var c = 0; c < _channels; c++)
            {
                BinaryPrimitives.WriteInt16LittleEndian(bytes[(((i * _channels) + c) * sizeof(short))..], sample);
            }
        }
    }
}
