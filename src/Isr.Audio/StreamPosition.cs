namespace Isr.Audio;

/// <summary>
/// A place in a stream by the stream's own count: what Ogg's granule positions and the numbers of FLAC frames tell. Two
/// connections to one encoder tell the same count, two encoders do not.
/// </summary>
/// <param name="Stream">The serial number of the logical stream in Ogg; 0 where a stream has no such number.</param>
/// <param name="Samples">Samples per channel since the stream's own beginning.</param>
public readonly record struct StreamPosition(uint Stream, long Samples);
