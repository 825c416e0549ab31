using System.CommandLine;
using Isr.Access;
using Isr.Access.SignIn;
using Isr.Alarms;
using Isr.Alarms.Health;
using Isr.Alarms.Webhooks;
using Isr.Analysis;
using Isr.Catalog;
using Isr.Catalog.Interop;
using Isr.Catalog.Keeping;
using Isr.Catalog.Retention;
using Isr.Commands.Notify;
using Isr.Configuration;
using Isr.Instruments;
using Isr.Logging;
using Isr.Playback;
using Isr.Playback.Cutting;
using Isr.Playback.Zip;
using Isr.Playback.Live;
using Isr.Playback.Samples;
using Isr.Recording;
using Isr.Sources;
using Isr.Web;
using Isr.Web.Health;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Commands;

[Flags]
internal enum RunParts
{
    Recorder = 1,
    Page = 2,
    All = Recorder | Page,
}

/// <summary>`run`, `record` and `web`: the same program with or without one of its halves.</summary>
internal static class RunCommand
{
    public static Command Create(string name, string description, RunParts parts)
    {
        var command = new Command(name, description);
        var options = new CommonOptions();
        options.AddTo(command, parts.HasFlag(RunParts.Page));
        var listDevices = parts.HasFlag(RunParts.Recorder) ? DevicesCommand.AddOption(command) : null;
        command.SetAction((result, cancellationToken) => listDevices is not null && result.GetValue(listDevices)
            ? Task.FromResult(DevicesCommand.Run(json: false))
            : RunAsync(options.Read(result), parts, cancellationToken));
        return command;
    }

    public static async Task<int> RunAsync(RunOptions options, RunParts parts, CancellationToken cancellationToken)
    {
        foreach (var mistake in options.Mistakes)
        {
            await Console.Error.WriteLineAsync(mistake);
        }

        if (options.Mistakes.Count > 0 || LoadSettings(options, parts) is not { } settings)
        {
            return ExitCode.Wrong;
        }

        if (parts.HasFlag(RunParts.Page) && WhyNotSafe(settings, options.Web) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCode.Wrong;
        }

        return await HostAsync(settings, options.Web, parts, announce: null, cancellationToken);
    }

    /// <summary>Runs until it is told to stop.</summary>
    public static async Task<int> HostAsync(Settings settings, WebOptions web, RunParts parts, Action<Uri?>? announce, CancellationToken cancellationToken)
    {
        if (parts.HasFlag(RunParts.Page) && web.WhyNotServed() is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCode.Failed;
        }

        if (parts.HasFlag(RunParts.Page) && !SystemSqlite.IsThere)
        {
            await Console.Error.WriteLineAsync(SystemSqlite.Sentence);
            return ExitCode.Failed;
        }

        StateLock? stateLock = null;
        if (parts.HasFlag(RunParts.Recorder))
        {
            (stateLock, var sentence) = await StateLock.TakeAsync(settings.General.StateDirectory, TimeProvider.System, cancellationToken);
            if (stateLock is null)
            {
                await Console.Error.WriteLineAsync(sentence);
                return ExitCode.Failed;
            }
        }

        using (stateLock)
        {
            if (parts.HasFlag(RunParts.Recorder) && WebhookSecret.Of(settings.General.Alarms).Mistake is { } mistake)
            {
                await Console.Error.WriteLineAsync(mistake);
                return ExitCode.Failed;
            }

            // The page alone may stand beside a recorder with the same configuration, whose log file it is.
            var log = parts.HasFlag(RunParts.Recorder) ? OpenLog(settings.General) : null;
            using var host = Build(settings, web, parts, log);
            return await RunAsync(host, web, announce, cancellationToken);
        }
    }

    /// <summary>The program put together, not yet started; the table of contents of what runs.</summary>
    public static IHost Build(Settings settings, WebOptions web, RunParts parts, LogFile? log) =>
        parts.HasFlag(RunParts.Page) ? BuildWithPage(settings, web, parts, log) : BuildRecorder(settings, log);

    private static IHost BuildRecorder(Settings settings, LogFile? log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        AddCommon(builder, settings, log);
        builder.AddSources();
        builder.AddRecording(settings);
        builder.AddAnalysis(AnalysisOf(settings));
        builder.AddAnalysisOfRecorder();
        builder.AddKeeping(settings, isRecorder: true);
        builder.AddRetention(settings, isRecorder: true);
        builder.AddHealthWatch(HealthOf(settings));
        builder.AddAlarms(settings);
        builder.AddNotify(NotifyOptions.Take());
        return builder.Build();
    }

    private static WebApplication BuildWithPage(Settings settings, WebOptions web, RunParts parts, LogFile? log)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // The page is found by this name, whatever program this part runs in.
            ApplicationName = typeof(RunCommand).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddCommon(builder, settings, log);
        if (parts.HasFlag(RunParts.Recorder))
        {
            builder.AddSources();
            builder.AddRecording(settings);
            builder.AddAnalysisOfRecorder();
        }

        builder.AddAnalysis(AnalysisOf(settings));

