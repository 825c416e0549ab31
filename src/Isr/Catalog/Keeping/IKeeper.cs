namespace Isr.Catalog.Keeping;

/// <summary>
/// The one door by which people and retention change what is kept. Behind it is a <see cref="Keeper"/> where this process holds the
/// state directory, and a <see cref="RemoteKeeper"/> where another may.
/// </summary>
internal interface IKeeper
{
    Task<KeepAnswer> DoAsync(KeepRequest request, CancellationToken cancellationToken);
}
