namespace Isr.Analysis;

/// <summary>Decodes recordings of every format and measures their levels, in this process (and in ffmpeg's).</summary>
internal static class FileMeasurer
{
    /// <summary>
    /// Measures a file as long as it is when this is called. Whatever is in it, the answer is levels or a sentence; exceptions come only of a stop.
    /// </summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="cores">How many threads may work on it.</param>
    /// <param name="progress">Told now and then, on any thread, what part is done, from 0 to 1; null when nobody asks.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static MeasuredFile Measure(string path, int cores, Action<double>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();
}
