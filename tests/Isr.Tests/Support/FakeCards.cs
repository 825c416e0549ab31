using System.Globalization;

namespace Isr.Tests.Support;

/// <summary>A device of a fake card.</summary>
/// <param name="Number">Of the device on its card.</param>
/// <param name="Name">With the escapes of <c>fakecards.c</c>.</param>
/// <param name="State">ok, playback, or the errno that opening it ends with.</param>
/// <param name="Formats">Numbers of ALSA's formats: 2 is S16_LE, 32 is S24_3LE.</param>
/// <param name="Rates">In Hz.</param>
/// <param name="Channels">Least and most.</param>
internal sealed record FakeDevice(int Number, string Name, string State = "ok", string Formats = "2", string Rates = "44100,48000", string Channels = "2-2");

/// <summary>Soundcards that are not there, for programs that are started with <see cref="Environment"/>: <c>fakecards.c</c>.</summary>
internal sealed class FakeCards : IDisposable
{
    private static readonly Lazy<Task<string>> s_library = new(CompileAsync);

    private readonly TemporaryDirectory _directory = new();
    private readonly string _library;

    private FakeCards(string library) => _library = library;

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = _library,
        ["ISR_FAKE_CARDS"] = _directory.File("cards"),
    };

    /// <summary>No card at first.</summary>
    public static async Task<FakeCards> CreateAsync()
    {
        var cards = new FakeCards(await s_library.Value);
        cards.Write("");
        return cards;
    }

    /// <summary>A card as the file describes it.</summary>
    public static string Card(int number, string id, string name, string longName, params FakeDevice[] devices) =>
        string.Create(CultureInfo.InvariantCulture, $"card|{number}|{id}|{name}|{longName}\n")
        + string.Concat(devices.Select(d => string.Create(CultureInfo.InvariantCulture, $"pcm|{d.Number}|{d.Name}|{d.State}|{d.Formats}|{d.Rates}|{d.Channels}\n")));

    /// <summary>From now on these are there, and no others.</summary>
    public void Set(params string[] cards) => Write(string.Concat(cards));

    public void Dispose() => _directory.Dispose();

    private void Write(string text)
    {
        // Whole or not at all: a program may read it just now.
        File.WriteAllText(_directory.File("next"), text);
        File.Move(_directory.File("next"), _directory.File("cards"), overwrite: true);
    }

    private static async Task<string> CompileAsync()
    {
        var library = Path.Combine(Directory.CreateTempSubdirectory("isr-fakecards-").FullName, "fakecards.so");
        var source = Path.Combine(AppContext.BaseDirectory, "Support", "fakecards.c");
        await Processes.CheckAsync("gcc", ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library, source, "-ldl", "-lpthread"]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(library)!, recursive: true);
        return library;
    }
}
