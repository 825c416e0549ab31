using System.Globalization;
using Isr.Recording;
using Isr.Tests.Support;

namespace Isr.Tests.Recording;

public sealed class StateLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 11, 21, 14, 2, 33, TimeSpan.Zero));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_second_is_told_who_the_first_is_and_the_next_may_have_it()
    {
        var state = _directory.File("state");
        using (var first = StateLock.TryTake(state, _time, out _))
        {
            Assert.NotNull(first);
            Assert.Null(StateLock.TryTake(state, _time, out var sentence));
            Assert.StartsWith(
                string.Create(CultureInfo.InvariantCulture, $"Another isr (process {Environment.ProcessId}, since 2026-11-21 14:02) records with the state directory {state}: "),
                sentence,
                StringComparison.Ordinal);

            // Left behind by another, or damaged: then it has no name.
            foreach (var text in (string[])["", "4194305 2026-11-21T14:02:33+00:00\n", "1", "x y"])
            {
                File.WriteAllText(Path.Combine(state, "lock.owner"), text);
                Assert.Null(StateLock.TryTake(state, _time, out sentence));
                Assert.StartsWith($"Another isr records with the state directory {state}: ", sentence, StringComparison.Ordinal);
            }
        }

        Assert.Equal(["lock"], [.. Directory.GetFiles(state).Select(f => Path.GetFileName(f))]);
        using var next = StateLock.TryTake(state, _time, out _);
        Assert.NotNull(next);
    }
}
