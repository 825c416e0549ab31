using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests;

/// <summary>All journeys share one running program.</summary>
[CollectionDefinition(Name)]
public sealed class Journeys : ICollectionFixture<DemoProgram>
{
    public const string Name = "journeys";
}
