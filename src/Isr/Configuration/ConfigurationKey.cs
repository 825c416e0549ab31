using System.Globalization;
using System.Net;
using Isr.Naming;

namespace Isr.Configuration;

/// <summary>Where a key has an effect.</summary>
internal enum KeyScope
{
    EverySource,
    Stream,
    Soundcard,
    GeneralOnly,
}

/// <summary>What a key that both types have is to a soundcard; as in <see cref="ConfigurationKey"/>.</summary>
internal sealed record SoundcardKey(string Default, string Meaning, string Range);

/// <summary>A key of the configuration: how its value is read, and what there is to know of it.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Scope">Where it has an effect.</param>
/// <param name="MayBeEmpty">Whether no value is a value.</param>
/// <param name="Read">Takes the value over; null, or a sentence about what is wrong with it.</param>
internal sealed partial record ConfigurationKey(
    string Name, KeyScope Scope, bool MayBeEmpty, Func<string, SectionValues, string?> Read)
{
    public const string Type = "type";
    public const string Url = "url";
    public const string Format = "format";
    public const string Channel = "channel";
    public const string Channels = "channels";
    public const string OutputDirectory = "output_directory";
    public const string FallbackDirectory = "fallback_directory";
    public const string StateDirectory = "state_directory";
    public const string MaxRetries = "max_retries";
    public const string WebhookSecretFile = "webhook_secret_file";
    public const string HeartbeatUrl = "heartbeat_url";

    private const int MaxShown = 40;

    private static readonly string[] TypeWords = ["stream", "soundcard"];
    private static readonly string[] StreamFormats = ["auto", "mp3", "ogg", "aac", "flac", "opus"];
    private static readonly string[] SoundcardFormats = ["wav", "flac"];
    private static readonly string[] AllFormats = [.. StreamFormats, "wav"];
    private static readonly string[] LogFormats = ["text", "json"];
    private static readonly string[] LogLevels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

    /// <summary>As it would stand in the file: empty is none, null that there is none and it must be given.</summary>
    public required string? Default { get; init; }

    /// <summary>Whole sentences, with units; plain text, which config.example.ini and docs/configuration.md both show.</summary>
    public required string Meaning { get; init; }

    /// <summary>What a value may be, without a full stop: "0.1 to 1440". Null where <see cref="Meaning"/> says it.</summary>
    public string? Range { get; init; }

    /// <summary>A value worth showing beside the default.</summary>
    public string? Example { get; init; }

    /// <summary>A value that is refused: the docs show what is said of it.</summary>
    public string? Wrong { get; init; }

    /// <summary>What differs for a soundcard, where the key means something to both types.</summary>
    public SoundcardKey? ForSoundcard { get; init; }

    /// <summary>Whether a source without the key takes what [general] says.</summary>
    public bool IsInherited { get; init; } = true;

    /// <summary>What of a right value may be shown, where it can hold a secret.</summary>
    public Func<string, string>? Redact { get; init; }

    public static ConfigurationKey? Find(string name) =>
        All.FirstOrDefault(k => string.Equals(k.Name, name, StringComparison.Ordinal));

    /// <summary>Whether a format that is inherited means anything to a source of this type.</summary>
    public static bool IsFormatOf(SourceType type, SourceFormat format) =>
        type == SourceType.Stream
            ? format != SourceFormat.Wav
            : format is SourceFormat.Wav or SourceFormat.Flac;

    /// <summary>Whether it has an effect in a source of this type.</summary>
    public bool IsOf(SourceType type) => Scope switch
    {
        KeyScope.EverySource => true,
        KeyScope.Stream => type == SourceType.Stream,
        KeyScope.Soundcard => type == SourceType.Soundcard,
        _ => false,
    };

    private static string? Accept(string _) => null;

    private static string? ReadType(string text, SectionValues into)
    {
        if (FindWord(text, TypeWords) is not { } word)
        {
            return WrongWord(text, TypeWords);
        }

        into.Type = word == 0 ? SourceType.Stream : SourceType.Soundcard;
        return null;
    }

    private static string? ReadFormat(string text, SectionValues into)
    {
        var words = into.Type switch
        {
            SourceType.Stream => StreamFormats,
            SourceType.Soundcard => SoundcardFormats,
            _ => AllFormats,
        };
        if (FindWord(text, words) is null)
        {
            return WrongWord(text, words);
        }

        into.Format = (SourceFormat)FindWord(text, AllFormats)!.Value;
        return null;
    }

    private static string? ReadHosts(string text, SectionValues into)
    {
        var hosts = Words(text);
        if (hosts.FirstOrDefault(host => Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.Basic) is { } wrong)
        {
            return $"{Shown(wrong)} is no host name: give names such as radio.example, without http:// and without a port";
        }

        into.Hosts = hosts;
        return null;
    }

    private static string? ReadProxies(string text, SectionValues into)
    {
        var networks = new List<IPNetwork>();
        foreach (var word in Words(text))
        {
            if (IPAddress.TryParse(word, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(word, out var network))
            {
                networks.Add(network);
            }
            else
            {
                return $"{Shown(word)} is no address: give addresses such as 192.168.1.2, or networks such as 10.0.0.0/8";
            }
        }

        into.TrustedProxies = networks.Count == 0 ? Array.Empty<IPNetwork>() : [.. networks];
        return null;
    }

    private static string? ReadBasePath(string text, SectionValues into)
    {
        var path = text.TrimEnd('/');
        if (path.Length > 0 && (path[0] != '/' || path[1..].Split('/').Any(part => part is "" or "." or ".." || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~'))))
        {
            return $"{Shown(text)} is no path that the page can be below: give one such as /isr";
        }

        into.BasePath = path;
        return null;
    }

    private static string RedactUrls(string text) => string.Join(' ', Words(text).Select(word => SourceSettings.RedactedUrl(new Uri(word))));

    private static string RedactHooks(string text) => string.Join(' ', Words(text).Select(word => AlarmSettings.ShownUrl(new Uri(word))));

    private static string[] Words(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static string? ReadLogLevel(string text, SectionValues into)
    {
        if (FindWord(text, LogLevels) is not { } word)
        {
            return WrongWord(text, LogLevels);
        }

        into.LogLevel = LogLevel.Debug + word;
        return null;
    }

    private static string? ReadLogFormat(string text, SectionValues into)
    {
        if (FindWord(text, LogFormats) is not { } word)
        {
            return WrongWord(text, LogFormats);
        }

        into.LogFormat = (LogFormat)word;
        return null;
    }

    private static string? ReadUrls(string text, SectionValues into) => ReadUrls(text, urls => into.Urls = urls);

    private static string? ReadHeartbeat(string text, SectionValues into)
    {
        IReadOnlyList<Uri> urls = [];
        if (ReadUrls(text, read => urls = read) is { } mistake)
        {
            return mistake;
        }

        into.Heartbeats = urls;
        return urls.Count > 1 ? "takes one address" : null;
    }

    private static string? ReadUrls(string text, Action<IReadOnlyList<Uri>> accept)
    {
        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var urls = new List<Uri>();
        foreach (var word in words)
        {
            // The text itself stays unsaid: it may hold a password.
            var which = words.Length == 1 ? "" : $"address {urls.Count + 1} of {words.Length}: ";
            var isHttp = word.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                || word.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
            if (!isHttp)
            {
                return which + "an address must begin with http:// or https://";
            }

            if (!Uri.TryCreate(word, UriKind.Absolute, out var url) || url.Host.Length == 0)
            {
                return which + "not a valid address";
            }

            urls.Add(url);
        }

        accept(urls);
        return null;
    }

    private static string? ReadUsername(string text, SectionValues into)
    {
        // RFC 7617, section 2: the first colon ends the name.
        if (text.Contains(':'))
        {
            return "must not contain a colon: Basic authentication cannot send it";
        }

        into.Username = text;
        return null;
    }

    private static string? ReadSplitMinutes(string text, SectionValues into)
    {
        if (!TryNumber(text, out var minutes))
        {
            return WrongNumber(text);
        }

        if (minutes is < 0.1m or > 1440m)
        {
            return $"{Shown(text)} is out of range: 0.1 to 1440";
        }

        into.SplitInterval = Ticks(minutes * TimeSpan.TicksPerMinute);
        return null;
    }

    private static string? ReadRetryDelay(string text, SectionValues into)
    {
        if (!TryNumber(text, out var seconds))
        {
            return WrongNumber(text);
        }

        if (seconds is <= 0 or > 3600m || Ticks(seconds * TimeSpan.TicksPerSecond) <= TimeSpan.Zero)
        {
            return $"{Shown(text)} is out of range: more than 0, at most 3600";
        }

        into.RetryDelay = Ticks(seconds * TimeSpan.TicksPerSecond);
        return null;
    }

    private static string? ReadKept(string text, int most, Action<decimal> accept)
    {
        var value = 0m;
        if (text.Length > 0 && !TryNumber(text, out value))
        {
            return WrongNumber(text);
        }

        // Below a minute or a kilobyte nobody means it.
        if (text.Length > 0 && (value < 0.001m || value > most))
        {
            return $"{Shown(text)} is out of range: 0.001 to {most}, or empty for no limit";
        }

        accept(value);
        return null;
    }

    /// <summary>Empty is 0: no alarm.</summary>
    private static string? ReadAlarm(string text, decimal least, decimal most, Action<decimal> accept)
    {
        var value = 0m;
        if (text.Length > 0 && !TryNumber(text, out value))
        {
            return WrongNumber(text);
        }

        if (text.Length > 0 && (value < least || value > most))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Shown(text)} is out of range: {least} to {most}{(least > 0 ? ", or empty for no alarm" : "")}");
        }

        accept(value);
        return null;
    }

    private static string? ReadPattern(string text, SectionValues into)
    {
        if (!FileNamePattern.TryParse(text, out var pattern, out var mistake))
        {
            return mistake;
        }

        into.FilenamePattern = pattern;
        return null;
    }

    private static string? ReadBits(string text, SectionValues into)
    {
        if (!TryNumber(text, out var bits) || bits is not (16m or 24m))
        {
            return $"{Shown(text)} is neither 16 nor 24";
        }

        into.Bits = (int)bits;
        return null;
    }

    private static string? ReadChannel(string text, SectionValues into)
    {
        if (text.Length == 0)
        {
            into.Channel = 0;
            return null;
        }

        return ReadWhole(text, 1, 32, value => into.Channel = value);
    }

    private static string? ReadWhole(string text, int least, int most, Action<int> accept)
    {
        if (!TryNumber(text, out var value))
        {
            return WrongNumber(text);
        }

        if (value != decimal.Truncate(value))
        {
            return $"{Shown(text)} is not a whole number";
        }

        if (value < least || value > most)
        {
            return most == int.MaxValue
                ? $"{Shown(text)} is out of range: at least {least}"
                : $"{Shown(text)} is out of range: {least} to {most}";
        }

        accept((int)value);
        return null;
    }

    private static bool TryNumber(string text, out decimal value) => decimal.TryParse(
        text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static TimeSpan Ticks(decimal ticks) => TimeSpan.FromTicks((long)decimal.Round(ticks));

    private static string WrongNumber(string text) =>
        text.Length <= MaxShown && TryNumber(text.Replace(',', '.'), out _)
            ? $"{Shown(text)} is not a number; did you mean {text.Replace(',', '.')}?"
            : $"{Shown(text)} is not a number";

    private static int? FindWord(string text, string[] words)
    {
        var index = Array.FindIndex(words, w => string.Equals(w, text, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index;
    }

    private static string WrongWord(string text, string[] words)
    {
        var isUpper = char.IsAsciiLetterUpper(words[0][0]);
        var nearest = NearestWord.Find(isUpper ? text.ToUpperInvariant() : text.ToLowerInvariant(), words);
        return nearest is null
            ? $"{Shown(text)} is none of {string.Join(", ", words)}"
            : $"{Shown(text)} is none of {string.Join(", ", words)}; did you mean {nearest}?";
    }

    /// <summary>Short, and on one line: a tab is the only control character that a value may hold.</summary>
    private static string Shown(string text) =>
        $"\"{(text.Length <= MaxShown ? text : text[..(MaxShown - 1)] + "…").Replace('\t', ' ')}\"";
}
