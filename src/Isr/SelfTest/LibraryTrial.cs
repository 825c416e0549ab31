using System.ComponentModel;
using System.Diagnostics;
using Isr.Catalog.Interop;
using Isr.Interop;
using Isr.SelfTest.Interop;
using SQLitePCL;

namespace Isr.SelfTest;

/// <summary>Whether the programs and libraries are there that isr uses, and which.</summary>
internal static class LibraryTrial
{
    public static IEnumerable<TrialResult> Run()
    {
        yield return Ffmpeg();
        yield return NativeLibraries.HasFlac
            ? Ok("libFLAC", LibraryVersions.Flac())
            : new TrialResult("libFLAC", TrialOutcome.Failed, $"{NativeLibraries.FlacSentence}.");
        yield return SystemSqlite.IsThere
            ? Ok("SQLite", raw.sqlite3_libversion().utf8_to_string())
            : new TrialResult("SQLite", TrialOutcome.Failed, SystemSqlite.Sentence);
        yield return NativeLibraries.HasAlsa
            ? Ok("libasound", LibraryVersions.Alsa())
            : new TrialResult("libasound", TrialOutcome.NotTried, $"{NativeLibraries.AlsaSentence}.");
    }

    private static TrialResult Ok(string name, string version) => new(name, TrialOutcome.Ok, $"{(version.Length == 0 ? "is there" : version)}.");

    private static TrialResult Ffmpeg()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-hide_banner", "-version"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var words = (process.StandardOutput.ReadLine() ?? "").Split(' ');
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 && words is ["ffmpeg", "version", var version, ..]
                ? Ok("ffmpeg", version)
                : new TrialResult("ffmpeg", TrialOutcome.Failed, $"`ffmpeg -version` ends with {process.ExitCode} and no version: install it anew (Debian: apt-get install ffmpeg).");
        }
        catch (Win32Exception e)
        {
            return new TrialResult(
                "ffmpeg", TrialOutcome.Failed, $"it cannot be started ({e.Message}): install it (Debian: apt-get install ffmpeg). Recording goes on without it; MP3, AAC, Vorbis and Opus then have no levels and no clips.");
        }
    }
}
