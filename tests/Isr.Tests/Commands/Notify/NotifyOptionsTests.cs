using Isr.Commands.Notify;

namespace Isr.Tests.Commands.Notify;

public sealed class NotifyOptionsTests
{
    [Theory]
    [InlineData("30000000", null, 30.0)]
    [InlineData("30000000", "77", 30.0)]
    [InlineData("30000000", "78", null)]
    [InlineData("30000000", "x", null)]
    [InlineData("0", null, null)]
    [InlineData("-5", null, null)]
    [InlineData("often", null, null)]
    [InlineData("9223372036854775807", null, null)]
    [InlineData(null, null, null)]
    public void A_watchdog_counts_for_the_process_that_it_is_meant_for(string? microseconds, string? process, double? seconds)
    {
        var options = NotifyOptions.Of(name => name switch { "WATCHDOG_USEC" => microseconds, "WATCHDOG_PID" => process, _ => null }, processId: 77);

        Assert.Equal(seconds, options.Watchdog?.TotalSeconds);
        Assert.Null(options.Socket);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    [InlineData("@")]
    [InlineData("/")]
    [InlineData("")]
    public void What_is_no_socket_is_told_with_a_sentence(string name)
    {
        using var socket = NotifySocket.TryOpen(name, out var sentence);

        Assert.Null(socket);
        Assert.Contains($"\"{name}\"", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_no_socket_can_have_is_told_with_a_sentence()
    {
        using var socket = NotifySocket.TryOpen("/" + new string('x', 200), out var sentence);

        Assert.Null(socket);
        Assert.Contains("107 bytes", sentence, StringComparison.Ordinal);
    }
}
