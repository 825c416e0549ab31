using System.Text.Json;
using Isr.Commands;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The built program, asked for devices: those of this machine, and fake ones.</summary>
public sealed class DevicesCommandTests : IDisposable
{
    private static readonly FakeDevice s_analog = new(0, "ALC897 Analog", Formats: "2,10", Rates: "44100,48000,96000");
    private static readonly FakeDevice s_usb = new(0, "USB Audio", Formats: "2,32", Rates: "48000", Channels: "1-8");

    private readonly ProgramFolder _folder = new();

    [Theory]
    [InlineData("devices")]
    [InlineData("--list-devices")]
    [InlineData("run", "--list-devices")]
    [InlineData("record", "--list-devices")]
    public async Task Without_cards_it_says_so_and_what_to_do(params string[] words)
    {
        using var cards = await FakeCards.CreateAsync();

        var result = await RunAsync(cards.Environment, words);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("There is no capture device.", result.Text, StringComparison.Ordinal);
        Assert.Contains("device = default", result.Text, StringComparison.Ordinal);
        Assert.Equal("", result.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task What_this_machine_has_is_listed_without_an_error()
    {
        var result = await RunAsync(null, "devices");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Errors);
        Assert.Contains(Directory.Exists("/dev/snd") ? "device" : "there is no capture device", result.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_capture_device_is_listed_with_what_it_can_do_or_why_that_is_unknown()
    {
        using var cards = await FakeCards.CreateAsync();
        cards.Set(
            FakeCards.Card(0, "PCH", "HDA Intel PCH", "HDA Intel PCH at 0xf7 irq 30", s_analog, new(2, "ALC897 Alt Analog", "EBUSY"), new(3, "HDMI 0", "playback")),
            FakeCards.Card(4, "Device", "USB Sound", "USB Sound at usb-1", s_usb, new(1, "Locked", "EACCES"), new(2, "Gone", "ENODEV")));

        var result = await RunAsync(cards.Environment, "devices");

        Assert.Equal(0, result.ExitCode);
        var lines = result.Text.Split('\n');
        Assert.Matches(@"^0 +0 +HDA Intel PCH: ALC897 Analog +S16_LE S32_LE +44100 48000 96000 +2 +hw:CARD=PCH,DEV=0$", lines[1]);
        Assert.Matches(@"^0 +2 +HDA Intel PCH: ALC897 Alt Analog +\(in use\) +hw:CARD=PCH,DEV=2$", lines[2]);
        Assert.Matches(@"^4 +0 +USB Sound: USB Audio +S16_LE S24_3LE +48000 +1-8 +hw:CARD=Device,DEV=0$", lines[3]);
        Assert.Matches(@"^4 +1 +USB Sound: Locked +\(no permission: add the user to the group audio\) +hw:CARD=Device,DEV=1$", lines[4]);
        Assert.Matches(@"^4 +2 +USB Sound: Gone +\(gone\) +hw:CARD=Device,DEV=2$", lines[5]);
        Assert.DoesNotContain("HDMI", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON_it_says_the_same()
    {
        using var cards = await FakeCards.CreateAsync();
        cards.Set(FakeCards.Card(4, "Device", "USB \"Söund\"", "USB Sound at usb-1", s_usb, new(1, "Second", "EBUSY")));

        var result = await RunAsync(cards.Environment, "devices", "--json");

        using var json = JsonDocument.Parse(result.Text);
        var first = json.RootElement[0];
        Assert.Equal("hw:CARD=Device,DEV=0", first.GetProperty("device").GetString());
        Assert.Equal("USB \"Söund\": USB Audio", first.GetProperty("name").GetString());
        Assert.Equal(4, first.GetProperty("card").GetInt32());
        Assert.Equal("Device", first.GetProperty("card_id").GetString());
        Assert.Equal("USB Sound at usb-1", first.GetProperty("card_long_name").GetString());
        Assert.Equal("hw:4,0", first.GetProperty("hw").GetString());
        Assert.Equal(["S16_LE", "S24_3LE"], first.GetProperty("formats").EnumerateArray().Select(f => f.GetString()), StringComparer.Ordinal);
        Assert.Equal([48000], first.GetProperty("rates").EnumerateArray().Select(r => r.GetInt32()));
        Assert.Equal(8, first.GetProperty("channels").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, json.RootElement[1].GetProperty("formats").ValueKind);
        Assert.Equal("in use", json.RootElement[1].GetProperty("why_unknown").GetString());
        Assert.Contains(json.RootElement.EnumerateArray(), line => line.GetProperty("device").GetString() == "null");
    }

    [Fact]
    public async Task A_card_that_comes_back_under_another_number_is_found_by_its_name()
    {
        using var cards = await FakeCards.CreateAsync();
        cards.Set(FakeCards.Card(0, "PCH", "HDA", "HDA", s_analog), FakeCards.Card(1, "Device", "USB Sound", "USB Sound at usb-1", s_usb));
        var before = await RunAsync(cards.Environment, "devices", "usb sound");

        cards.Set(FakeCards.Card(0, "Device", "USB Sound", "USB Sound at usb-1", s_usb), FakeCards.Card(1, "PCH", "HDA", "HDA", s_analog));
        var after = await RunAsync(cards.Environment, "devices", "usb sound");
        var listed = await RunAsync(cards.Environment, "devices");

        Assert.Equal("USB Sound: USB Audio (hw:CARD=Device,DEV=0)\n", before.Text);
        Assert.Equal(before.Text, after.Text);
        Assert.Matches("(?m)^0 .*hw:CARD=Device,DEV=0$", listed.Text);
    }

    [Fact]
    public async Task ALSA_itself_opens_a_renumbered_card_by_the_name_that_was_chosen()
    {
        using var cards = await FakeCards.CreateAsync();
        cards.Set(FakeCards.Card(7, "Device", "USB Sound", "USB Sound at usb-1", s_usb));
        string[] words = ["-D", "hw:CARD=Device,DEV=0", "-d", "1", "--dump-hw-params", "/dev/null"];

        await using var arecord = Processes.Start("arecord", words, environment: cards.Environment);
        var result = await arecord.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("S16_LE S24_3LE", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_cards_of_one_model_are_both_named()
    {
        using var cards = await FakeCards.CreateAsync();
        cards.Set(FakeCards.Card(0, "Device", "USB Sound", "at usb-2", s_usb), FakeCards.Card(1, "Device_1", "USB Sound", "at usb-3", s_usb));

        var both = await RunAsync(cards.Environment, "devices", "USB Sound");
        var one = await RunAsync(cards.Environment, "devices", "usb-3");

        Assert.Equal(1, both.ExitCode);
        Assert.Contains("hw:CARD=Device,DEV=0", both.Errors, StringComparison.Ordinal);
        Assert.Contains("hw:CARD=Device_1,DEV=0", both.Errors, StringComparison.Ordinal);
        Assert.Equal("USB Sound: USB Audio (hw:CARD=Device_1,DEV=0)\n", one.Text);
    }

    [Fact]
    public async Task Odd_names_do_not_break_the_table()
    {
        using var cards = await FakeCards.CreateAsync();
        cards.Set(FakeCards.Card(3, "Odd", @"\e[2JEvil\nERROR\xff", new string('x', 79), new FakeDevice(0, @"A\n\e]0;title\x07B")));

        var result = await RunAsync(cards.Environment, "devices");

        var lines = result.Text.Split('\n');
        Assert.Matches(@"^3 +0 +\[2JEvil ERROR\uFFFD: A \]0;title B +S16_LE .*hw:CARD=Odd,DEV=0$", lines[1]);
        Assert.DoesNotContain('\u001b', result.Text);
    }

    [Fact]
    public async Task Names_of_asound_conf_are_listed_with_their_descriptions_and_found_where_they_are_not_listed()
    {
        await File.WriteAllTextAsync(
            _folder.File("asound.conf"),
            """
            </usr/share/alsa/alsa.conf>
            pcm.plain_mic { type null }
            pcm.told_mic { type null hint { description "Microphone
            of the studio" } }
            pcm.hidden_mic { type null hint { show off } }
            """,
            TestContext.Current.CancellationToken);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ALSA_CONFIG_PATH"] = _folder.File("asound.conf") };

        var listed = await RunAsync(environment, "devices");
        var hidden = await RunAsync(environment, "devices", "hidden_mic");

        Assert.Matches("(?m)^plain_mic$", listed.Text);
        Assert.Matches("(?m)^told_mic +Microphone of the studio$", listed.Text);
        Assert.DoesNotContain("hidden_mic", listed.Text, StringComparison.Ordinal);
        Assert.Equal("hidden_mic\n", hidden.Text);
    }

    [Fact]
    public async Task The_example_of_a_shared_card_is_understood_by_ALSA()
    {
        await File.WriteAllTextAsync(
            _folder.File("all.conf"), $"</usr/share/alsa/alsa.conf>\n<{Example()}>\n", TestContext.Current.CancellationToken);
        using var cards = await FakeCards.CreateAsync();
        var environment = new Dictionary<string, string>(cards.Environment, StringComparer.Ordinal) { ["ALSA_CONFIG_PATH"] = _folder.File("all.conf") };

        var listed = await RunAsync(environment, "devices");
        var found = await RunAsync(environment, "devices", "shared_mic");

        Assert.Matches("(?m)^shared_mic +One card for several programs$", listed.Text);
        Assert.Equal("shared_mic\n", found.Text);

        // ALSA reads all of it, down to the card, which is the first thing that is wrong.
        await using var arecord = Processes.Start("arecord", ["-D", "shared_mic", "-d", "1", "/dev/null"], environment: environment);
        var result = await arecord.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Cannot get card index for Device", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_ALSA_cannot_read_is_no_crash()
    {
        await File.WriteAllTextAsync(_folder.File("broken.conf"), "pcm.x { type", TestContext.Current.CancellationToken);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ALSA_CONFIG_PATH"] = _folder.File("broken.conf") };

        var listed = await RunAsync(environment, "devices");
        var found = await RunAsync(environment, "devices", "x");

        Assert.Equal(0, listed.ExitCode);
        Assert.Equal(1, found.ExitCode);
        Assert.DoesNotContain("   at ", listed.All + found.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("devices")]
    [InlineData("devices", "usb")]
    public async Task Without_libasound_it_says_what_is_missing(params string[] words)
    {
        // The loader takes the first file of that name for it, and this is no library.
        await File.WriteAllTextAsync(_folder.File("libasound.so.2"), "none", TestContext.Current.CancellationToken);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LD_LIBRARY_PATH"] = _folder.Path };

        var result = await RunAsync(environment, words);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("libasound.so.2 is not installed", result.Errors, StringComparison.Ordinal);
        Assert.Equal("", result.Text);
    }

    [Theory]
    [InlineData(false, "--device /dev/snd-of-nobody", "PCH")]
    [InlineData(true, "none can capture", "PCH")]
    [InlineData(true, "group audio")]
    public void Where_there_is_none_it_says_why(bool hasFolder, string sentence, params string[] kernelCards)
    {
        var text = DevicesCommand.WhyNone(hasFolder ? _folder.Path : "/dev/snd-of-nobody", kernelCards);

        Assert.Contains(sentence, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_in_a_row_are_shown_as_a_range()
    {
        Assert.Equal("1-4 8 10-11", DevicesCommand.Ranges([1, 2, 3, 4, 8, 10, 11]));
        Assert.Equal("", DevicesCommand.Ranges([]));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ProcessResult> RunAsync(IReadOnlyDictionary<string, string>? environment, params string[] words)
    {
        await using var program = IsrProgram.Start(_folder, words, environment: environment);
        return await program.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static string Example()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Isr.slnx")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "packaging", "alsa", "asound.conf");
    }
}
