using Isr.Configuration;

namespace Isr.Logging;

/// <summary>
/// Writes a line for each event, in the recorder's zone, to stdout and to the log file. Each has a queue of its own: neither a terminal that was halted nor a disk
/// that hangs may hold up whoever has something to say, nor each other.
/// </summary>
internal sealed class DiaryLoggerProvider : ILoggerProvider
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly LogFormat _format;
    private readonly LogFile? _file;
    private readonly LineQueue _toOutput;
    private readonly LineQueue? _toFile;

    public DiaryLoggerProvider(TimeProvider time, LogFile? file, LogFormat format = LogFormat.Text)
    {
        (_time, _file, _format) = (time, file, format);
        _toOutput = new LineQueue(WriteOutput, DescribeDropped);
        _toFile = file is null ? null : new LineQueue(file.Write, DescribeDropped);
    }

    public ILogger CreateLogger(string categoryName) => new DiaryLogger(this, categoryName);

    public void Dispose()
    {
        if (_toFile?.End(s_lastWords) ?? true)
        {
            _file?.Dispose();
        }

        _toOutput.End(s_lastWords);
    }

    private void Write(LogLevel level, string category, EventId id, string message, IReadOnlyList<KeyValuePair<string, object?>>? values, Exception? exception)
    {
        var line = _format == LogFormat.Json
            ? DiaryLine.Json(Now(), level, category, id, message, values, exception)
            : DiaryLine.Text(Now(), level, message, exception);
        _toFile?.Add(line);
        _toOutput.Add(line);
    }

    private static void WriteOutput(string line)
    {
        try
        {
            Console.Out.Write(line);
        }
        catch (IOException)
        {
            // Nobody reads stdout any more; the file has the line.
        }
    }

    private DateTimeOffset Now() => TimeZoneInfo.ConvertTime(_time.GetUtcNow(), _time.LocalTimeZone);

    private string DescribeDropped(long lines)
    {
        var message = $"{lines} lines of the log are missing here: nothing took them for too long";
        return _format == LogFormat.Json
            ? DiaryLine.Json(Now(), LogLevel.Warning, typeof(DiaryLoggerProvider).FullName!, default, message, [new("Lines", lines)], null)
            : DiaryLine.Text(Now(), LogLevel.Warning, message, null);
    }

    private sealed class DiaryLogger(DiaryLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Write(logLevel, category, eventId, formatter(state, exception), state as IReadOnlyList<KeyValuePair<string, object?>>, exception);
    }
}
