using Isr.Codecs;
using Isr.Playback.Samples;

namespace Isr.Playback.Export;

/// <summary>Reads what a plan says, file after file, in steps, each in its place. What cannot be read is left out.</summary>
internal sealed partial class ExportReader(ExportPlan plan, SampleLibrary library, ILogger<ExportReader> logger) : IDisposable
{
    private readonly PcmBuffer _step = new();
    private OpenedRecording? _recording;
    private string? _openName;
    private int _part;
    private long _done;
    private bool _isAhead;

    /// <summary>Of the first samples that could be read; the others are of this rate and these channels.</summary>
    public PcmFormat Format { get; private set; }

    /// <summary>16 or 24: what holds the first recording's samples.</summary>
    public int Bits { get; private set; }

    /// <summary>Where the step that was read belongs, in samples of <see cref="Format"/>.</summary>
    public long At { get; private set; }

    public PcmBuffer Step => _step;

    /// <inheritdoc cref="ExportPlan.SilentSeconds"/>
    public double SilentSeconds => plan.SilentSeconds;

    /// <summary>Reads the first step that can be read; a sentence when none can.</summary>
    public async Task<string?> BeginAsync(CancellationToken cancellationToken)
    {
        if (!await MoveAsync(cancellationToken))
        {
            return "Nothing of what was recorded within that span can be read.";
        }

        _isAhead = true;
        return null;
    }

    /// <summary>Reads the next step; false at the end.</summary>
    public async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        if (_isAhead)
        {
            _isAhead = false;
            return true;
        }

        return await MoveAsync(cancellationToken);
    }

    public void Dispose()
    {
        _recording?.Samples.Dispose();
        _step.Dispose();
    }

    private async Task<bool> MoveAsync(CancellationToken cancellationToken)
    {
        while (_part < plan.Parts.Count)
        {
            var part = plan.Parts[_part];
            if (await OpenAsync(part.Name, cancellationToken) is not { } samples)
            {
                (_part, _done) = (_part + 1, 0);
                continue;
            }

            var first = part.First + _done;
            var count = (int)Math.Min(samples.StepSamples, Math.Min(part.Count - _done, samples.Samples - first));
            if (count <= 0)
            {
                (_part, _done) = (_part + 1, 0);
                continue;
            }

            var at = part.At + _done;
            _done += count;
            if (await samples.ReadAsync(first, count, _step, cancellationToken) is { } sentence)
            {
                LogSkipped(part.Name, (double)first / samples.SampleRate, sentence);
            }
            else if (IsFitting(samples))
            {
                At = at * (Format.SampleRate / plan.SampleRate);
                return true;
            }
            else
            {
                LogSkipped(part.Name, (double)first / samples.SampleRate, "It is of another rate or number of channels.");
            }
        }

        return false;
    }

    private async Task<RecordingSamples?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        if (_openName != name)
        {
            _recording?.Samples.Dispose();
            var (recording, _, sentence) = await library.OpenAsync(name, cancellationToken);
            (_recording, _openName) = (recording, name);
            if (recording is null)
            {
                LogSkipped(name, 0, sentence);
            }
        }

        return _recording?.Samples;
    }

    private bool IsFitting(RecordingSamples samples)
    {
        if (Format.Channels == 0 && _step.Format.SampleRate % plan.SampleRate == 0)
        {
            Format = _step.Format;
            Bits = samples.BitsPerSample > 16 ? 24 : 16;
        }

        return _step.Format.SampleRate == Format.SampleRate && _step.Format.Channels == Format.Channels && samples.SampleRate == plan.SampleRate;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An export has silence in place of {Name} from {Seconds:0.0} s on: {Reason}")]
    private partial void LogSkipped(string name, double seconds, string reason);
}
