using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Disk;

/// <summary>
/// A file system that fails on command: <c>faultdisk.c</c>, compiled once per run and mounted for one test. It unmounts
/// itself when this process ends, however it does.
/// </summary>
internal sealed class FaultDisk : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly Lazy<Task<string>> s_program = new(CompileAsync);

    private readonly Processes _process;
    private int _commands;
    private bool _isDisposed;

    private FaultDisk(Processes process, string path, string backing) => (_process, Path, Backing) = (process, path, backing);

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>The folder behind it: what is durable, where the disk is volatile.</summary>
    public string Backing { get; }

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? WhyNot =>
        !File.Exists("/dev/fuse") ? "there is no /dev/fuse here"
        : !Environment.IsPrivilegedProcess && !IsOnPath("fusermount3") ? "fusermount3 is missing (package fuse3)"
        : !IsOnPath("gcc") || !IsOnPath("pkg-config") ? "gcc or pkg-config is missing"
        : null;

    /// <summary>Mounts one in a folder that a test owns; skips the test where FUSE is absent.</summary>
    /// <param name="path">A new folder, the mount point; what is behind it lies beside it.</param>
    /// <param name="isVolatile">Whether what was not synced is lost when the power fails.</param>
    public static async Task<FaultDisk> MountAsync(string path, bool isVolatile = false)
    {
        Assert.SkipWhen(WhyNot is not null, $"no file system that fails can be mounted: {WhyNot}");
        var backing = path + ".backing";
        Directory.CreateDirectory(path);
        Directory.CreateDirectory(backing);
        string[] words = [backing, path];
        var process = Processes.Start(await s_program.Value, isVolatile ? [.. words, "volatile"] : words);
        await Wait.UntilAsync(
            () => process.Text.Contains("mounted", StringComparison.Ordinal) || process.HasExited, s_patience, () => $"{path} is not mounted: {process.Errors}");
        if (process.HasExited)
        {
            await process.DisposeAsync();
            Assert.Skip($"no file system that fails can be mounted: {process.Errors.Trim()}");
        }

        return new FaultDisk(process, path, backing);
    }

    /// <summary>Has it behave so from now on; the words are in <c>faultdisk.c</c>.</summary>
    public async Task SetAsync(string command)
    {
        _commands++;
        await _process.Input.WriteAsync(System.Text.Encoding.ASCII.GetBytes(command + "\n"), TestContext.Current.CancellationToken);
        await _process.Input.FlushAsync(TestContext.Current.CancellationToken);
        await Wait.UntilAsync(
            () => _process.Text.Split("done ").Length > _commands, s_patience, () => $"the disk did not obey {command}: {_process.Text} {_process.Errors}");
    }

    /// <summary>Takes it off; may be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;

        // Slow operations end first; then it unmounts itself. Where something still holds it, the mount is taken away.
        try
        {
            await _process.Input.WriteAsync("ok\n"u8.ToArray(), CancellationToken.None);
            _process.Input.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await Processes.RunAsync("umount", ["-l", Path]);
        }

        await _process.DisposeAsync();
    }

    private static async Task<string> CompileAsync()
    {
        var program = System.IO.Path.Combine(Directory.CreateTempSubdirectory("isr-faultdisk-").FullName, "faultdisk");
        var source = System.IO.Path.Combine(AppContext.BaseDirectory, "Disk", "faultdisk.c");
        var flags = await Processes.RunAsync("pkg-config", ["--cflags", "--libs", "fuse3"]);
        Assert.SkipUnless(flags.ExitCode == 0, "no file system that fails can be mounted: libfuse3-dev is missing");
        await Processes.CheckAsync(
            "gcc", ["-O1", "-Wall", "-Wextra", "-Werror", "-o", program, source, .. flags.Text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries), "-lpthread"]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(System.IO.Path.GetDirectoryName(program)!, recursive: true);
        return program;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(System.IO.Path.Combine(folder, program)));
}
