namespace Isr.Recording.Joining;

/// <summary>What an earlier run of the program recorded last of a source.</summary>
/// <param name="Frames">Its last frames.</param>
/// <param name="End">When the last of them had sounded; null where a crash left that unknown.</param>
/// <param name="Gap">Why nothing was recorded since.</param>
internal sealed record LastRecording(RecentFrames Frames, DateTimeOffset? End, Gap Gap);
