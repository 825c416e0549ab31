using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using Isr.Recording.Journal;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests;

/// <summary>
/// A live programme of which every frame says its own number: ADTS of 16 frames a second, the last seconds again as a
/// burst for whoever comes. It remembers what it sent, so that afterwards every frame can be found: in one file, in
/// none, in two. It outlives the servers that it is mapped to.
/// </summary>
internal sealed class NumberedStation(string name, double burstSeconds = 4)
{
    public const double SecondsPerFrame = 1024 / 16000.0;

    /// <summary>The programme was on before the test began, or those who come first would get no burst.</summary>
    private const int Before = 1000;

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);
    private static readonly long s_began = Stopwatch.GetTimestamp();

    private readonly ConcurrentDictionary<int, bool> _sent = [];
    private int _last = -1;

    /// <summary>Seconds since the programme began: the time of everything here.</summary>
    public static double Time => Stopwatch.GetElapsedTime(s_began).TotalSeconds;

    /// <summary>The frame that sounds now.</summary>
    public static int Now => Before + (int)(Time / SecondsPerFrame);

    /// <summary>Of the source; its path is the same behind a slash.</summary>
    public string Name => name;

    /// <summary>Numbers of all frames that were sent, in order.</summary>
    public IReadOnlyList<int> AllSent() => [.. _sent.Keys.Order()];

    /// <summary>The newest frame that was sent; -1 before the first.</summary>
    public int Last => Volatile.Read(ref _last);

    /// <summary>The oldest frame that was sent.</summary>
    public int First => _sent.Keys.DefaultIfEmpty(-1).Min();

    /// <summary>When a script says that its fault was over; null before.</summary>
    public double? FaultOver { get; set; }

    /// <summary>When the recorder was back after that, and heard.</summary>
    public double? Back { get; private set; }

    public static ReadOnlyMemory<byte> Frame(int number) => FrameSupplies.Numbered(number).Data;

    public static int NumberOf(ReadOnlyMemory<byte> frame) => BinaryPrimitives.ReadInt32BigEndian(frame.Span[7..]);

    public static Task HeadAsync(FaultConnection connection, params string[] more) =>
        connection.SendHeadersAsync("HTTP/1.0 200 OK", ["Content-Type: audio/aac", .. more]);

    /// <summary>Has a server play it to whoever asks, as the script does.</summary>
    public NumberedStation Map(FaultServer server, Func<FaultConnection, Task> script)
    {
        server.Map("/" + name, script);
        return this;
    }

    /// <summary>Has a server play it as it should be.</summary>
    public NumberedStation MapHealthy(FaultServer server) => Map(server, PlayWholeAsync);

    /// <summary>An answer as it should be, until the end of the test.</summary>
    public async Task PlayWholeAsync(FaultConnection connection)
    {
        await HeadAsync(connection);
        await PlayAsync(connection);
    }

    /// <summary>Plays what is on, the burst first; for ever, or for so many seconds.</summary>
    /// <returns>The number that follows.</returns>
    public Task<int> PlayAsync(FaultConnection connection, double lasts = double.PositiveInfinity) =>
        FollowAsync(connection, Now - (int)(burstSeconds / SecondsPerFrame), lasts);

    /// <summary>The same from a number on, whatever is on.</summary>
    public async Task<int> FollowAsync(FaultConnection connection, int next, double lasts = double.PositiveInfinity)
    {
        var end = Time + lasts;
        if (FaultOver is not null)
        {
            Back ??= Time;
        }

        while (Time < end)
        {
            var now = Now;
            await SendAsync(connection, next, now - next);
            next = now;
            await Task.Delay(s_pace, TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return next;
    }

    /// <summary>Sends these frames at once.</summary>
    public async Task SendAsync(FaultConnection connection, int first, int count)
    {
        if (count > 0)
        {
            byte[] bytes = [.. Enumerable.Range(first, count).SelectMany(number => Frame(number).ToArray())];
            await connection.SendBodyAsync(bytes);
            Count(first, count);
        }
    }

    /// <summary>Enters frames that a script sent by itself.</summary>
    public void Count(int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            _sent[number] = true;
        }

        Volatile.Write(ref _last, first + count - 1);
    }

    /// <summary>Holds all files of the source, in the order in which they were opened, against what was sent.</summary>
    public FoundFrames Find(ProgramFolder folder, bool allowCutEnd = false)
    {
        var found = new List<int>();
        var files = folder.Entries<FileOpened>().Where(f => f.Source == name).Select(f => Path.Combine(folder.Recordings, f.File)).Where(File.Exists).ToList();
        foreach (var file in files.Where(f => f.EndsWith(".aac", StringComparison.Ordinal)))
        {
            found.AddRange(FrameSplitter.Adts(File.ReadAllBytes(file), allowCutEnd).Select(NumberOf));
        }

        var gaps = folder.Entries<GapFound>().Where(g => g.Source == name).ToList();
        return FoundFrames.Of(AllSent(), found, gaps, files.Count);
    }
}

