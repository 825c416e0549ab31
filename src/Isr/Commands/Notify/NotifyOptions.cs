using System.Globalization;

namespace Isr.Commands.Notify;

/// <summary>What the service manager asks for, in the environment.</summary>
/// <param name="Socket">NOTIFY_SOCKET; null when nobody wants to be told.</param>
/// <param name="Watchdog">Without a sign of life for so long it restarts the service; null when it does not watch.</param>
internal sealed record NotifyOptions(string? Socket, TimeSpan? Watchdog)
{
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogOwnerVariable = "WATCHDOG_PID";

    /// <summary>sd_watchdog_enabled(3): microseconds, which count only for the process that they were meant for.</summary>
    public static NotifyOptions Of(Func<string, string?> variable, int processId)
    {
        var isMeant = variable(WatchdogOwnerVariable) is not { Length: > 0 } owner
            || (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == processId);
        var watchdog = isMeant && long.TryParse(variable(WatchdogVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds is > 0 and < long.MaxValue / 10
            ? TimeSpan.FromMicroseconds(microseconds)
            : (TimeSpan?)null;
        return new NotifyOptions(variable(NotifySocket.Variable) is { Length: > 0 } socket ? socket : null, watchdog);
    }

    /// <summary>Takes them out of the environment, so that the processes that decode do not speak for the service.</summary>
    public static NotifyOptions Take()
    {
        var options = Of(Environment.GetEnvironmentVariable, Environment.ProcessId);
        Environment.SetEnvironmentVariable(NotifySocket.Variable, null);
        Environment.SetEnvironmentVariable(WatchdogVariable, null);
        Environment.SetEnvironmentVariable(WatchdogOwnerVariable, null);
        return options;
    }
}
