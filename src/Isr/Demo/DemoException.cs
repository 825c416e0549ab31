namespace Isr.Demo;

/// <summary>The demo cannot go on; the message is a sentence for its user.</summary>
internal sealed class DemoException(string message, Exception? inner = null) : Exception(message, inner);
