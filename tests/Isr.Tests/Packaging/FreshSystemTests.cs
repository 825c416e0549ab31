using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Packaging;

/// <summary>What docs/install.md says, done on a fresh Debian: packaging/try.sh, which takes minutes for each and says what it saw.</summary>
public sealed class FreshSystemTests
{
    [Theory]
    [InlineData("deb")]
    [InlineData("systemd")]
    [InlineData("container")]
    [InlineData("source")]
    public async Task It_is_installed_and_records(string way)
    {
        Assert.SkipUnless(Campaign.IsFull, "ISR_CAMPAIGN=full installs on a fresh Debian");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make a fresh Debian");

        var result = await Processes.RunAsync(Path.Combine(Campaign.Root(), "packaging", "try.sh"), [way]);

        TestContext.Current.SendDiagnosticMessage("{0}", result.Errors);
        Assert.True(result.ExitCode == 0, result.All);
        Assert.Contains("all of it holds", result.Errors, StringComparison.Ordinal);
    }
}
