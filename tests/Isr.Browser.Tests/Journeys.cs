using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests;

/// <summary>All journeys share one running program and one browser.</summary>
[CollectionDefinition(Name)]
public sealed class Journeys : ICollectionFixture<DemoProgram>, ICollectionFixture<Support.Browser>
{
    public const string Name = "journeys";
}
