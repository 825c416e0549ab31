using Isr.Recording.Time;

namespace Isr.Tests.Recording.Time;

public sealed class DeviceClockTests
{
    private const int Rate = 48_000;

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(50, 0.1)]
    [InlineData(-180, 0.1)]
    [InlineData(180, 0.25)]
    public void Samples_are_dated_to_two_milliseconds_and_the_drift_is_found(double ppm, double lumpSeconds)
    {
        var card = new Card(ppm) { LumpSeconds = lumpSeconds };
        var worst = 0.0;
        card.Run(1800, () =>
        {
            if (card.Now > 2)
            {
                worst = Math.Max(worst, Math.Abs(card.Clock.TimeOf(card.Position) - card.TrueTimeOf(card.Position)));
            }
        });

        // The crystal alone may go 60 s before its slope is known: 11 ms at 180 ppm, of which the lowest note of a minute leaves this.
        Assert.InRange(worst, 0, 0.002 + (60 * Math.Abs(ppm) * 1e-6));
        Assert.InRange(Math.Abs(card.Clock.TimeOf(card.Position) - card.TrueTimeOf(card.Position)), 0, 0.002);
        Assert.InRange(card.Clock.DriftPpm!.Value, ppm - 1, ppm + 1);
    }

    [Fact]
    public void Nothing_is_said_of_the_drift_before_a_minute_has_passed()
    {
        var card = new Card(100);

        card.Run(50, () => Assert.Null(card.Clock.DriftPpm));
        card.Run(30);

        Assert.InRange(card.Clock.DriftPpm!.Value, 50, 150);
    }

    [Fact]
    public void A_jump_is_told_once_with_its_place_and_length_and_what_follows_is_dated_rightly()
    {
        var card = new Card(20);
        card.Run(300);
        var before = card.Position;
        card.Jump(4);
        card.Run(60);

        var jump = Assert.Single(card.Jumps);
        Assert.InRange(jump.Seconds, 3.99, 4.01);
        Assert.InRange(jump.Position * Rate, before - (Rate / 4), before);
        Assert.InRange(Math.Abs(card.Clock.TimeOf(card.Position) - card.TrueTimeOf(card.Position)), 0, 0.002);
        card.Run(1800);
        Assert.InRange(card.Clock.DriftPpm!.Value, 19, 21);
        Assert.Single(card.Jumps);
    }

    [Fact]
    public void A_reader_that_came_late_is_no_jump()
    {
        var card = new Card(0);
        card.Run(100);
        card.Late = 2;
        card.Run(3);
        card.Late = 0;
        card.Run(60);

        Assert.Empty(card.Jumps);
        Assert.InRange(Math.Abs(card.Clock.TimeOf(card.Position) - card.TrueTimeOf(card.Position)), 0, 0.002);
    }

    [Fact]
    public void After_an_overrun_the_crystal_is_still_known()
    {
        var card = new Card(-150);
        card.Run(600);
        card.Overrun(1);
        card.Run(55);

        Assert.InRange(card.Clock.DriftPpm!.Value, -152, -148);
        Assert.InRange(Math.Abs(card.Clock.TimeOf(card.Position) - card.TrueTimeOf(card.Position)), 0, 0.001);
        Assert.Empty(card.Jumps);
    }

    [Fact]
    public void The_first_sample_at_a_time_is_taken_then_or_later_and_the_one_before_it_earlier()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var card = new Card(77);
        card.Run(200);

        for (var i = 0; i < 100_000; i++)
        {
            var time = card.Now + (random.NextDouble() * 4000);
            var sample = card.Clock.FirstSampleAt(time);
            Assert.True(card.Clock.TimeOf(sample) >= time);
            Assert.True(card.Clock.TimeOf(sample - 1) < time);
        }
    }

    /// <summary>A soundcard in true time, whose time stamps are late by what interrupts and lumps make of them.</summary>
    private sealed class Card(double ppm)
    {
        private readonly Random _random = new(4711);
        private double _lost;
        private double _zero;

        public DeviceClock Clock { get; } = new(Rate);

        public double LumpSeconds { get; init; } = 0.1;

        public double Late { get; set; }

        public double Now { get; private set; }

        public long Position { get; private set; }

        public List<SourceStall> Jumps { get; } = [];

        public double TrueTimeOf(long position) => (position / (Rate * (1 + (ppm * 1e-6)))) + _lost + _zero;

        public void Run(double seconds, Action? each = null)
        {
            for (var end = Now + seconds; Now < end;)
            {
                Now += LumpSeconds;
                Position = (long)((Now - _lost - _zero) * Rate * (1 + (ppm * 1e-6)));
                var late = 0.0001 + (-0.002 * Math.Log(1 - _random.NextDouble()));
                if (Clock.Observe(Position, Now + late + Late) is { } jump)
                {
                    Jumps.Add(jump);
                }

                each?.Invoke();
            }
        }

        public void Jump(double seconds)
        {
            _lost += seconds;
            Now += seconds;
        }

        public void Overrun(double seconds)
        {
            Now += seconds;
            _zero = Now;
            _lost = 0;
            Clock.Restart();
        }
    }
}
