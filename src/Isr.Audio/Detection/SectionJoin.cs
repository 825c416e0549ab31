namespace Isr.Audio.Detection;

/// <summary>Makes sections of the loud stretches of recordings that follow on one another.</summary>
/// <param name="parameters">What makes a section.</param>
public sealed class SectionJoin(DetectionParameters parameters)
{
    private readonly List<RunSection> _sections = [];
    private OpenSection? _open;

    /// <summary>In order.</summary>
    public IReadOnlyList<RunSection> Sections => _sections;

    /// <summary>The last section went on where the last recording of the run that was finished last ended.</summary>
    public bool EndsInSection { get; private set; }

    /// <summary>Takes the stretch that follows.</summary>
    public void Take(LoudStretch stretch)
    {
        var part = stretch.Part;
        if (_open is not null)
        {
            // The last window before it is quiet, or it is the last loud one itself, to which it is no time.
            var (before, window) = stretch.First > 0 ? (part, stretch.First - 1) : (stretch.Before!, stretch.Before!.Windows - 1);
            if (_open.IsOverAt(before, window, WindowOf(part), parameters.MinGap))
            {
                Close(stillOpenAt: null);
            }
        }

        _open ??= new OpenSection(part, stretch.First);
        _open.Extend(part, stretch.Last, stretch.Peak, stretch.Onset);
    }

    /// <summary>Ends the run; another may follow.</summary>
    /// <param name="end">The last recording that has windows.</param>
    public void Finish(SectionPart end)
    {
        EndsInSection = false;
        if (_open is not null)
        {
            EndsInSection = !_open.IsOverAt(end, end.Windows - 1, WindowOf(end), parameters.MinGap);
            Close(EndsInSection ? end : null);
        }
    }

    private void Close(SectionPart? stillOpenAt)
    {
        if (_open!.ToSection(WindowOf(_open.LastPart), parameters.MinDuration, stillOpenAt) is { } section)
        {
            _sections.Add(section);
        }

        _open = null;
    }

    private static double WindowOf(SectionPart part) => (double)part.WindowSamples / part.SampleRate;
}
