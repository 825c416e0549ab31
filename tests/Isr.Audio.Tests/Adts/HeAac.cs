namespace Isr.Audio.Tests.Adts;

/// <summary>Streams of HE-AAC; how they were made is told beside them.</summary>
internal static class HeAac
{
    /// <summary>Of the core, which the headers name; decoders put out twice as many.</summary>
    public const int CoreSampleRate = 24000;

    public const int SampleRate = 2 * CoreSampleRate;

    /// <summary>SBR on a stereo core.</summary>
    public static byte[] Version1 => Read("he-aac-v1.aac");

    /// <summary>SBR and parametric stereo on a mono core.</summary>
    public static byte[] Version2 => Read("he-aac-v2.aac");

    private static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Adts", "Fixtures", name));
}
