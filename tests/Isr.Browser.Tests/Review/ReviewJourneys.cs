using Isr.Browser.Tests.Support;

namespace Isr.Browser.Tests.Review;

/// <summary>Journeys through an archive that is recorded beforehand share it and the browser.</summary>
[CollectionDefinition(Name)]
public sealed class ReviewJourneys : ICollectionFixture<ReviewArchive>, ICollectionFixture<Support.Browser>
{
    public const string Name = "review";
}