        builder.AddCatalog(new CatalogOptions(settings.General.OutputDirectory, settings.General.StateDirectory, settings.FilenamePatterns)
        {
            // As `run` it holds the state directory's lock.
            OwnsState = parts.HasFlag(RunParts.Recorder),
            Detection = web.Detection,
        });
        builder.AddAccess(AccessOf(settings, web));
        builder.AddLive(new LiveOptions([.. settings.Sources.Select(s => s.Name)], IsRecordedHere: parts.HasFlag(RunParts.Recorder)));
        builder.AddHealth(HealthOf(settings) with { IsRecordedHere = parts.HasFlag(RunParts.Recorder) });
        builder.AddSamples();
        builder.AddCuts();
        builder.AddZips();
        builder.AddKeeping(settings, parts.HasFlag(RunParts.Recorder));
        builder.AddRetention(settings, parts.HasFlag(RunParts.Recorder));
        builder.AddAlarmList();
        if (parts.HasFlag(RunParts.Recorder))
        {
            builder.AddAlarms(settings);
        }

        builder.AddWeb(web);
        builder.AddNotify(NotifyOptions.Take());

        var app = builder.Build();
        app.UseWeb();
        app.MapCatalog();
        app.MapAlarms();
        app.MapPlayback();
        app.MapLive();
        app.MapHealth();
        return app;
    }

    /// <summary>Why the page is not served so that others might come in, as a sentence; null when they may not or it is wanted.</summary>
    private static string? WhyNotSafe(Settings settings, WebOptions web)
    {
        if (web.NoAuth)
        {
            return null;
        }

        var passwords = new PasswordStore(AccessOf(settings, web), NullLogger<PasswordStore>.Instance);
        return passwords.Mistake() is { } mistake ? mistake
            : web.IsLoopback || passwords.Of(Role.Manage) is not null ? null
            : $"--host {web.Host} lets other computers in, and there is no password yet: set one with `isr password`, or add --no-auth if everybody who can reach this port may hear, see and delete everything.";
    }

    public static AccessOptions AccessOf(Settings settings, WebOptions web) => new(settings.General.StateDirectory)
    {
        IsOpen = web.NoAuth,
        Hosts = settings.General.Hosts,
        TrustedProxies = settings.General.TrustedProxies,
        BasePath = settings.General.BasePath,
    };

    private static HealthOptions HealthOf(Settings settings) => new([.. settings.Sources.Select(s => s.OutputDirectory)], settings.Sources.Count);

    private static AnalysisOptions AnalysisOf(Settings settings) => new(settings.General.OutputDirectory, settings.General.LevelDirectory);

    private static void AddCommon(IHostApplicationBuilder builder, Settings settings, LogFile? log)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(9));
        builder.Services.AddTime();
        builder.AddDiary(settings.General, log);
        builder.AddInstruments();
        builder.AddOtlp(settings.Sources.Count);
    }

    private static async Task<int> RunAsync(IHost host, WebOptions web, Action<Uri?>? announce, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            // Taken since it was tried; the recorder has begun already.
            await host.StopAsync(CancellationToken.None);
            await Console.Error.WriteLineAsync(web.Taken());
            return ExitCode.Failed;
        }

        var address = AddressOf(host);
        if (announce is not null)
        {
            announce(address);
        }
        else if (address is not null)
        {
            Console.WriteLine($"The page is at {address}");
        }

        await host.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>Where a browser on this computer finds the page; null when there is none.</summary>
    private static Uri? AddressOf(IHost host) => (host as WebApplication)?.Urls.FirstOrDefault() is { } url
        ? new Uri(url.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal))
        : null;

    /// <summary>The configuration, or null when it is wrong and that has been said.</summary>
    public static Settings? LoadSettings(RunOptions options, RunParts parts)
    {
        // The page alone needs no sources: a folder is enough.
        if (parts == RunParts.Page && !options.IsConfigGiven && !File.Exists(options.ConfigPath))
        {
            return Settings.ForFolder(Path.GetFullPath(options.Folder ?? "recordings"));
        }

        var result = ConfigurationLoader.Load(options.ConfigPath, Environment.CurrentDirectory);
        foreach (var line in result.Mistakes.Concat(result.Warnings))
        {
            Console.Error.WriteLine(line);
        }

        var settings = options.Folder is null ? result.Settings : result.Settings?.MovedTo(Path.GetFullPath(options.Folder));
        return options.LevelDirectory is { Length: > 0 } levels && settings is not null
            ? settings with { General = settings.General with { LevelDirectory = Path.GetFullPath(levels) } }
            : settings;
    }

    /// <summary>Null where there is none, or none can be had, as on a root file system that is read-only: a diary is no reason not to record.</summary>
    private static LogFile? OpenLog(GeneralSettings general)
    {
        if (general.LogFile is null)
        {
            return null;
        }

        try
        {
            return new LogFile(general.LogFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The log file {general.LogFile} cannot be opened: {e.Message} What happens is told here alone. Set log_file to another path, or leave it empty.");
            return null;
        }
    }
}
