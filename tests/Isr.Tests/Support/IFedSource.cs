using Isr.Sources;

namespace Isr.Tests.Support;

/// <summary>A source that a test feeds.</summary>
internal interface IFedSource
{
    SourceMonitor Monitor { get; }

    bool IsConnected { get; }

    void Disconnect(ConnectionEnd? end = null);
}
