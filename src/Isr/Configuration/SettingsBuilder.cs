using Isr.Naming;

namespace Isr.Configuration;

/// <summary>Turns sections into settings: reads values, lets sources inherit, and checks what belongs together.</summary>
internal sealed class SettingsBuilder(string file, string workingDirectory)
{
    private const int MaxShown = 60;
    private const int MaxFlacChannels = 8;

    private readonly List<ConfigurationMistake> _mistakes = [];
    private readonly List<ConfigurationMistake> _warnings = [];
    private IniSection? _generalSection;
    private SectionValues _general = new();

    public ConfigurationResult Build(IniDocument document)
    {
        foreach (var mistake in document.Mistakes)
        {
            Mistake(mistake.Line, mistake.Section, mistake.Key, mistake.Message);
        }

        _generalSection = document.Sections.FirstOrDefault(s => s.IsGeneral && s.IsReadable);
        if (_generalSection is not null)
        {
            _general = ReadSection(_generalSection);
        }

        var general = General();
        var sections = document.Sections.Where(s => !s.IsGeneral || !s.IsReadable).ToList();
        var sources = sections.Select(s => ReadSource(s, general)).OfType<SourceSettings>().ToList();

        // A file whose lines could not be read may well hold a source.
        if (sections.Count == 0 && document.Mistakes.Count == 0)
        {
            Mistake(
                0, null, null, "no source: add a section such as [radio] with the lines type = stream and url = http://…");
        }

        WarnOfSharedNames(sources);
        var settings = _mistakes.Count == 0 ? new Settings(general, sources) : null;
        return new ConfigurationResult(settings, InLineOrder(_mistakes), InLineOrder(_warnings));
    }

    private static List<ConfigurationMistake> InLineOrder(List<ConfigurationMistake> list) =>
        [.. list.Distinct().OrderBy(m => m.Line == 0 ? int.MaxValue : m.Line)];

    private GeneralSettings General()
    {
        var outputDirectory = FullPath(_general.OutputDirectory ?? "recordings");
        return new GeneralSettings
        {
            OutputDirectory = outputDirectory,
            StateDirectory = _general.StateDirectory is { } path ? FullPath(path) : Path.Combine(outputDirectory, ".isr"),
            FilenamePattern = _general.FilenamePattern ?? FileNamePattern.Default,
            Keep = KeepLimits.Of(_general.KeepDays, _general.KeepGigabytes, _general.KeepFreeGigabytes),
            Alarms = Alarms(),
            LogLevel = _general.LogLevel ?? LogLevel.Information,
            LogFormat = _general.LogFormat ?? LogFormat.Text,
            Hosts = _general.Hosts ?? [],
            TrustedProxies = _general.TrustedProxies ?? [],
            BasePath = _general.BasePath ?? "",
            LogFile = _general.LogFile is "" ? null : FullPath(_general.LogFile ?? "recorder.log"),
        };
    }

    private AlarmSettings Alarms()
    {
        if (!string.IsNullOrEmpty(_general.WebhookSecret) && !string.IsNullOrEmpty(_general.WebhookSecretFile))
        {
            Mistake(
                _generalSection!, _generalSection!.Find(ConfigurationKey.WebhookSecretFile)!.Line, ConfigurationKey.WebhookSecretFile,
                "there is webhook_secret, too: leave one of them out");
        }

        var days = _general.AlarmDiskDays ?? AlarmSettings.UsualDiskDays;
        return new AlarmSettings
        {
            DiskDays = days == 0 ? null : (double)days,
            Webhooks = _general.Webhooks is { Count: > 0 } urls ? urls : [],
            WebhookSecret = string.IsNullOrEmpty(_general.WebhookSecret) ? null : _general.WebhookSecret,
            WebhookSecretFile = string.IsNullOrEmpty(_general.WebhookSecretFile) ? null : FullPath(_general.WebhookSecretFile),
            Heartbeat = _general.Heartbeats is [var heartbeat, ..] ? heartbeat : null,
        };
    }

    /// <summary>What is said of no source goes by its type: see <see cref="AlarmLimits"/>.</summary>
    private AlarmLimits AlarmsOf(SectionValues own, SourceType type)
    {
        var isStream = type == SourceType.Stream;
        var dead = own.AlarmDeadSeconds ?? _general.AlarmDeadSeconds ?? (decimal)AlarmLimits.UsualDead.TotalSeconds;
        var silence = own.AlarmSilenceSeconds ?? _general.AlarmSilenceSeconds ?? (isStream ? (decimal)AlarmLimits.UsualSilenceOfStream.TotalSeconds : 0);
        var clipping = own.AlarmClipping ?? _general.AlarmClipping ?? (isStream ? 0 : AlarmLimits.UsualClippingOfSoundcard);
        var coverage = own.AlarmCoverage ?? _general.AlarmCoverage ?? AlarmLimits.UsualCoverage;
        return new AlarmLimits
        {
            Dead = dead == 0 ? null : TimeSpan.FromSeconds((double)dead),
            Silence = silence == 0 ? null : TimeSpan.FromSeconds((double)silence),
            SilenceDbfs = (double)(own.AlarmSilenceDbfs ?? _general.AlarmSilenceDbfs ?? AlarmLimits.UsualSilenceDbfs),
            Clipping = clipping == 0 ? null : (int)Math.Ceiling(clipping),
            Coverage = coverage == 0 ? null : (double)coverage,
        };
    }

