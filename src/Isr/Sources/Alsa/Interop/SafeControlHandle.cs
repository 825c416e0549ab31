using System.Runtime.InteropServices;

namespace Isr.Sources.Alsa.Interop;

/// <summary>The control device of a card.</summary>
internal sealed class SafeControlHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Alsa.CloseControl(handle) >= 0;
}
