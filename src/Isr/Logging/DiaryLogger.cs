using System.Globalization;
using System.Threading.Channels;

namespace Isr.Logging;

/// <summary>
/// Writes one line per event, in the recorder's zone: time, level, sentence. To stdout and the log file, from a
/// queue: a terminal that was halted or a disk that hangs must not hold up whoever has something to say.
/// </summary>
internal sealed class DiaryLoggerProvider : ILoggerProvider
{
    private const int MaxWaiting = 10_000;
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly TimeProvider _time;
    private readonly LogFile? _file;
    private readonly Task _writing;

    public DiaryLoggerProvider(TimeProvider time, LogFile? file)
    {
        (_time, _file) = (time, file);
        _writing = Task.Run(WriteAsync);
    }

    public ILogger CreateLogger(string categoryName) => new DiaryLogger(this);

    public void Dispose()
    {
        _lines.Writer.TryComplete();
        if (_writing.Wait(s_lastWords))
        {
            _file?.Dispose();
        }
    }

    private void Write(LogLevel level, string message, Exception? exception)
    {
        var now = TimeZoneInfo.ConvertTime(_time.GetUtcNow(), _time.LocalTimeZone);
        _lines.Writer.TryWrite(string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm:ss.fff} {Word(level),-8} {OneLine(message)}{(exception is null ? "" : "\n" + exception)}\n"));
    }

    private async Task WriteAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            _file?.Write(line);
            try
            {
                await Console.Out.WriteAsync(line);
            }
            catch (IOException)
            {
                // Nobody reads stdout any more; the file has the line.
            }
        }
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