    private SourceSettings? ReadSource(IniSection section, GeneralSettings general)
    {
        var own = ReadSection(section);
        if (!section.IsReadable)
        {
            return null;
        }

        if (own.Type is not { } type)
        {
            if (IsMissing(section, ConfigurationKey.Type))
            {
                Mistake(section, section.Line, ConfigurationKey.Type, "is missing: add type = stream or type = soundcard");
            }

            return null;
        }

        CheckScopes(section, type);
        if (type == SourceType.Stream)
        {
            CheckUrl(section);
        }
        else
        {
            CheckChannel(section, own);
            CheckFlac(section, own);
        }

        var inheritedFormat = _general.Format is { } format && ConfigurationKey.IsFormatOf(type, format) ? _general.Format : null;
        var channel = own.Channel ?? _general.Channel ?? 0;
        var username = own.Username ?? _general.Username;
        var fallback = own.FallbackDirectory ?? _general.FallbackDirectory;
        var source = new SourceSettings
        {
            Name = section.Name,
            Line = section.Line,
            Type = type,
            Urls = type == SourceType.Stream ? own.Urls ?? _general.Urls ?? [] : [],
            Username = string.IsNullOrEmpty(username) ? null : username,
            Password = own.Password ?? _general.Password ?? "",
            Format = own.Format ?? inheritedFormat ?? (type == SourceType.Stream ? SourceFormat.Auto : SourceFormat.Wav),
            OutputDirectory = own.OutputDirectory is { } path ? FullPath(path) : general.OutputDirectory,
            FallbackDirectory = string.IsNullOrEmpty(fallback) ? null : FullPath(fallback),
            SplitInterval = own.SplitInterval ?? _general.SplitInterval ?? TimeSpan.FromHours(1),
            FilenamePattern = own.FilenamePattern ?? general.FilenamePattern,
            MaxRetries = own.MaxRetries ?? _general.MaxRetries ?? 0,
            RetryDelay = own.RetryDelay ?? _general.RetryDelay ?? TimeSpan.FromSeconds(5),
            Keep = KeepLimits.Of(own.KeepDays ?? _general.KeepDays, own.KeepGigabytes, own.KeepFreeGigabytes),
            Alarms = AlarmsOf(own, type),
            Device = own.Device ?? _general.Device ?? "default",
            SampleRate = own.SampleRate ?? _general.SampleRate ?? 44_100,
            Channels = own.Channels ?? _general.Channels ?? 2,
            Bits = own.Bits ?? _general.Bits ?? 16,
            Channel = channel == 0 ? null : channel,
        };

        if (string.Equals(source.FallbackDirectory, source.OutputDirectory, StringComparison.Ordinal))
        {
            var place = own.FallbackDirectory is null && own.OutputDirectory is null ? _generalSection! : section;
            Mistake(
                place, place.Find(ConfigurationKey.FallbackDirectory)?.Line ?? place.Line, ConfigurationKey.FallbackDirectory,
                "is the output directory itself: set another one, on another disk if possible");
        }

        if (!IsInside(source.OutputDirectory, general.OutputDirectory))
        {
            Warn(
                section, section.Find(ConfigurationKey.OutputDirectory)?.Line ?? section.Line, ConfigurationKey.OutputDirectory,
                $"lies outside {general.OutputDirectory}: it is recorded, but the page does not show it"
                + (source.Keep.IsAny ? ", and keep_days, keep_gb and keep_free_gb do not reach it" : ""));
        }

        return source;
    }

    private SectionValues ReadSection(IniSection section)
    {
        var values = new SectionValues();
        if (section != _generalSection && section.Find(ConfigurationKey.Type) is null)
        {
            // What a format may be depends on it.
            values.Type = _general.Type;
        }

        foreach (var entry in section.Entries)
        {
            if (ConfigurationKey.Find(entry.Key) is null)
            {
                Mistake(section, entry.Line, entry.Key, UnknownKey(entry.Key));
            }
        }

        foreach (var key in ConfigurationKey.All)
        {
            if (section.Find(key.Name) is { IsReadable: true } entry)
            {
                ReadValue(section, entry, key, values);
            }
        }

        return values;
    }

    private void ReadValue(IniSection section, IniEntry entry, ConfigurationKey key, SectionValues values)
    {
        if (entry.Value.Length == 0 && !key.MayBeEmpty)
        {
            Mistake(section, entry.Line, key.Name, "has no value");
        }
        else if (key.Read(entry.Value, values) is { } mistake)
        {
            Mistake(section, entry.Line, key.Name, mistake);
        }

        if (key.Scope == KeyScope.GeneralOnly && section != _generalSection)
        {
            Warn(section, entry.Line, key.Name, "has an effect in [general] only");
        }

        if (string.Equals(key.Name, ConfigurationKey.MaxRetries, StringComparison.Ordinal) && values.MaxRetries > 0)
        {
            Warn(
                section, entry.Line, key.Name,
                $"a source is given up after {values.MaxRetries} failures in a row; 0 never gives up");
        }
    }

