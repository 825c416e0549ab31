using System.Globalization;

namespace Isr.Logging;

/// <summary>Writes one line per event, in the recorder's zone: time, level, sentence. To stdout and the log file.</summary>
internal sealed class DiaryLoggerProvider(TimeProvider time, LogFile? file) : ILoggerProvider
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new DiaryLogger(this);

    public void Dispose() => file?.Dispose();

    private void Write(LogLevel level, string message, Exception? exception)
    {
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), time.LocalTimeZone);
        var line = string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm:ss.fff} {Word(level),-8} {OneLine(message)}{(exception is null ? "" : "\n" + exception)}\n");
        lock (_gate)
        {
            Console.Out.Write(line);
        }

        file?.Write(line);
    }

    /// <summary>What a server sends must not make up lines of its own.</summary>
    private static string OneLine(string message) =>
        message.AsSpan().ContainsAnyInRange('\0', '\u001f') ? string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c)) : message;

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        _ => "CRITICAL",
    };

    private sealed class DiaryLogger(DiaryLoggerProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Write(logLevel, formatter(state, exception), exception);
    }
}
