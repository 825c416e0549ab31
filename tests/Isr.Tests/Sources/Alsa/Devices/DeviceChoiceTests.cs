using Isr.Sources.Alsa.Devices;

namespace Isr.Tests.Sources.Alsa.Devices;

public sealed class DeviceChoiceTests
{
    private static readonly CaptureDevice s_analog = Device(0, "PCH", "HDA Intel PCH", "HDA Intel PCH at 0xf7310000 irq 30", 0, "ALC897 Analog");
    private static readonly CaptureDevice s_alternative = s_analog with { Number = 2, Name = "ALC897 Alt Analog" };
    private static readonly CaptureDevice s_first = Device(1, "Device", "USB PnP Sound Device", "C-Media USB PnP Sound Device at usb-0000:00:14.0-2, full speed", 0, "USB Audio");
    private static readonly CaptureDevice s_second = s_first with { Card = 2, CardId = "Device_1", CardLongName = "C-Media USB PnP Sound Device at usb-0000:00:14.0-3, full speed" };
    private static readonly CaptureDevice[] s_all = [s_analog, s_alternative, s_first, s_second];
    private static readonly string[] s_configured = ["default", "pulse", "shared_mic", "hw", "plughw", "dsnoop"];

    [Theory]
    [InlineData("default")]
    [InlineData(" Default ")]
    [InlineData("")]
    public void Default_is_the_default_device_whatever_there_is(string configured)
    {
        var choice = Find(configured);

        Assert.Equal("default", choice.Pcm);
        Assert.Equal("default", Find(configured, []).Pcm);
    }

    [Theory]
    [InlineData("hw:1,0")]
    [InlineData("hw:CARD=Nothing,DEV=7")]
    [InlineData("plughw:CARD=PCH,DEV=0")]
    [InlineData("dsnoop:CARD=PCH")]
    [InlineData("nobody:knows,this")]
    [InlineData("shared_mic")]
    [InlineData("pulse")]
    public void A_name_that_ALSA_takes_is_left_as_it_is(string configured)
    {
        Assert.Equal(configured, Find(configured).Pcm);
        Assert.Equal(configured, Find(configured, []).Pcm);
    }

    [Theory]
    [InlineData("alt analog", "hw:CARD=PCH,DEV=2")]
    [InlineData("ALT", "hw:CARD=PCH,DEV=2")]
    [InlineData("897 An", "hw:CARD=PCH,DEV=0")]
    [InlineData("device_1", "hw:CARD=Device_1,DEV=0")]
    [InlineData("14.0-2,", "hw:CARD=Device,DEV=0")]
    [InlineData("usb-0000:00:14.0-3", "hw:CARD=Device_1,DEV=0")]
    [InlineData("HDA Intel PCH: ALC897 Analog", "hw:CARD=PCH,DEV=0")]
    public void A_part_of_one_device_s_name_is_that_device(string configured, string pcm)
    {
        var choice = Find(configured);

        Assert.True(choice.IsFound, choice.Sentence);
        Assert.Equal(pcm, choice.Pcm);
        Assert.Equal("", choice.Sentence);
    }

    [Fact]
    public void A_name_of_the_configuration_goes_before_a_part_of_a_device_s_name()
    {
        var choice = Find("pulse", [s_analog with { CardName = "Pulse 8" }]);

        Assert.Equal("pulse", choice.Pcm);
    }

    [Fact]
    public void A_name_of_the_configuration_must_be_right_in_every_letter()
    {
        var choice = Find("Shared_Mic");

        Assert.False(choice.IsFound);
        Assert.Contains("\"Shared_Mic\"", choice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_fits_several_names_them_all_and_what_to_write()
    {
        var choice = Find("usb");

        Assert.False(choice.IsFound);
        Assert.Contains("fits 2 devices", choice.Sentence, StringComparison.Ordinal);
        Assert.Contains("USB PnP Sound Device: USB Audio (hw:CARD=Device,DEV=0)", choice.Sentence, StringComparison.Ordinal);
        Assert.Contains("(hw:CARD=Device_1,DEV=0)", choice.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("PCH", choice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_fits_none_names_what_there_is()
    {
        var choice = Find("Scarlett");

        Assert.False(choice.IsFound);
        Assert.Contains("\"Scarlett\"", choice.Sentence, StringComparison.Ordinal);
        Assert.All(s_all, device => Assert.Contains(device.Pcm, choice.Sentence, StringComparison.Ordinal));
        Assert.Contains("isr devices", choice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_no_device_at_all_that_is_what_is_said()
    {
        var choice = Find("usb", []);

        Assert.False(choice.IsFound);
        Assert.Contains("there is no capture device at all", choice.Sentence, StringComparison.Ordinal);
        Assert.Contains("isr devices", choice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_devices_do_not_make_a_sentence_of_a_hundred_names()
    {
        var devices = Enumerable.Range(0, 100).Select(n => s_first with { Card = n, CardId = $"Card{n}" }).ToArray();

        var choice = Find("usb", devices);

        Assert.Contains("fits 100 devices", choice.Sentence, StringComparison.Ordinal);
        Assert.Contains("and 90 more", choice.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_that_comes_back_under_another_number_is_found_again()
    {
        var before = Find("pnp", [s_analog, s_first]);
        var after = Find("pnp", [s_first with { Card = 0 }, s_analog with { Card = 1 }]);

        Assert.Equal("hw:CARD=Device,DEV=0", before.Pcm);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Two_cards_of_one_model_that_changed_their_ids_are_told_apart_by_their_sockets()
    {
        var swapped = new[] { s_first with { CardId = "Device_1" }, s_second with { CardId = "Device" } };

        Assert.Equal("hw:CARD=Device_1,DEV=0", Find("14.0-2,", swapped).Pcm);
        Assert.Equal("hw:CARD=Device,DEV=0", Find("14.0-3,", swapped).Pcm);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("")]
    [InlineData("a,DEV=9")]
    [InlineData("Gerät")]
    public void An_id_that_ALSA_could_not_find_is_replaced_by_the_card_s_number(string id)
    {
        var choice = Find("PnP", [s_first with { CardId = id }]);

        Assert.Equal("hw:1,0", choice.Pcm);
    }

    [Fact]
    public void What_is_configured_cannot_make_up_lines_of_its_own()
    {
        var choice = Find("usb\u001b[2J\nERROR");

        Assert.DoesNotContain('\n', choice.Sentence);
        Assert.DoesNotContain('\u001b', choice.Sentence);
    }

    private static DeviceChoice Find(string configured, CaptureDevice[]? devices = null) =>
        DeviceChoice.Find(configured, () => devices ?? s_all, name => s_configured.Contains(name, StringComparer.Ordinal));

    private static CaptureDevice Device(int card, string id, string name, string longName, int number, string deviceName) =>
        new() { Card = card, CardId = id, CardName = name, CardLongName = longName, Number = number, Name = deviceName };
}
