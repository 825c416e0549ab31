using Isr.Commands;
using Isr.Configuration;
using Isr.Logging;
using Isr.Recording.Journal;
using Isr.Recording.Status;
using Isr.Sources;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Isr.Tests.EndToEnd;

/// <summary>The whole program in this process, its page on a free port, and what it leaves behind.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly IHost _host;
    private readonly string _log;
    private bool _isStopped;

    private RunningProgram(IHost host, string folder, string log) => (_host, Folder, _log) = (host, folder, log);

    public string Folder { get; }

    public Uri Page => new((_host as WebApplication)!.Urls.Single());

    public HttpClient Http { get; } = new();

    public T Service<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>The log file so far.</summary>
    public IReadOnlyList<string> Log => File.Exists(_log) ? ReadShared(_log).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>Everything in the journal, in order.</summary>
    public IReadOnlyList<JournalEntry> Journal => [.. JournalReader.Days(Path.Combine(Folder, ".isr")).SelectMany(JournalReader.Read)];

    public RecorderStatus Status => RecorderStatus.Read(Folder, TimeProvider.System);

    public static async Task<RunningProgram> StartAsync(TemporaryDirectory directory, RunParts parts, params SourceSettings[] sources)
    {
        var log = directory.File("log", $"{Path.GetRandomFileName()}.log");
        var settings = Settings.ForFolder(directory.File("rec")) with { Sources = sources };
        var host = RunCommand.Build(settings, new WebOptions { Port = 0 }, parts, new LogFile(log));
        var program = new RunningProgram(host, settings.General.OutputDirectory, log);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return program;
    }

    /// <summary>The files of a source in the order in which they were opened, as the journal has them.</summary>
    public IReadOnlyList<FileOpened> FilesOf(string source) => [.. Journal.OfType<FileOpened>().Where(f => f.Source == source)];

    public SourceStatus? StatusOf(string source) => Status.Sources?.FirstOrDefault(s => s.Name == source);

    public string PathOf(FileOpened file) => Path.Combine(Folder, file.File);

    public Task WaitForAsync(string source, Func<SourceStatus, bool> condition) => Wait.UntilAsync(
        () => StatusOf(source) is { } status && condition(status), s_patience, () => $"{source} is {StatusOf(source)}");

    public Task WaitForJournalAsync(Func<IReadOnlyList<JournalEntry>, bool> condition) => Wait.UntilAsync(
        () => condition(Journal), s_patience, () => string.Join('\n', Journal));

    public async Task StopAsync()
    {
        if (!_isStopped)
        {
            _isStopped = true;
            await _host.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
        Http.Dispose();
    }

    private static string ReadShared(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return file.ReadToEnd();
    }
}
