using Isr.Audio;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Sources;

namespace Isr.Recording;

/// <summary>The levels of one file of PCM, gathered while its samples pass. Used by the source's task until the file is closed.</summary>
internal sealed class FileLevels(AudioFormat format, SourceMonitor monitor, SourceMeter meter)
{
    private readonly LevelWindows _windows = new(format.SampleRate, format.Channels, format.BitsPerSample == 16 ? SampleFormat.S16 : SampleFormat.S24Packed);
    private int _seen;

    public void Add(in AudioFrame frame)
    {
        _windows.Add(frame.Data);
        for (; _seen < _windows.Windows; _seen++)
        {
            var window = _windows[_seen];
            meter.Show(window);
            if (window.Clipped > 0)
            {
                monitor.CountClipped(window.Clipped);
            }
        }
    }

    /// <summary>Samples that another file was to have, and that were shown when they came.</summary>
    public void AddAgain(in AudioFrame frame)
    {
        _windows.Add(frame.Data);
        _seen = _windows.Windows;
    }

    /// <summary>The levels of a file that holds so many samples; null when that is not what passed here.</summary>
    public RecordingLevels? Of(long samples) => samples == _windows.Samples ? _windows.ToLevels() : null;
}
