using System.Runtime.InteropServices;

namespace Isr.Sources.Alsa.Interop;

/// <summary>An open <c>snd_pcm_t</c>. One thread at a time may use it.</summary>
internal sealed class SafePcmHandle : SafeHandle
{
    public SafePcmHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Alsa.ClosePcm(handle) >= 0;
}
