namespace Isr.Audio.Detection;

/// <summary>Finds the sections of recordings that follow on one another without a gap, at one sample rate; of one alone as well.</summary>
/// <param name="parameters">What makes a section.</param>
public sealed class SectionRun(DetectionParameters parameters) : IDisposable
{
    private readonly LoudSearch _search = new(parameters);
    private readonly SectionJoin _join = new(parameters);
    private SectionPart? _end;

    /// <summary>The part whose levels could not be read; the run is of no use then.</summary>
    public SectionPart? Unreadable => _search.Unreadable;

    /// <summary>The last section went on where the last recording ended; known when the run is finished.</summary>
    public bool EndsInSection => _join.EndsInSection;

    /// <summary>Adds the recording that follows. The run owns it and disposes it when its levels are no longer wanted.</summary>
    public void Add(SectionPart part)
    {
        _end = part.Windows > 0 ? part : _end;
        _search.Add(part);
        _search.MoveTo(_join);
    }

    /// <summary>All sections, in order; nothing may be added any more.</summary>
    public IReadOnlyList<RunSection> Finish()
    {
        _search.Finish();
        _search.MoveTo(_join);
        if (_end is not null)
        {
            _join.Finish(_end);
        }

        return _join.Sections;
    }

    public void Dispose() => _search.Dispose();
}
