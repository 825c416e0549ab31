namespace Isr.Sources;

/// <summary>Something that gives audio for as long as it can, then says why it ended.</summary>
internal interface IAudioSource
{
    /// <summary>
    /// Connects once and feeds <paramref name="sink"/> until the connection ends. Expected ends are returned;
    /// an exception is a defect.
    /// </summary>
    Task<ConnectionEnd> RunAsync(IAudioSink sink, CancellationToken cancellationToken);
}