/// <summary>What became of the frames that were sent.</summary>
/// <param name="Sent">How many were sent.</param>
/// <param name="Lost">Sent, and in no file.</param>
/// <param name="Doubled">In more than one place.</param>
/// <param name="Foreign">In a file, and never sent.</param>
/// <param name="Disordered">Behind a later one.</param>
/// <param name="LostAtEnd">Of those lost: after the last that was recorded.</param>
/// <param name="LongestHole">The most frames lost in a row before that.</param>
/// <param name="Unsent">Between the first and the last that was sent, those that the station never sent.</param>
/// <param name="GapSeconds">What the journal says is missing.</param>
/// <param name="Files">How many files there are.</param>
internal sealed record FoundFrames(
    int Sent, int Lost, int Doubled, int Foreign, int Disordered, int LostAtEnd, int LongestHole, int Unsent, double GapSeconds, int Files)
{
    public double LostSeconds => Lost * NumberedStation.SecondsPerFrame;

    public double UnsentSeconds => Unsent * NumberedStation.SecondsPerFrame;

    /// <summary>For the table.</summary>
    public string Figures => FormattableString.Invariant(
        $"{Sent} frames sent, {Lost - LostAtEnd} lost, {Doubled} doubled, gaps in the journal {GapSeconds:0.0} s (not sent: {UnsentSeconds:0.0} s)");

    public static FoundFrames Of(IReadOnlyList<int> sent, IReadOnlyList<int> found, IReadOnlyList<GapFound> gaps, int files)
    {
        var distinct = found.ToHashSet();
        var all = sent.ToHashSet();
        var last = distinct.Count == 0 ? int.MinValue : distinct.Max();
        var (hole, longest) = (0, 0);
        foreach (var number in sent.Where(n => n <= last))
        {
            hole = distinct.Contains(number) ? 0 : hole + 1;
            longest = Math.Max(longest, hole);
        }

        return new FoundFrames(
            sent.Count,
            Lost: sent.Count(n => !distinct.Contains(n)),
            Doubled: found.Count - distinct.Count,
            Foreign: distinct.Count(n => !all.Contains(n)),
            Disordered: found.Zip(found.Skip(1)).Count(pair => pair.Second < pair.First),
            LostAtEnd: sent.Count(n => n > last),
            longest,
            Unsent: sent.Count == 0 ? 0 : sent[^1] - sent[0] + 1 - sent.Count,
            gaps.Sum(g => Math.Max(0, g.Seconds)),
            files);
    }

    /// <summary>Fails unless every frame that was sent is in exactly one file, in order.</summary>
    /// <param name="name">Of the source, for the message.</param>
    /// <param name="inFlight">Frames at the end that may have been under way when the program was stopped.</param>
    /// <param name="inOrder">Whether the journal's order, which is by days, is that of the frames.</param>
    public FoundFrames IsWhole(string name, int inFlight = 0, bool inOrder = true)
    {
        Assert.True(Sent > 0, $"{name}: nothing was sent");
        Assert.True(
            Foreign == 0 && LostAtEnd <= inFlight && Lost == LostAtEnd && Doubled == 0 && (Disordered == 0 || !inOrder),
            $"{name}: {this}");
        return this;
    }
}
