using Isr.Playback;
using Isr.Tests.Support;

namespace Isr.Tests.Playback;

public sealed class AnswerPlacesTests
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task There_are_so_many_places_and_who_gets_none_in_time_is_refused()
    {
        using var places = new AnswerPlaces(_time);
        var taken = new List<IDisposable?>();
        for (var i = 0; i < AnswerPlaces.MostDownloads; i++)
        {
            taken.Add(await places.TryTakeAsync(isClip: false, TestContext.Current.CancellationToken));
        }

        Assert.DoesNotContain(null, taken);
        Assert.NotNull(await places.TryTakeAsync(isClip: true, TestContext.Current.CancellationToken));

        var late = places.TryTakeAsync(isClip: false, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(late.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await late);

        var next = places.TryTakeAsync(isClip: false, TestContext.Current.CancellationToken);
        Assert.False(next.IsCompleted);
        taken[0]!.Dispose();
        taken[0]!.Dispose();
        Assert.NotNull(await next);
        var more = places.TryTakeAsync(isClip: false, TestContext.Current.CancellationToken);
        Assert.False(more.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(await more);
    }

    [Fact]
    public async Task Who_leaves_while_waiting_takes_no_place()
    {
        using var places = new AnswerPlaces(_time);
        var taken = new List<IDisposable?>();
        for (var i = 0; i < AnswerPlaces.MostClips; i++)
        {
            taken.Add(await places.TryTakeAsync(isClip: true, TestContext.Current.CancellationToken));
        }

        using var left = new CancellationTokenSource();
        var waiting = places.TryTakeAsync(isClip: true, left.Token);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        taken[0]!.Dispose();
        Assert.NotNull(await places.TryTakeAsync(isClip: true, TestContext.Current.CancellationToken));
    }
}
