namespace Isr.Analysis;

/// <summary>Measures a recording and keeps its levels, unless it is being written. Whatever is in it, the answer is levels or a sentence.</summary>
/// <param name="relativePath">In the recordings folder.</param>
/// <param name="cancellationToken">Stops it.</param>
internal delegate Task<MeasuredFile> MeasureRecording(string relativePath, CancellationToken cancellationToken);
