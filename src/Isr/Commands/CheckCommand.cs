using System.CommandLine;
using Isr.Alarms;
using Isr.Alarms.Webhooks;
using Isr.Configuration;
using Isr.Sources;
using Isr.Sources.Http;

namespace Isr.Commands;

/// <summary>`check`: says what is wrong with the configuration, what it comes to (--print) and, with --probe, connects to every source once.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Check the configuration; with --probe, connect to every source once.");
        var config = new Option<string>("--config") { Description = "The configuration.", DefaultValueFactory = _ => "config.ini", HelpName = "FILE" };
        var probe = new Option<bool>("--probe") { Description = "Connect to every source and say what it sends." };
        var print = new Option<bool>("--print") { Description = "Print every setting in effect, and where it comes from. Passwords are not shown." };
        var example = new Option<bool>("--example") { Description = "Print a configuration to begin with, which describes every key, and check nothing." };
        command.Add(config);
        command.Add(probe);
        command.Add(print);
        command.Add(example);
        command.SetAction((result, cancellationToken) =>
        {
            if (!result.GetValue(example))
            {
                return RunAsync(result.GetValue(config)!, result.GetValue(print), result.GetValue(probe), cancellationToken);
            }

            Console.Write(ConfigurationExample.Write());
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static async Task<int> RunAsync(string path, bool print, bool probe, CancellationToken cancellationToken)
    {
        var result = ConfigurationLoader.Load(path, Environment.CurrentDirectory);
        foreach (var line in result.Mistakes.Concat(result.Warnings))
        {
            Console.WriteLine(line);
        }

        if (result.Settings is not { } settings)
        {
            Console.WriteLine(result.Mistakes.Count == 1 ? "1 mistake." : $"{result.Mistakes.Count} mistakes.");
            return ExitCode.Wrong;
        }

        Console.WriteLine($"{path}: {settings.Sources.Count} {(settings.Sources.Count == 1 ? "source" : "sources")}, no mistake. Recordings go to {settings.General.OutputDirectory}.");
        if (WebhookSecret.Of(settings.General.Alarms).Mistake is { } mistake)
        {
            Console.WriteLine(mistake);
            return ExitCode.Failed;
        }

        foreach (var line in AlarmText.Of(settings))
        {
            Console.WriteLine(line);
        }

        if (print)
        {
            Print(result.Document!, settings);
        }

        return !probe || await ProbeAsync(settings, cancellationToken) ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(IniDocument document, Settings settings) => TextTable.Write(
        Console.Out,
        ["section", "key", "value", "from"],
        ConfigurationInEffect.Of(document, settings).Select(v => new[] { $"[{v.Section}]", v.Key, v.Value, v.From }));

    private static async Task<bool> ProbeAsync(Settings settings, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        using var client = new StreamClient(time);
        using var watch = new ConnectionWatch(time);
        await watch.StartAsync(cancellationToken);
        using var loggers = LoggerFactory.Create(_ => { });
        var factory = new SourceFactory(client, watch, time, loggers);

        var count = settings.Sources.Count;
        Console.WriteLine($"Listening to {count} {(count == 1 ? "source" : "sources")} for up to {SourceProbe.Listen.TotalSeconds:0} s …");
        var findings = await Task.WhenAll(settings.Sources.Select(source =>
        {
            var monitor = new SourceMonitor(source.Name, source.Type.ToString().ToLowerInvariant(), time);
            return SourceProbe.RunAsync(source.Name, factory.Create(source, monitor), time, cancellationToken);
        }));
        await watch.StopAsync(CancellationToken.None);

        TextTable.Write(
            Console.Out,
            ["source", "format", "name", "burst", "state"],
            findings.Select(f => new[] { f.Source, f.Format, f.StreamName, f.Burst, f.State }));
        return findings.All(f => f.IsGood);
    }
}
