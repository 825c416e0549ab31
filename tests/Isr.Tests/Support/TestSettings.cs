using Isr.Configuration;
using Isr.Naming;

namespace Isr.Tests.Support;

/// <summary>Settings as the configuration would make them.</summary>
internal static class TestSettings
{
    /// <summary>A soundcard with 48 kHz, stereo, 16 bits.</summary>
    public static SourceSettings Soundcard(string name, string device) => Stream(name, "/nowhere") with
    {
        Type = SourceType.Soundcard,
        Format = SourceFormat.Wav,
        Device = device,
        SampleRate = 48000,
    };

    public static SourceSettings Stream(string name, string folder, params Uri[] urls) => new()
    {
        Name = name,
        Line = 1,
        Type = SourceType.Stream,
        Urls = urls,
        Username = null,
        Password = "",
        Format = SourceFormat.Auto,
        OutputDirectory = folder,
        SplitInterval = TimeSpan.FromHours(1),
        FilenamePattern = FileNamePattern.Default,
        MaxRetries = 0,
        RetryDelay = TimeSpan.FromSeconds(1),
        Device = "default",
        SampleRate = 44100,
        Channels = 2,
        Bits = 16,
        Channel = null,
    };
}
