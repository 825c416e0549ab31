namespace Isr.Recording;

/// <summary>When a file's first sample sounded.</summary>
/// <param name="Local">In the recorder's zone, as the wall clock was believed then.</param>
/// <param name="Timestamp">On the monotonic clock, from which the truth follows should the wall clock have been wrong.</param>
/// <param name="IsCertain">The wall clock was not known to be wrong when this was reckoned.</param>
internal readonly record struct FileStart(DateTimeOffset Local, long Timestamp, bool IsCertain);
