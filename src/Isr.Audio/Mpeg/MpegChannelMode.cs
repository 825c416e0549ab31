namespace Isr.Audio.Mpeg;

/// <summary>The two mode bits as they stand in the header.</summary>
public enum MpegChannelMode
{
    Stereo = 0,
    JointStereo = 1,
    DualChannel = 2,
    Mono = 3,
}
