using System.Buffers.Binary;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;

namespace Isr.Tests.Support;

/// <summary>Levels as if recorded.</summary>
internal static class TestLevels
{
    /// <summary>Of a mono recording at 8 kHz: one window for each amplitude.</summary>
    public static RecordingLevels Of(params IEnumerable<short> amplitudes)
    {
        var windows = new LevelWindows(8000, 1, SampleFormat.S16);
        foreach (var amplitude in amplitudes)
        {
            windows.Add(Window(amplitude, 800));
        }

        return windows.ToLevels();
    }

    /// <summary>So many samples of one amplitude.</summary>
    public static byte[] Window(short amplitude, int samples)
    {
        var bytes = new byte[samples * 2];
        for (var i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * 2), i % 2 == 0 ? amplitude : (short)-amplitude);
        }

        return bytes;
    }
}
