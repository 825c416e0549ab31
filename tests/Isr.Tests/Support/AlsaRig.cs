using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Isr.Tests.Support;

/// <summary>What a test's soundcard can do; the words are those of <c>alsatest.c</c>.</summary>
internal sealed record AlsaDeviceOptions
{
    public string Rates { get; init; } = "48000";

    public string Channels { get; init; } = "2";

    public string Formats { get; init; } = "S16_LE";

    /// <summary>How many bits of each sample count: 16 or 24.</summary>
    public int Bits { get; init; } = 16;

    public double Ppm { get; init; }

    /// <summary>Frames by which its pointer advances.</summary>
    public int Granularity { get; init; } = 48;

    /// <summary>Smallest and largest buffer in bytes.</summary>
    public string BufferBytes { get; init; } = "64 8388608";

    /// <summary>Its time stamps are of the wall clock.</summary>
    public bool IsWallClock { get; init; }

    /// <summary>Raw samples to give in place of the count.</summary>
    public string? InputFile { get; init; }

    /// <summary>A description that listings of PCMs show; null is shown nowhere.</summary>
    public string? Description { get; init; }
}

/// <summary>
/// Soundcards without hardware: <c>alsatest.c</c>, compiled once per run, and one private asound.conf for all tests of this
/// process. libasound reads that here; programs that are started need <see cref="EnvironmentAsync"/>.
/// </summary>
internal static class AlsaRig
{
    private static readonly Lock s_gate = new();
    private static readonly StringBuilder s_definitions = new();
    private static readonly Lazy<Task<string>> s_folder = new(PrepareAsync);
    private static int s_devices;
    private static int s_versions;

    /// <summary>Variables for a program that is to see the same soundcards.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync() =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ALSA_CONFIG_PATH"] = ConfigurationOf(await s_folder.Value) };

    /// <summary>Adds a soundcard; skips the test where none can be made.</summary>
    public static async Task<AlsaDevice> AddAsync(AlsaDeviceOptions? options = null)
    {
        options ??= new AlsaDeviceOptions();
        var folder = await s_folder.Value;
        var name = string.Create(CultureInfo.InvariantCulture, $"isrmic{Interlocked.Increment(ref s_devices)}");
        var device = new AlsaDevice(folder, name, options, Stopwatch.GetTimestamp());
        Define(folder, $$"""
            pcm.{{name}} {
                type isrtest
                directory "{{folder}}"
                name "{{name}}"
                rates "{{options.Rates}}"
                channels "{{options.Channels}}"
                formats "{{options.Formats}}"
                bits {{options.Bits}}
                ppm {{options.Ppm.ToString("0.0##", CultureInfo.InvariantCulture)}}
                granularity {{options.Granularity}}
                buffer_bytes "{{options.BufferBytes}}"
                epoch "{{device.Epoch}}"
                wallclock {{(options.IsWallClock ? 1 : 0)}}
                infile "{{options.InputFile}}"
                {{(options.Description is { } text ? $"hint {{ show on description \"{text}\" }}" : "")}}
            }
            """);
        return device;
    }

    /// <summary>Adds any definition in the words of asound.conf.</summary>
    public static async Task DefineAsync(string definition) => Define(await s_folder.Value, definition);

    private static void Define(string folder, string definition)
    {
        lock (s_gate)
        {
            s_definitions.AppendLine(definition);

            // libasound knows a changed file by its inode, which may be that of the last one, and its time in whole seconds.
            var path = ConfigurationOf(folder);
            File.WriteAllText(path + ".new", $$"""
                </usr/share/alsa/alsa.conf>
                pcm_type.isrtest { lib "{{folder}}/alsatest.so" }
                {{s_definitions}}
                """);
            File.SetLastWriteTimeUtc(path + ".new", DateTime.UnixEpoch.AddSeconds(++s_versions));
            File.Move(path + ".new", path, overwrite: true);
        }
    }

    private static string ConfigurationOf(string folder) => Path.Combine(folder, "asound.conf");

    private static async Task<string> PrepareAsync()
    {
        var folder = Directory.CreateTempSubdirectory("isr-alsa-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var source = Path.Combine(AppContext.BaseDirectory, "Support", "alsatest.c");
        var flags = await Processes.RunAsync("pkg-config", ["--cflags", "--libs", "alsa"]);
        Assert.SkipUnless(flags.ExitCode == 0, "no soundcard for tests can be made: libasound2-dev is missing");
        await Processes.CheckAsync(
            "gcc",
            ["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-DPIC", "-o", Path.Combine(folder, "alsatest.so"), source,
                .. flags.Text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)]);

        // .NET keeps variables of its own, which native code does not see.
        Define(folder, "");
        Assert.Equal(0, SetVariable("ALSA_CONFIG_PATH", ConfigurationOf(folder), 1));
        return folder;
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}

/// <summary>One soundcard of <see cref="AlsaRig"/>: its samples count from <see cref="Epoch"/> on, whoever listens.</summary>
internal sealed class AlsaDevice(string folder, string name, AlsaDeviceOptions options, long epoch)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The PCM's name.</summary>
    public string Pcm => name;

    /// <summary>When sample 0 began, as a timestamp.</summary>
    public long Epoch => epoch;

    /// <summary>The timestamp at which a sample of the count had been captured.</summary>
    /// <param name="sample">Its number since the epoch.</param>
    /// <param name="rate">Samples per second that it was opened with.</param>
    public long CapturedAt(long sample, int rate) =>
        epoch + (long)((sample + 1) / (rate * (1 + (options.Ppm * 1e-6))) * Stopwatch.Frequency);

    /// <summary>How it is from now on: ok, nodev, io, busy, access, suspended, silence.</summary>
    public void Set(string state)
    {
        var path = Path.Combine(folder, name + ".state");
        File.WriteAllText(path + ".new", state);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Has it do something once, and waits until it has: overrun, suspend, io, jump N. It must be open.</summary>
    public async Task DoAsync(string command)
    {
        var path = Path.Combine(folder, name + ".once");
        await File.WriteAllTextAsync(path + ".new", command, TestContext.Current.CancellationToken);
        File.Move(path + ".new", path, overwrite: true);
        await Wait.UntilAsync(() => !File.Exists(path), s_patience, $"{name} to do {command}");
    }
}
