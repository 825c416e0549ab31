using System.Text.RegularExpressions;
using Isr.Recording.Journal;
using Isr.Recording.Status;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The built program as a process of its own, in a folder of its own.</summary>
internal sealed partial class IsrProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Processes _process;
    private readonly TemporaryDirectory _directory;

    private IsrProcess(Processes process, TemporaryDirectory directory) => (_process, _directory) = (process, directory);

    /// <summary>Beside the tests, built in the same configuration.</summary>
    private static string Executable { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Isr", Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), "isr"));

    public string Folder => _directory.File("recordings");

    public string Output => _process.Text + _process.Errors;

    public IReadOnlyList<JournalEntry> Journal => [.. JournalReader.Days(Path.Combine(Folder, ".isr")).SelectMany(JournalReader.Read)];

    public RecorderStatus Status => RecorderStatus.Read(Folder, TimeProvider.System);

    /// <param name="directory">Working directory.</param>
    /// <param name="arguments">Separated by spaces.</param>
    /// <param name="environment">Variables on top of this process's.</param>
    public static IsrProcess Start(TemporaryDirectory directory, string arguments, params (string Name, string Value)[] environment) => new(
        Processes.Start(
            Executable,
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            directory.Path,
            environment: environment.ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal)),
        directory);

    /// <summary>Runs it to its end.</summary>
    public static async Task<ProcessResult> RunAsync(TemporaryDirectory directory, string arguments)
    {
        await using var process = Start(directory, arguments);
        return await process.WaitAsync();
    }

    public Task<ProcessResult> WaitAsync() => _process.WaitAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience, TestContext.Current.CancellationToken);

    public void Signal(Signal signal) => _process.Signal(signal);

    /// <summary>Where the page is, once it says so.</summary>
    public async Task<Uri> PageAsync()
    {
        await Wait.UntilAsync(() => PageLine().IsMatch(Output), s_patience, () => $"no page: {Output}");
        return new Uri(PageLine().Match(Output).Groups["url"].Value);
    }

    /// <summary>Waits until it writes a file, and more than so many bytes of it.</summary>
    public async Task<string> RecordingAsync(long bytes = 20_000)
    {
        string? file = null;
        await Wait.UntilAsync(
            () => Status.Active is [var first, ..] && (file = first) is not null && new FileInfo(Path.Combine(Folder, file)) is { Exists: true } info && info.Length > bytes,
            s_patience,
            () => $"nothing is recorded: {Output}");
        return file!;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"The page is at (?<url>http://\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PageLine();
}
