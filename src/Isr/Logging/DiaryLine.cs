using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Isr.Logging;

/// <summary>One event of the log as a line, with the line feed.</summary>
internal static class DiaryLine
{
    /// <summary>Letters of all languages stay as they are; a line is no part of a page.</summary>
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(DateTimeOffset at, LogLevel level, string message, Exception? exception) =>
        string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd HH:mm:ss.fff} {Word(level),-8} {OneLine(message)}{(exception is null ? "" : "\n" + exception)}\n");

    /// <param name="at">Local with its offset, written as RFC 3339 has it.</param>
    /// <param name="level">How bad it is.</param>
    /// <param name="category">Who says it.</param>
    /// <param name="id">Which of its sentences.</param>
    /// <param name="message">The sentence with its values in it.</param>
    /// <param name="values">The same values by their names, as they were given and not as the sentence shows them.</param>
    /// <param name="exception">What was thrown, if anything.</param>
    public static string Json(
        DateTimeOffset at, LogLevel level, string category, EventId id, string message, IReadOnlyList<KeyValuePair<string, object?>>? values, Exception? exception)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output, s_options))
        {
            json.WriteStartObject();
            json.WriteString("time", at.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture));
            json.WriteString("level", Word(level));
            json.WriteString("category", category);
            json.WriteNumber("event_id", id.Id);
            if (id.Name is { } name)
            {
                json.WriteString("event", name);
            }

            json.WriteString("message", message);
            if (values is not null)
            {
                WriteValues(json, values);
            }

            if (exception is not null)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan) + "\n";
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        json.WriteStartObject("values");
        foreach (var (name, value) in values)
        {
            if (name == "{OriginalFormat}")
            {
                continue;
            }

            switch (value)
            {
                case null:
                    json.WriteNull(name);
                    break;
                case bool truth:
                    json.WriteBoolean(name, truth);
                    break;
                case int or long or short or byte or uint or ushort:
                    json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumber(name, number);
                    break;
                case DateTimeOffset moment:
                    json.WriteString(name, moment.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture));
                    break;
                default:
                    json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }

        json.WriteEndObject();
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
}
