using System.Text;
using Isr.Configuration;
using Microsoft.Extensions.Logging;

namespace Isr.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private const string Stream = "[a]\ntype = stream\nurl = http://x/\n";
    private const string Soundcard = "[a]\ntype = soundcard\n";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("isr-configuration-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    // Lines.
    [InlineData("", "config.ini: no source: add a section such as [radio] with the lines type = stream and url = http://…")]
    [InlineData("[general]", "config.ini: no source: add a section such as [radio] with the lines type = stream and url = http://…")]
    [InlineData("bits = 16\n" + Stream, "config.ini:1: bits: stands before the first [section]")]
    [InlineData(Stream + "junk", "config.ini:4: [a] neither [section] nor key = value")]
    [InlineData(Stream + "= 5", "config.ini:4: [a] the key is missing")]
    [InlineData(Stream + "[]", "config.ini:4: [] the section has no name")]
    [InlineData(Stream + "[ ]", "config.ini:4: [] the section has no name")]
    [InlineData(Stream + "[b\ntype = stream", "config.ini:4: [b] the closing ] is missing")]
    [InlineData(Stream + "[b] c", "config.ini:4: [b] only a comment may follow the closing ]")]
    [InlineData(Stream + "[a]", "config.ini:4: [a] the section is given twice; first in line 1")]
    [InlineData("[general]\n[General]\n" + Stream, "config.ini:2: [General] the section is given twice; first in line 1")]
    [InlineData(Stream + "TYPE = stream", "config.ini:4: [a] type: given twice; first in line 2")]
    [InlineData(Stream + "  http://y/", "config.ini:4: [a] url: an indented line goes on with the value before it, but a value is one line")]
    [InlineData(Stream + "\tformat = mp3", "config.ini:4: [a] url: an indented line goes on with the value before it, but a value is one line")]
    [InlineData(Stream + "password = a\0b", "config.ini:4: [a] password: a control character is not allowed here")]
    // Keys.
    [InlineData(Stream + "sample_rat = 5", "config.ini:4: [a] sample_rat: unknown key; did you mean sample_rate?")]
    [InlineData(Stream + "Foramt = mp3", "config.ini:4: [a] foramt: unknown key; did you mean format?")]
    [InlineData(Stream + "fallback_directory = recordings/", "config.ini:4: [a] fallback_directory: is the output directory itself: set another one, on another disk if possible")]
    [InlineData(Stream + "output_dir = x", "config.ini:4: [a] output_dir: unknown key; did you mean output_directory?")]
    [InlineData(Stream + "max_retry = 3", "config.ini:4: [a] max_retry: unknown key; did you mean max_retries?")]
    [InlineData(Stream + "usrename = x", "config.ini:4: [a] usrename: unknown key; did you mean username?")]
    [InlineData(Stream + "xyzzy = 1", "config.ini:4: [a] xyzzy: unknown key; `isr check --example` shows all keys")]
    [InlineData(Stream + "keep_days = 0", "config.ini:4: [a] keep_days: \"0\" is out of range: 0.001 to 36500, or empty for no limit")]
    [InlineData(Stream + "keep_gb = 0", "config.ini:4: [a] keep_gb: \"0\" is out of range: 0.001 to 1000000, or empty for no limit")]
    [InlineData(Stream + "keep_free_gb = 0", "config.ini:4: [a] keep_free_gb: \"0\" is out of range: 0.001 to 1000000, or empty for no limit")]
    [InlineData("[general]\nheartbeat_url = 1\n" + Stream, "config.ini:2: [general] heartbeat_url: an address must begin with http:// or https://")]
    [InlineData("[general]\nheartbeat_url = http://a/ http://b/\n" + Stream, "config.ini:2: [general] heartbeat_url: takes one address")]
    [InlineData("[general]\nwebhook_url = http://a/ u:hunter2@b\n" + Stream, "config.ini:2: [general] webhook_url: address 2 of 2: an address must begin with http:// or https://")]
    [InlineData("[general]\nwebhook_secret = a\nwebhook_secret_file = b\n" + Stream, "config.ini:3: [general] webhook_secret_file: there is webhook_secret, too: leave one of them out")]
    [InlineData("[general]\nalarm_disk_days = 0\n" + Stream, "config.ini:2: [general] alarm_disk_days: \"0\" is out of range: 0.001 to 3650, or empty for no alarm")]
    [InlineData(Stream + "alarm_dead_seconds = soon", "config.ini:4: [a] alarm_dead_seconds: \"soon\" is not a number")]
    [InlineData(Stream + "alarm_silence_dbfs = 3", "config.ini:4: [a] alarm_silence_dbfs: \"3\" is out of range: -100 to 0")]
    [InlineData(Stream + "alarm_coverage = 100.1", "config.ini:4: [a] alarm_coverage: \"100.1\" is out of range: 0.001 to 100, or empty for no alarm")]
    [InlineData(Stream + "password hunter2=x", "config.ini:4: [a] password…: unknown key; `isr check --example` shows all keys")]
    [InlineData(Stream + "device = x", "config.ini:4: [a] device: belongs to a soundcard, but this source is a stream")]
    [InlineData(Stream + "channels = 2", "config.ini:4: [a] channels: belongs to a soundcard, but this source is a stream")]
    [InlineData(Soundcard + "url = http://x/", "config.ini:3: [a] url: belongs to a stream, but this source is a soundcard")]
    [InlineData(Soundcard + "password = x", "config.ini:3: [a] password: belongs to a stream, but this source is a soundcard")]
    [InlineData("[a]\nurl = http://x/", "config.ini:1: [a] type: is missing: add type = stream or type = soundcard")]
    [InlineData("[a]\ntype = stream", "config.ini:1: [a] url: is missing: a stream needs its address")]
    // Values.
    [InlineData("[a]\ntype = strem\nurl = http://x/", "config.ini:2: [a] type: \"strem\" is none of stream, soundcard; did you mean stream?")]
    [InlineData("[a]\ntype = alsa", "config.ini:2: [a] type: \"alsa\" is none of stream, soundcard")]
    [InlineData("[a]\ntype =", "config.ini:2: [a] type: has no value")]
    [InlineData("[general]\ntype = strem\n[a]\nurl = http://x/", "config.ini:2: [general] type: \"strem\" is none of stream, soundcard; did you mean stream?")]
    [InlineData("[a]\ntype = stream\nurl =", "config.ini:3: [a] url: has no value")]
    [InlineData("[a]\ntype = stream\nurl = # later", "config.ini:3: [a] url: has no value")]
    [InlineData("[a]\ntype = stream\nurl = u:hunter2@x/", "config.ini:3: [a] url: an address must begin with http:// or https://")]
    [InlineData("[a]\ntype = stream\nurl = rtsp://u:hunter2@x/", "config.ini:3: [a] url: an address must begin with http:// or https://")]
    [InlineData("[a]\ntype = stream\nurl = http://x/ http://u:hunter2@/", "config.ini:3: [a] url: address 2 of 2: not a valid address")]
    [InlineData("[a]\ntype = stream\nurl = http://", "config.ini:3: [a] url: not a valid address")]
    [InlineData(Stream + "username = a:b", "config.ini:4: [a] username: must not contain a colon: Basic authentication cannot send it")]
    [InlineData(Stream + "format = wav", "config.ini:4: [a] format: \"wav\" is none of auto, mp3, ogg, aac, flac, opus")]
    [InlineData(Stream + "format = mpe3", "config.ini:4: [a] format: \"mpe3\" is none of auto, mp3, ogg, aac, flac, opus; did you mean mp3?")]
    [InlineData(Soundcard + "format = mp3", "config.ini:3: [a] format: \"mp3\" is none of wav, flac")]
    [InlineData("[general]\nformat = falc\n" + Stream, "config.ini:2: [general] format: \"falc\" is none of auto, mp3, ogg, aac, flac, opus, wav; did you mean flac?")]
    [InlineData(Stream + "split_minutes = soon", "config.ini:4: [a] split_minutes: \"soon\" is not a number")]
    [InlineData(Stream + "split_minutes = 0,25", "config.ini:4: [a] split_minutes: \"0,25\" is not a number; did you mean 0.25?")]
    [InlineData(Stream + "split_minutes = 0.09", "config.ini:4: [a] split_minutes: \"0.09\" is out of range: 0.1 to 1440")]
    [InlineData(Stream + "split_minutes = 1440.1", "config.ini:4: [a] split_minutes: \"1440.1\" is out of range: 0.1 to 1440")]
    [InlineData(Stream + "split_minutes = NaN", "config.ini:4: [a] split_minutes: \"NaN\" is not a number")]
    [InlineData(Stream + "max_retries = -1", "config.ini:4: [a] max_retries: \"-1\" is out of range: at least 0")]
    [InlineData(Stream + "max_retries = 1.5", "config.ini:4: [a] max_retries: \"1.5\" is not a whole number")]
    [InlineData(Stream + "max_retries = 99999999999", "config.ini:4: [a] max_retries: \"99999999999\" is out of range: at least 0")]
    [InlineData(Stream + "retry_delay_seconds = 0", "config.ini:4: [a] retry_delay_seconds: \"0\" is out of range: more than 0, at most 3600")]
    [InlineData(Stream + "retry_delay_seconds = 3601", "config.ini:4: [a] retry_delay_seconds: \"3601\" is out of range: more than 0, at most 3600")]
    [InlineData(Stream + "filename_pattern = x", "config.ini:4: [a] filename_pattern: needs at least one code for the time, or all files would have one name")]
    [InlineData(Stream + "filename_pattern = %Y%Q", "config.ini:4: [a] filename_pattern: %Q: unknown code")]
    [InlineData(Soundcard + "sample_rate = 7999", "config.ini:3: [a] sample_rate: \"7999\" is out of range: 8000 to 384000")]
    [InlineData(Soundcard + "channels = 33", "config.ini:3: [a] channels: \"33\" is out of range: 1 to 32")]
    [InlineData(Soundcard + "bits = 32", "config.ini:3: [a] bits: \"32\" is neither 16 nor 24")]
    [InlineData(Soundcard + "channel = 0", "config.ini:3: [a] channel: \"0\" is out of range: 1 to 32")]
    [InlineData(Soundcard + "channel = 3", "config.ini:3: [a] channel: channel 3 does not exist where channels = 2")]
    [InlineData(Soundcard + "channels = 33\nchannel = 5", "config.ini:3: [a] channels: \"33\" is out of range: 1 to 32")]
    [InlineData("[general]\nchannel = 2\n" + Soundcard + "channels = 1", "config.ini:5: [a] channels: channel 2 does not exist where channels = 1")]
    [InlineData(Soundcard + "channels = 10\nformat = flac", "config.ini:3: [a] channels: FLAC holds at most 8 channels: set format = wav for 10 of them, fewer channels, or channel for one of them")]
    [InlineData("[general]\nchannels = 9\nformat = flac\n" + Soundcard, "config.ini:2: [general] channels: FLAC holds at most 8 channels: set format = wav for 9 of them, fewer channels, or channel for one of them")]
    [InlineData("[general]\nchannel = 5\n" + Soundcard, "config.ini:2: [general] channel: channel 5 does not exist where channels = 2")]
    [InlineData("[general]\nlog_level = WARN\n" + Stream, "config.ini:2: [general] log_level: \"WARN\" is none of DEBUG, INFO, WARNING, ERROR, CRITICAL; did you mean WARNING?")]
    [InlineData("[general]\nhosts = http://x\n" + Stream, "config.ini:2: [general] hosts: \"http://x\" is no host name: give names such as radio.example, without http:// and without a port")]
    [InlineData("[general]\nhosts = a.example b.example:80\n" + Stream, "config.ini:2: [general] hosts: \"b.example:80\" is no host name: give names such as radio.example, without http:// and without a port")]
    [InlineData("[general]\ntrusted_proxies = 10.0.0.0/8 proxy\n" + Stream, "config.ini:2: [general] trusted_proxies: \"proxy\" is no address: give addresses such as 192.168.1.2, or networks such as 10.0.0.0/8")]
    [InlineData("[general]\nbase_path = isr\n" + Stream, "config.ini:2: [general] base_path: \"isr\" is no path that the page can be below: give one such as /isr")]
    [InlineData("[general]\nbase_path = /a/../b\n" + Stream, "config.ini:2: [general] base_path: \"/a/../b\" is no path that the page can be below: give one such as /isr")]
    [InlineData("[general]\nstate_directory =\n" + Stream, "config.ini:2: [general] state_directory: has no value")]
    public void A_mistake_is_told_with_its_place(string text, string expected)
    {
        var result = Read(text);

        Assert.False(result.IsValid);
        AssertLines([expected], result.Mistakes.Select(m => m.ToString()));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_line_order()
    {
        var result = Read("""
            x = 1
            [general]
            log_level = loud
            split_minutes = 0
            [mic_in]
            sample_rat = 48000
            bits = 8
            type = soundcard
            [radio]
            type = stream
            bits = 16
            [radio]
            url = http://u:hunter2@x/
            junk
            """);

        AssertLines(
            [
                "config.ini:1: x: stands before the first [section]",
                "config.ini:3: [general] log_level: \"loud\" is none of DEBUG, INFO, WARNING, ERROR, CRITICAL",
                "config.ini:4: [general] split_minutes: \"0\" is out of range: 0.1 to 1440",
                "config.ini:6: [mic_in] sample_rat: unknown key; did you mean sample_rate?",
                "config.ini:7: [mic_in] bits: \"8\" is neither 16 nor 24",
                "config.ini:11: [radio] bits: belongs to a soundcard, but this source is a stream",
                "config.ini:12: [radio] the section is given twice; first in line 9",
                "config.ini:14: [radio] neither [section] nor key = value",
            ],
            result.Mistakes.Select(m => m.ToString()));
    }

    [Fact]
    public void Invalid_utf8_is_told_with_its_line()
    {
        var result = ConfigurationLoader.Read("config.ini", [.. Encoding.UTF8.GetBytes(Stream), .. "password = "u8, 0xE4, (byte)'\n'], "/srv");
        var inComment = ConfigurationLoader.Read("config.ini", [(byte)'#', 0xE4, (byte)'\n', .. Encoding.UTF8.GetBytes(Stream)], "/srv");
        var utf16 = ConfigurationLoader.Read("config.ini", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Stream)], "/srv");

        Assert.Equal("config.ini:4: [a] password: not valid UTF-8", Assert.Single(result.Mistakes).ToString());
        Assert.Equal("config.ini:1: not valid UTF-8", Assert.Single(inComment.Mistakes).ToString());
        Assert.Equal("config.ini: the file is UTF-16; save it as UTF-8", Assert.Single(utf16.Mistakes).ToString());
    }

    [Fact]
    public void Nothing_said_means_the_defaults()
    {
        var settings = Valid("[a]\ntype = stream\nurl = http://x/\n[b]\ntype = soundcard");

        Assert.Equal("/srv/recordings", settings.General.OutputDirectory);
        Assert.Equal("/srv/recordings/.isr", settings.General.StateDirectory);
        Assert.Equal("/srv/recorder.log", settings.General.LogFile);
        Assert.Equal(LogLevel.Information, settings.General.LogLevel);

        var stream = settings.Sources[0];
        Assert.Equal(("a", 1, SourceType.Stream), (stream.Name, stream.Line, stream.Type));
        Assert.Equal([new Uri("http://x/")], stream.Urls);
        Assert.Equal((null, "", SourceFormat.Auto), (stream.Username, stream.Password, stream.Format));
        Assert.Equal("/srv/recordings", stream.OutputDirectory);
        Assert.Equal(TimeSpan.FromHours(1), stream.SplitInterval);
        Assert.Equal("%Y%m%d_%H%M%S", stream.FilenamePattern.Text);
        Assert.Equal((0, TimeSpan.FromSeconds(5)), (stream.MaxRetries, stream.RetryDelay));

        var soundcard = settings.Sources[1];
        Assert.Equal((SourceFormat.Wav, "default"), (soundcard.Format, soundcard.Device));
        Assert.Equal(
            (44100, 2, 16, null), (soundcard.SampleRate, soundcard.Channels, soundcard.Bits, soundcard.Channel));
    }

    [Fact]
    public void A_source_inherits_everything_and_overrides_any_of_it()
    {
        var settings = Valid("""
            [GENERAL]
            output_directory = /data/audio/
            split_minutes = 0.25
            filename_pattern = %F/%H%M%S
            retry_delay_seconds = 0.5
            fallback_directory = spare
            max_retries = 7
            username = u
            password = p
            type = stream
            url = http://x/
            format = mp3
            device = hw:1,0
            channels = 8
            channel = 8
            bits = 24
            sample_rate = 96000
            log_file =
            log_level = debug
            state_directory = state
            hosts = radio.example 192.168.1.7
            trusted_proxies = 127.0.0.1 fd00::/8
            base_path = /isr/

            [heir]

            [rebel]
            Type: Soundcard
            OUTPUT_DIRECTORY: mic
            split_minutes = 1440
            filename_pattern = %s
            channel =

            [quiet]
            username =
            fallback_directory =
            max_retries = 0
            """);

        Assert.Equal(("/data/audio", "/srv/state", null, LogLevel.Debug),
            (settings.General.OutputDirectory, settings.General.StateDirectory, settings.General.LogFile, settings.General.LogLevel));

        AssertLines(["radio.example", "192.168.1.7"], settings.General.Hosts);
        AssertLines(["127.0.0.1/32", "fd00::/8"], settings.General.TrustedProxies.Select(n => n.ToString()));
        Assert.Equal("/isr", settings.General.BasePath);

        var heir = settings.Sources[0];
        Assert.Equal(("u", "p", SourceFormat.Mp3, "/data/audio"), (heir.Username, heir.Password, heir.Format, heir.OutputDirectory));
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(500), 7), (heir.SplitInterval, heir.RetryDelay, heir.MaxRetries));
        Assert.Equal([new Uri("http://x/")], heir.Urls);
        Assert.Equal<(string?, string?, string?)>(
            ("/srv/spare", "/srv/spare", null),
            (settings.Sources[0].FallbackDirectory, settings.Sources[1].FallbackDirectory, settings.Sources[2].FallbackDirectory));

        var rebel = settings.Sources[1];
        Assert.Equal((SourceType.Soundcard, SourceFormat.Wav, "/srv/mic"), (rebel.Type, rebel.Format, rebel.OutputDirectory));
        Assert.Equal((TimeSpan.FromDays(1), "%s", "hw:1,0"), (rebel.SplitInterval, rebel.FilenamePattern.Text, rebel.Device));
        Assert.Equal((96000, 8, 24, null), (rebel.SampleRate, rebel.Channels, rebel.Bits, rebel.Channel));
        Assert.Empty(rebel.Urls);

        Assert.Equal((null, 0), (settings.Sources[2].Username, settings.Sources[2].MaxRetries));
        AssertLines(["%F/%H%M%S", "%s"], settings.FilenamePatterns.Select(p => p.Text));
    }

    [Fact]
    public void Comments_and_signs_are_told_apart()
    {
        var source = Valid("""
            # a comment
            ; another
              # an indented one
            [a#b] ; a section
            type=stream # a comment
            url = http://x/a#b;c?d=e:f
              ; in between
            password = 100%;#x	; a comment
            username = %(home)s
            """).Sources[0];

        Assert.Equal("a#b", source.Name);
        Assert.Equal("http://x/a#b;c?d=e:f", source.Urls[0].OriginalString);
        Assert.Equal(("%(home)s", "100%;#x"), (source.Username, source.Password));
    }

    [Fact]
    public void Whole_sections_may_be_indented() =>
        Assert.Equal("x", Valid("[a]\n  type = stream\n  url = http://x/\n\n  username = x\n[b]\ntype = soundcard").Sources[0].Username);

    [Theory]
    [InlineData("\uFEFF", "\n")]
    [InlineData("\uFEFF", "\r\n")]
    [InlineData("", "\r\n")]
    public void Byte_order_mark_and_line_ends_do_not_matter(string start, string lineEnd)
    {
        var source = Valid(start + (Stream + "username = ü\n").Replace("\n", lineEnd, StringComparison.Ordinal)).Sources[0];

        Assert.Equal("ü", source.Username);
        Assert.Equal("http://x/", source.Urls[0].ToString());
    }

    [Fact]
    public void Several_addresses_are_main_and_backups()
    {
        var source = Valid("[a]\ntype = stream\nurl = http://u:hunter2@x:8000/a \t HTTPS://y/b?token=hunter2#c").Sources[0];

        Assert.Equal(2, source.Urls.Count);
        Assert.Equal("u:hunter2", source.Urls[0].UserInfo);
        AssertLines(
            ["http://x:8000/a", "https://y/b?…"], source.Urls.Select(SourceSettings.RedactedUrl));
        Assert.DoesNotContain("hunter2", source.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_should_be_known_is_a_warning()
    {
        var result = Read("""
            [general]
            max_retries = 3
            [a]
            type = stream
            url = http://x/
            log_level = DEBUG
            [b]
            type = stream
            url = http://x/
            [c]
            type = stream
            url = http://x/
            output_directory = recordings-c
            max_retries = 0
            [d]
            type = soundcard
            output_directory = recordings/d
            """);

        Assert.True(result.IsValid);
        AssertLines(
            [
                "config.ini:2: [general] max_retries: a source is given up after 3 failures in a row; 0 never gives up",
                "config.ini:6: [a] log_level: has an effect in [general] only",
                "config.ini:7: [b] has the same folder and filename_pattern as [a]; where a name is taken, _2 is appended",
                "config.ini:13: [c] output_directory: lies outside /srv/recordings: it is recorded, but the page does not show it",
            ],
            result.Warnings.Select(w => w.ToString()));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told_in_a_sentence()
    {
        var folder = _directory.FullName;
        File.WriteAllBytes(Path.Combine(folder, "large.ini"), new byte[1024 * 1024 + 1]);

        Assert.Equal(
            $"config.ini: there is no {folder}/config.ini; `isr check --example` prints one to begin with, "
            + "or try `isr demo`, which needs none",
            LoadOne("config.ini"));
        Assert.StartsWith("no/such/config.ini: there is no ", LoadOne("no/such/config.ini"), StringComparison.Ordinal);
        Assert.Equal($".: {folder} is a folder, not a file", LoadOne("."));
        Assert.Equal("large.ini: the file is larger than 1 MiB", LoadOne("large.ini"));
        Assert.Equal("/dev/zero: the file is larger than 1 MiB", LoadOne("/dev/zero"));
        Assert.Equal(": not a file's name", LoadOne(""));

        string LoadOne(string path) => Assert.Single(ConfigurationLoader.Load(path, folder).Mistakes).ToString();
    }

    [Fact]
    public void A_file_is_found_relative_to_the_working_directory()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "config.ini"), Stream);

        var result = ConfigurationLoader.Load("config.ini", _directory.FullName);

        Assert.Equal(Path.Combine(_directory.FullName, "recordings"), result.Settings?.General.OutputDirectory);
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        const int seed = 20260101;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var example = File.ReadAllBytes(ExampleFile());
        for (var i = 0; i < 3000; i++)
        {
            byte[] bytes;
            if (i % 3 == 0)
            {
                bytes = new byte[random.Next(300)];
                random.NextBytes(bytes);
            }
            else
            {
                bytes = example[..random.Next(example.Length)];
                for (var changes = random.Next(40); changes > 0 && bytes.Length > 0; changes--)
                {
                    bytes[random.Next(bytes.Length)] = i % 3 == 1 ? (byte)random.Next(256) : "[]=:#; \n\r\t%/\0"u8[random.Next(13)];
                }
            }

            var result = ConfigurationLoader.Read("config.ini", bytes, "/srv");

            Assert.True(result.IsValid == (result.Mistakes.Count == 0), $"seed {seed}, round {i}");
            Assert.All(result.Mistakes, m => Assert.DoesNotContain(m.ToString(), char.IsControl));
        }
    }

    [Fact]
    public void The_example_is_valid_and_names_every_key()
    {
        var text = File.ReadAllText(ExampleFile());
        var result = ConfigurationLoader.Load(ExampleFile(), "/srv");

        Assert.Empty(result.Mistakes);
        Assert.Empty(result.Warnings);
        AssertLines(["radio", "news"], result.Settings?.Sources.Select(s => s.Name));
        Assert.All(ConfigurationKey.All, key => Assert.Matches($"(?m)^#?{key.Name} =", text));
    }

    [Fact]
    public void The_example_shows_the_defaults()
    {
        // With its comment signs taken away before keys and sections, it means the same.
        var text = File.ReadAllText(ExampleFile());
        var shown = Valid(string.Join('\n', text.Split('\n').Select(l => l is ['#', not ' ', ..] ? l[1..] : l)));
        var plain = Valid(text);

        Assert.Equal(plain.General with { FilenamePattern = shown.General.FilenamePattern }, shown.General);
        AssertLines(["radio", "news", "microphone"], shown.Sources.Select(s => s.Name));
        for (var i = 0; i < plain.Sources.Count; i++)
        {
            Assert.Equal(
                plain.Sources[i] with
                {
                    Line = shown.Sources[i].Line,
                    Urls = shown.Sources[i].Urls,
                    FilenamePattern = shown.Sources[i].FilenamePattern,
                },
                shown.Sources[i]);
        }

        Assert.Equal("%Y%m%d_%H%M%S", shown.General.FilenamePattern.Text);
    }

    private static ConfigurationResult Read(string text) =>
        ConfigurationLoader.Read("config.ini", Encoding.UTF8.GetBytes(text), "/srv");

    private static void AssertLines(IEnumerable<string> expected, IEnumerable<string>? actual) =>
        Assert.Equal(string.Join('\n', expected), string.Join('\n', actual ?? []));

    private static Settings Valid(string text)
    {
        var result = Read(text);
        Assert.Empty(result.Mistakes);
        return result.Settings!;
    }

    private static string ExampleFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Isr.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "config.example.ini");
    }
}
