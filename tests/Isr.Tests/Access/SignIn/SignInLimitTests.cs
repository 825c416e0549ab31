using System.Net;
using Isr.Access.SignIn;
using Isr.Tests.Support;

namespace Isr.Tests.Access.SignIn;

public sealed class SignInLimitTests
{
    private static readonly IPAddress s_one = IPAddress.Parse("192.0.2.1");

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly SignInLimit _limit;

    public SignInLimitTests() => _limit = new SignInLimit(_time);

    [Fact]
    public void Each_failure_doubles_the_wait_up_to_a_quarter_of_an_hour()
    {
        var waits = new List<double>();
        for (var i = 0; i < 16; i++)
        {
            if (!_limit.TryBegin(s_one, out var wait))
            {
                waits.Add(Math.Round(wait.TotalSeconds));
                _time.Advance(wait + TimeSpan.FromMilliseconds(1));
                Assert.True(_limit.TryBegin(s_one, out _));
            }
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900], waits);
    }

    [Fact]
    public void Success_forgets_what_this_address_did()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.True(_limit.TryBegin(s_one, out _));
            _limit.Succeed(s_one, forgets: true);
        }
    }

    [Fact]
    public void Who_knows_one_password_cannot_try_the_other_by_turns_with_it()
    {
        var tried = 0;
        for (var i = 0; i < 100; i++)
        {
            tried += _limit.TryBegin(s_one, out _) ? 1 : 0;
            tried += _limit.TryBegin(s_one, out _) ? 1 : 0;
            if (_limit.TryBegin(s_one, out _))
            {
                _limit.Succeed(s_one, forgets: false);
            }
        }

        Assert.InRange(tried, 2, 6);
    }

    [Fact]
    public void This_computer_has_sixteen_million_addresses_and_is_one()
    {
        var heard = Enumerable.Range(0, 1000).Count(i => _limit.TryBegin(new IPAddress([127, 0, (byte)(i >> 8), (byte)i]), out _));
        heard += _limit.TryBegin(IPAddress.IPv6Loopback, out _) ? 1 : 0;

        Assert.Equal(3, heard);
    }

    [Fact]
    public void An_hour_without_a_failure_forgets_all()
    {
        while (_limit.TryBegin(s_one, out _))
        {
        }

        _time.Advance(TimeSpan.FromMinutes(61));

        Assert.True(_limit.TryBegin(s_one, out _));
        Assert.True(_limit.TryBegin(s_one, out _));
    }

    [Fact]
    public void Many_addresses_together_are_not_many_times_as_fast_and_this_computer_is_not_kept_out_by_them()
    {
        var heard = Enumerable.Range(0, 10_000).Count(i => _limit.TryBegin(new IPAddress((uint)(i + 1) << 8 | 10), out _));

        Assert.Equal(30, heard);
        Assert.True(_limit.TryBegin(IPAddress.Loopback, out _));
    }

    [Fact]
    public void An_attacker_cannot_make_it_remember_without_end()
    {
        for (var i = 0; i < 9000; i++)
        {
            _limit.TryBegin(new IPAddress((uint)(i + 1) << 8 | 10), out var wait);
            _time.Advance(TimeSpan.FromSeconds(11));
        }

        Assert.InRange(_limit.Remembered, 1, 4096);
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("::ffff:127.0.0.9", "127.0.0.1")]
    public void Of_ipv6_the_network_counts(string address, string key) => Assert.Equal(IPAddress.Parse(key), SignInLimit.KeyOf(IPAddress.Parse(address)));
}
