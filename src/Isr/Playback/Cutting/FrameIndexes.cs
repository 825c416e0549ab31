using Isr.Audio.Cutting;

namespace Isr.Playback.Cutting;

/// <summary>Where frames lie in the recordings that were cut last, where the files do not say it: each is walked once.</summary>
internal sealed class FrameIndexes
{
    /// <summary>An hour of any source takes 58 kB.</summary>
    private const int MostFiles = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _byName = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> _newestFirst = [];

    /// <summary>What is known of a file as it is now; nothing yet where it is another than before.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">Its length.</param>
    /// <param name="modified">When it was last written.</param>
    /// <param name="isGrowing">It is being recorded: next time it is longer, and the same as far as it is known.</param>
    public FrameIndex Get(string name, long size, DateTime modified, bool isGrowing)
    {
        lock (_gate)
        {
            var index = new FrameIndex();
            if (_byName.Remove(name, out var node))
            {
                _newestFirst.Remove(node);
                var kept = node.Value;
                index = (kept.Size == size && kept.Modified == modified) || (kept.IsGrowing && kept.Size <= size) ? kept.Index : index;
            }

            _byName[name] = _newestFirst.AddFirst(new Kept(name, size, modified, isGrowing, index));
            if (_newestFirst.Count > MostFiles)
            {
                _byName.Remove(_newestFirst.Last!.Value.Name);
                _newestFirst.RemoveLast();
            }

            return index;
        }
    }

    private sealed record Kept(string Name, long Size, DateTime Modified, bool IsGrowing, FrameIndex Index);
}
