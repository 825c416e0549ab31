namespace Isr.Configuration;

internal enum LogFormat
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>An object a line, for programs.</summary>
    Json,
}
