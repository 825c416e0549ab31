using System.Globalization;

namespace Isr.Recording.Time;

/// <summary>
/// A clock for trying out what a running program does when its clock is wrong or is set: the wall time is the
/// system's plus an offset read from the file that <see cref="Variable"/> names. The file's lines:
/// "offset SECONDS", "synchronised yes|no". The monotonic clock is never touched.
/// </summary>
internal sealed class TestClock(string path) : TimeProvider
{
    public const string Variable = "ISR_TEST_CLOCK";

    public ClockState State => Read("synchronised") is "no" ? ClockState.Unsynchronised : ClockState.Synchronised;

    public static TestClock? FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? new TestClock(path) : null;

    public override DateTimeOffset GetUtcNow() =>
        System.GetUtcNow().AddSeconds(double.TryParse(Read("offset"), NumberStyles.Float, CultureInfo.InvariantCulture, out var offset) ? offset : 0);

    private string? Read(string key)
    {
        try
        {
            return File.ReadLines(path).Select(line => line.Split(' ', 2)).FirstOrDefault(p => p.Length == 2 && p[0] == key)?[1].Trim();
        }
        catch (IOException)
        {
            // Being replaced this moment: no offset, which the next look corrects.
            return null;
        }
    }
}