    /// <summary>What is inherited in vain is ignored; what a source says itself in vain is a mistake.</summary>
    private void CheckScopes(IniSection section, SourceType type)
    {
        foreach (var entry in section.Entries)
        {
            switch (ConfigurationKey.Find(entry.Key)?.Scope)
            {
                case KeyScope.Stream when type == SourceType.Soundcard:
                    Mistake(section, entry.Line, entry.Key, "belongs to a stream, but this source is a soundcard");
                    break;
                case KeyScope.Soundcard when type == SourceType.Stream:
                    Mistake(section, entry.Line, entry.Key, "belongs to a soundcard, but this source is a stream");
                    break;
            }
        }
    }

    private bool IsMissing(IniSection section, string key) =>
        section.Find(key) is null && _generalSection?.Find(key) is null;

    private void CheckUrl(IniSection section)
    {
        if (IsMissing(section, ConfigurationKey.Url))
        {
            Mistake(section, section.Line, ConfigurationKey.Url, "is missing: a stream needs its address");
        }
    }

    private void CheckChannel(IniSection section, SectionValues own)
    {
        var channel = own.Channel ?? _general.Channel ?? 0;
        var channels = own.Channels ?? _general.Channels ?? 2;
        var isChannelsMistaken = (section.Find(ConfigurationKey.Channels) is not null && own.Channels is null)
            || (_generalSection?.Find(ConfigurationKey.Channels) is not null && _general.Channels is null);
        if (channel <= channels || isChannelsMistaken)
        {
            return;
        }

        // Told where it can be changed: at the source if it says either of the two.
        var key = own.Channel is null && own.Channels is not null ? ConfigurationKey.Channels : ConfigurationKey.Channel;
        var isOwn = own.Channel is not null || own.Channels is not null;
        var place = isOwn ? section : _generalSection!;
        Mistake(place, place.Find(key)!.Line, key, $"channel {channel} does not exist where channels = {channels}");
    }

    /// <summary>FLAC has at most 8 channels (RFC 9639, section 9.1.3).</summary>
    private void CheckFlac(IniSection section, SectionValues own)
    {
        var inherited = _general.Format is SourceFormat.Flac ? _general.Format : null;
        var channels = own.Channels ?? _general.Channels ?? 2;
        if ((own.Format ?? inherited) != SourceFormat.Flac || channels <= MaxFlacChannels || (own.Channel ?? _general.Channel ?? 0) != 0)
        {
            return;
        }

        var place = section.Find(ConfigurationKey.Channels) is not null ? section : _generalSection!;
        Mistake(
            place, place.Find(ConfigurationKey.Channels)!.Line, ConfigurationKey.Channels,
            $"FLAC holds at most {MaxFlacChannels} channels: set format = wav for {channels} of them, fewer channels, or channel for one of them");
    }

    private void WarnOfSharedNames(List<SourceSettings> sources)
    {
        foreach (var group in sources.GroupBy(s => (s.OutputDirectory, s.FilenamePattern.Text)))
        {
            foreach (var source in group.Skip(1))
            {
                _warnings.Add(new ConfigurationMistake(
                    file, source.Line, source.Name, null,
                    $"has the same folder and filename_pattern as [{group.First().Name}]; "
                    + "where a name is taken, _2 is appended"));
            }
        }
    }

    private string FullPath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, workingDirectory));

    private static bool IsInside(string path, string folder) =>
        string.Equals(path, folder, StringComparison.Ordinal)
        || path.StartsWith(folder.EndsWith('/') ? folder : folder + "/", StringComparison.Ordinal);

    private static string UnknownKey(string key) =>
        NearestWord.Find(key, ConfigurationKey.All.Select(k => k.Name)) is { } nearest
            ? $"unknown key; did you mean {nearest}?"
            : "unknown key; `isr check --example` shows all keys";

    private void Mistake(IniSection section, int line, string? key, string message) =>
        Mistake(line, section.Name, key, message);

    private void Mistake(int line, string? section, string? key, string message) =>
        _mistakes.Add(new ConfigurationMistake(
            file, line, section is null ? null : Printable(section), key is null ? null : Printable(FirstWord(key)), message));

    private void Warn(IniSection section, int line, string? key, string message) =>
        _warnings.Add(new ConfigurationMistake(file, line, section.Name, key, message));

    /// <summary>What follows a forgotten = may be a password.</summary>
    private static string FirstWord(string key)
    {
        var end = key.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? key : key[..end] + "…";
    }

    /// <summary>Fit for a terminal and a line: a file that is no configuration may hold anything.</summary>
    private static string Printable(string text) =>
        string.Concat((text.Length <= MaxShown ? text : text[..(MaxShown - 1)] + "…")
            .Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
