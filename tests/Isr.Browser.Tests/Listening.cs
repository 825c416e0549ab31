using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests;

/// <summary>What is listened to sample by sample: nothing else runs meanwhile, as a browser that is starved of time does break off.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Listening : ICollectionFixture<SteadyStations>
{
    public const string Name = "listening";
}
