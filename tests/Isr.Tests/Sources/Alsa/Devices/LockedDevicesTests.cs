using Isr.Sources.Alsa.Devices;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Alsa.Devices;

public sealed class LockedDevicesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void A_device_that_may_not_be_opened_is_known_by_its_file_and_by_what_the_kernel_says()
    {
        Write("", "dev/controlC1", "dev/pcmC1D0c", "dev/pcmC1D0p", "dev/pcmC1D3p", "dev/timer", "dev/pcmCxD0c");
        Write("Device\n", "proc/card1/id");
        Write("card: 1\ndevice: 0\nname: USB Audio\nsubname: x\n", "proc/card1/pcm0c/info");

        var device = Assert.Single(LockedDevices.Find(_directory.File("dev"), _directory.File("proc")));

        Assert.Equal("hw:CARD=Device,DEV=0", device.Pcm);
        Assert.Equal("hw:1,0", device.ShortPcm);
        Assert.Equal("Device: USB Audio", device.FullName);
        Assert.Contains("audio", device.WhyUnknown, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_kernel_says_nothing_the_number_is_left()
    {
        Write("", "dev/pcmC10D2c");

        var device = Assert.Single(LockedDevices.Find(_directory.File("dev"), _directory.File("proc")));

        Assert.Equal("hw:10,2", device.Pcm);
        Assert.Equal("card 10", device.FullName);
    }

    [Fact]
    public void Without_the_folders_there_is_nothing()
    {
        Assert.Empty(LockedDevices.Find(_directory.File("dev"), _directory.File("proc")));
        Assert.Empty(LockedDevices.KernelCards(_directory.File("proc")));
    }

    [Fact]
    public void The_kernel_s_cards_are_known_where_their_devices_are_out_of_reach()
    {
        Write("PCH\n", "proc/card0/id");
        Write("Device\n", "proc/card1/id");

        Assert.Equal(["PCH", "Device"], LockedDevices.KernelCards(_directory.File("proc")));
    }

    public void Dispose() => _directory.Dispose();

    private void Write(string text, params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_directory.File(name))!);
            File.WriteAllText(_directory.File(name), text);
        }
    }
}
