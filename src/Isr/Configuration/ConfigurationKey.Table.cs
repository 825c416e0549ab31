namespace Isr.Configuration;

internal sealed partial record ConfigurationKey
{
    /// <summary>
    /// Every key there is, in the order of <c>config.example.ini</c>, which is made of this table as docs/configuration.md is
    /// (ISR_WRITE_DOCS=1, ConfigurationDocsTests). The type comes first: what <c>format</c> may be depends on it.
    /// </summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        new(Type, KeyScope.EverySource, false, ReadType)
        {
            Default = null,
            Meaning = "What kind of source it is. A stream is stored as it comes.",
            Range = "stream or soundcard",
            Example = "stream",
            Wrong = "strem",
        },
        new(OutputDirectory, KeyScope.EverySource, false, (text, into) => Accept(into.OutputDirectory = text))
        {
            Default = "recordings",
            Meaning = "Where recordings go. A relative path starts at the working directory. The page shows what lies in the folder that [general] names, "
                + "so that the folder of a source is best inside it.",
            Example = "/srv/recordings/news",
            Wrong = "",
        },
        new(FallbackDirectory, KeyScope.EverySource, true, (text, into) => Accept(into.FallbackDirectory = text))
        {
            Default = "",
            Meaning = "Where to record while output_directory is full or gone; best on another disk. What is recorded there is moved back when it works again. "
                + "A source may have its own; empty: none.",
            Example = "/mnt/usb/recordings",
        },
        new("split_minutes", KeyScope.EverySource, false, ReadSplitMinutes)
        {
            Default = "60",
            Meaning = "A new file every so many minutes, by the clock on the wall: 60 means on the hour. Also at midnight and when daylight saving time begins or ends.",
            Range = "0.1 to 1440; 0.25 is 15 seconds",
            Example = "15",
            Wrong = "0",
        },
        new("filename_pattern", KeyScope.EverySource, false, ReadPattern)
        {
            Default = "%Y%m%d_%H%M%S",
            Meaning = "Names of files, as strftime has them; the extension is added. A / makes folders.",
            Example = "%Y/%m/%d/%H%M%S",
            Wrong = "%Q",
        },
        new("retry_delay_seconds", KeyScope.EverySource, false, ReadRetryDelay)
        {
            Default = "5",
            Meaning = "Wait so many seconds before a source is tried again. The wait grows to a minute. After a connection that gave audio the first tries come at once.",
            Range = "more than 0, at most 3600",
            Wrong = "0",
        },
        new(MaxRetries, KeyScope.EverySource, false, (text, into) => ReadWhole(text, 0, int.MaxValue, value => into.MaxRetries = value))
        {
            Default = "0",
            Meaning = "Give a source up after so many failures in a row; a whole number, 0 never gives up.",
            Wrong = "-1",
        },
        new("keep_days", KeyScope.EverySource, true, (text, into) => ReadKept(text, 36_500, value => into.KeepDays = value))
        {
            Default = "",
            Meaning = "Delete recordings that ended more than so many days ago, by itself and for good. What somebody protected or labelled stays. A source may have its own, "
                + "instead of this one. Empty: nothing is deleted. `isr retention --dry-run` says what would go.",
            Range = "0.001 to 36500, decimals allowed, or empty",
            Example = "30",
            Wrong = "0",
        },
        new("keep_gb", KeyScope.EverySource, true, (text, into) => ReadKept(text, 1_000_000, value => into.KeepGigabytes = value))
        {
            Default = "",
            Meaning = "Delete the oldest recordings when all take more than so many GB (10^9 bytes); what stands in a source counts for its recordings alone. Else as keep_days.",
            Range = "0.001 to 1000000, or empty",
            Example = "500",
            IsInherited = false,
        },
        new("keep_free_gb", KeyScope.EverySource, true, (text, into) => ReadKept(text, 1_000_000, value => into.KeepFreeGigabytes = value))
        {
            Default = "",
            Meaning = "Delete the oldest recordings when less than so many GB are free on their disk; what stands in a source goes for its recordings alone. Else as keep_days.",
            Range = "0.001 to 1000000, or empty",
            Example = "20",
            IsInherited = false,
        },
        new(StateDirectory, KeyScope.GeneralOnly, false, (text, into) => Accept(into.StateDirectory = text))
        {
            Default = "recordings/.isr",
            Meaning = "What isr remembers about recordings: the journal, people's marks, levels, the index, passwords. Default: .isr in the recordings folder.",
            Example = "/var/lib/isr/state",
        },
        new("log_level", KeyScope.GeneralOnly, false, ReadLogLevel)
        {
            Default = "INFO",
            Meaning = "How much the log says.",
            Range = "DEBUG, INFO, WARNING, ERROR or CRITICAL",
            Wrong = "WARN",
        },
        new("log_file", KeyScope.GeneralOnly, true, (text, into) => Accept(into.LogFile = text))
        {
            Default = "recorder.log",
            Meaning = "The log's file, besides standard output. Empty: standard output alone.",
            Example = "/var/log/isr/recorder.log",
        },
        new("log_format", KeyScope.GeneralOnly, false, ReadLogFormat)
        {
            Default = "text",
            Meaning = "How the log is written, to its file and to standard output: lines for people, or an object of JSON a line for programs.",
            Range = "text or json",
            Example = "json",
            Wrong = "xml",
        },
        new("hosts", KeyScope.GeneralOnly, true, ReadHosts)
        {
            Default = "",
            Meaning = "Names that the page is asked for by, besides this computer's own, with spaces between them: those of a reverse proxy, for example. Empty: none.",
            Example = "radio.example",
            Wrong = "https://radio.example",
        },
        new("trusted_proxies", KeyScope.GeneralOnly, true, ReadProxies)
        {
            Default = "",
            Meaning = "Addresses or networks (10.0.0.0/8) of reverse proxies, with spaces between them. What they say of who asks (X-Forwarded-For, -Proto, -Host, -Prefix) is believed. "
                + "Empty: nobody is.",
            Example = "127.0.0.1 10.0.0.0/8",
            Wrong = "proxy.example",
        },
        new("base_path", KeyScope.GeneralOnly, true, ReadBasePath)
        {
            Default = "",
            Meaning = "The path that a reverse proxy has the page below. Empty: none.",
            Example = "/isr",
            Wrong = "isr",
        },
        new("alarm_dead_seconds", KeyScope.EverySource, true, (text, into) => ReadAlarm(text, 1, 86_400, value => into.AlarmDeadSeconds = value))
        {
            Default = "60",
            Meaning = "An alarm when nothing of a source was recorded for so many seconds, whatever the reason. Empty: no alarm.",
            Range = "1 to 86400",
            Wrong = "0",
        },
        new("alarm_silence_seconds", KeyScope.EverySource, true, (text, into) => ReadAlarm(text, 1, 86_400, value => into.AlarmSilenceSeconds = value))
        {
            Default = "120",
            Meaning = "An alarm when a source was silent for so many seconds. A stream's silence is known some 25 s late. Empty: no alarm.",
            Range = "1 to 86400",
            Wrong = "0",
            ForSoundcard = new("", "The same; a microphone may be silent for nights, so there is no alarm unless a time is given.", "1 to 86400"),
        },
        new("alarm_silence_dbfs", KeyScope.EverySource, false, (text, into) => ReadAlarm(text, -100, 0, value => into.AlarmSilenceDbfs = value))
        {
            Default = "-50",
            Meaning = "What is quieter is silence, in dB of full scale.",
            Range = "-100 to 0",
            Example = "-60",
            Wrong = "50",
        },
        new("alarm_clipping", KeyScope.EverySource, true, (text, into) => ReadAlarm(text, 1, 1_000_000, value => into.AlarmClipping = value))
        {
            Default = "",
            Meaning = "An alarm when so many samples are at full scale within a minute. Stations go there on purpose, so a stream has no such alarm unless a number is given. Empty: no alarm.",
            Range = "1 to 1000000",
            Wrong = "0",
            ForSoundcard = new("1000", "The same; the card's level is too high.", "1 to 1000000"),
        },
        new("alarm_coverage", KeyScope.EverySource, true, (text, into) => ReadAlarm(text, 0.001m, 100, value => into.AlarmCoverage = value))
        {
            Default = "95",
            Meaning = "An alarm when less than so many percent of a source's last 24 hours are recorded. Empty: no alarm.",
            Range = "0.001 to 100",
            Example = "99",
            Wrong = "101",
        },
        new("alarm_disk_days", KeyScope.GeneralOnly, true, (text, into) => ReadAlarm(text, 0.001m, 3650, value => into.AlarmDiskDays = value))
        {
            Default = "7",
            Meaning = "An alarm when the disk is full in less than so many days, as much as was recorded in the last week, and none of the limits above makes room before; "
                + "also when less than 1 GB is free, or less than keep_free_gb though it is kept free. Empty: no alarm.",
            Range = "0.001 to 3650",
            Wrong = "0",
        },
        new("webhook_url", KeyScope.GeneralOnly, true, (text, into) => ReadUrls(text, urls => into.Webhooks = urls))
        {
            Default = "",
            Meaning = "Addresses that are told of alarms by POST, with spaces between them; docs/alarms.md says what is sent. `isr alarms test` tries them. Empty: nobody is told.",
            Example = "https://hooks.example/isr",
            Wrong = "hooks.example/isr",
            Redact = RedactHooks,
        },
        new("webhook_secret", KeyScope.GeneralOnly, true, (text, into) => Accept(into.WebhookSecret = text))
        {
            Default = "",
            Meaning = "What these messages are signed with, so that their receiver can tell that they are yours. Empty: they are not signed.",
            Redact = text => text.Length == 0 ? "" : "(hidden)",
        },
        new(WebhookSecretFile, KeyScope.GeneralOnly, true, (text, into) => Accept(into.WebhookSecretFile = text))
        {
            Default = "",
            Meaning = "A file that holds the secret instead, and nothing else. Empty: none.",
            Example = "/etc/isr/webhook-secret",
        },
        new(HeartbeatUrl, KeyScope.GeneralOnly, true, ReadHeartbeat)
        {
            Default = "",
            Meaning = "An address that is fetched every minute while all is well: health is, and no alarm goes on. Empty: none.",
            Example = "https://monitor.example/ping/isr",
            Wrong = "https://a.example/ https://b.example/",
            Redact = RedactHooks,
        },
        new(Url, KeyScope.Stream, false, ReadUrls)
        {
            Default = null,
            Meaning = "http or https. Several addresses with spaces between them: the first is the main one, the others are backups. Playlists (.m3u, .pls) and redirects are followed.",
            Example = "http://radio.example/stream.mp3",
            Wrong = "radio.example/stream.mp3",
            Redact = RedactUrls,
        },
        new("username", KeyScope.Stream, true, ReadUsername)
        {
            Default = "",
            Meaning = "For servers that ask for a password. Empty: none is sent, unless the address holds one (http://user:password@host/).",
            Example = "listener",
            Wrong = "lis:tener",
        },
        new("password", KeyScope.Stream, true, (text, into) => Accept(into.Password = text))
        {
            Default = "",
            Meaning = "The password of that user. Logs and the page never show it.",
            Redact = text => text.Length == 0 ? "" : "(hidden)",
        },
        new(Format, KeyScope.EverySource, false, ReadFormat)
        {
            Default = "auto",
            Meaning = "What the stream is. auto looks at what comes.",
            Range = "auto, mp3, ogg, aac, flac or opus",
            Wrong = "mp4",
            ForSoundcard = new("wav", "What the recordings are.", "wav or flac"),
        },
        new("device", KeyScope.Soundcard, false, (text, into) => Accept(into.Device = text))
        {
            Default = "default",
            Meaning = "default, a part of a device's name (`isr devices` lists them), hw:X,Y, or another name known to ALSA.",
            Example = "USB PnP",
        },
        new("sample_rate", KeyScope.Soundcard, false, (text, into) => ReadWhole(text, 8000, 384_000, value => into.SampleRate = value))
        {
            Default = "44100",
            Meaning = "Samples per second.",
            Range = "8000 to 384000",
            Example = "48000",
            Wrong = "48",
        },
        new(Channels, KeyScope.Soundcard, false, (text, into) => ReadWhole(text, 1, 32, value => into.Channels = value))
        {
            Default = "2",
            Meaning = "How many channels the device is opened with. FLAC holds at most 8.",
            Range = "1 to 32",
            Example = "8",
            Wrong = "0",
        },
        new("bits", KeyScope.Soundcard, false, ReadBits)
        {
            Default = "16",
            Meaning = "Bits of a sample.",
            Range = "16 or 24",
            Example = "24",
            Wrong = "32",
        },
        new(Channel, KeyScope.Soundcard, true, ReadChannel)
        {
            Default = "",
            Meaning = "Record this one channel only; 1 is the first. Empty: all of them.",
            Range = "1 to 32, at most channels",
            Example = "3",
            Wrong = "0",
        },
    ];
}
