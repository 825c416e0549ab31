using Isr.Interop;
using Isr.Sources.Alsa.Devices;
using Isr.Web;

namespace Isr.SelfTest;

/// <summary>What there is besides: the page's port, the soundcards. Nothing of it is a fault.</summary>
internal static class MachineTrial
{
    private const int UsualPort = 8080;

    public static IEnumerable<TrialResult> Run()
    {
        yield return new WebOptions { Port = UsualPort }.WhyNotServed() is null
            ? new TrialResult("port", TrialOutcome.Ok, $"{UsualPort} on this computer is free for the page.")
            : new TrialResult("port", TrialOutcome.NotTried, $"{UsualPort} on this computer is taken, by isr itself or another: choose another with --port where it is not isr.");
        if (!NativeLibraries.HasAlsa)
        {
            yield break;
        }

        var devices = CaptureDevices.Connected();
        yield return devices.Count > 0
            ? new TrialResult("soundcards", TrialOutcome.Ok, $"{string.Join("; ", devices.Select(device => device.FullName))}.")
            : new TrialResult("soundcards", TrialOutcome.NotTried, "there is none that records, or this user may not reach it; `isr devices` says more.");
    }
}
