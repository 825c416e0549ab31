namespace Isr.Audio;

/// <summary>Reads bytes of a file; fewer than asked for, or none, where it ends. Throws what stops the whole work.</summary>
/// <param name="offset">From the start of the file.</param>
/// <param name="destination">Takes the bytes.</param>
public delegate int ReadAt(long offset, Span<byte> destination);
