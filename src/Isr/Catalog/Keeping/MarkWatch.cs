using Isr.Recording.Interop;

namespace Isr.Catalog.Keeping;

/// <summary>Notices that people said something else, in whichever process. For one who looks.</summary>
internal sealed class MarkWatch(MarkStore marks, LabelStore labels)
{
    private (FileStamp? Marks, FileStamp? Labels) _last = (marks.Version, labels.Version);

    /// <summary>Whether marks or labels have changed since the last look, or since this was made.</summary>
    public bool HasChanged()
    {
        var now = (marks.Version, labels.Version);
        var isOther = now != _last;
        _last = now;
        return isOther;
    }
}
