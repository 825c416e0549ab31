using Isr.Commands;
using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Tests.Support;
using Isr.Web;
using Microsoft.Extensions.Hosting;

namespace Isr.Tests.EndToEnd;

/// <summary>A folder with a configuration, where the whole program can run.</summary>
internal sealed class ProgramFolder : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public string Path => _directory.Path;

    public string Config => _directory.File("config.ini");

    public string Recordings => _directory.File("recordings");

    public string StateDirectory => _directory.File("recordings", ".isr");

    public string File(params ReadOnlySpan<string> names) => _directory.File(names);

    /// <summary>Writes a configuration of streams, each in a folder of its own name.</summary>
    public void Configure(double splitMinutes, params (string Name, Uri Url)[] sources)
    {
        var text = FormattableString.Invariant($"[general]\noutput_directory = {Recordings}\nsplit_minutes = {splitMinutes}\nretry_delay_seconds = 1\n")
            + string.Concat(sources.Select(s => $"[{s.Name}]\ntype = stream\nurl = {s.Url}\noutput_directory = {System.IO.Path.Combine(Recordings, s.Name)}\n"));
        System.IO.File.WriteAllText(Config, text);
    }

    /// <summary>The program in this process, on a free port.</summary>
    public IHost Build(RunParts parts)
    {
        var result = ConfigurationLoader.Load(Config, Path);
        Assert.True(result.Settings is not null, string.Join('\n', result.Mistakes));
        return RunCommand.Build(result.Settings, new WebOptions { Port = 0 }, parts, log: null);
    }

    /// <summary>Everything that the journal holds so far.</summary>
    public List<JournalEntry> Journal() => [.. JournalReader.Days(StateDirectory).SelectMany(JournalReader.Read)];

    public List<T> Entries<T>()
        where T : JournalEntry => [.. Journal().OfType<T>()];

    /// <summary>All recordings, in the order of their names.</summary>
    public List<string> Files() => Directory.Exists(Recordings)
        ? [.. Directory.EnumerateFiles(Recordings, "*", SearchOption.AllDirectories)
            .Where(f => System.IO.Path.GetExtension(f) is ".mp3" or ".aac" or ".ogg" or ".opus" or ".flac" or ".wav")
            .Order(StringComparer.Ordinal)]
        : [];

    public void Dispose() => _directory.Dispose();
}
