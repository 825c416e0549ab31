namespace Isr.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void The_program_is_named_isr() => Assert.Equal("isr", typeof(Program).Assembly.GetName().Name);
}
