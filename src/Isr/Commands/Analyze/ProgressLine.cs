namespace Isr.Commands.Analyze;

/// <summary>One line of a terminal that says how far it is, written over again; nothing for what takes no time.</summary>
/// <param name="output">The terminal.</param>
/// <param name="files">How many there are.</param>
internal sealed class ProgressLine(TextWriter output, int files)
{
    private const int MostNameLetters = 40;

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(0.3);

    private readonly Lock _lock = new();
    private long _shown = TimeProvider.System.GetTimestamp();
    private int _done;
    private bool _isShown;

    /// <param name="path">The file that has come on.</param>
    /// <param name="part">How far, from 0 to 1.</param>
    public void Show(string path, double part)
    {
        lock (_lock)
        {
            if (TimeProvider.System.GetElapsedTime(_shown) < s_period)
            {
                return;
            }

            _shown = TimeProvider.System.GetTimestamp();
            var name = ShownName.Of(Path.GetFileName(path));
            name = name.Length > MostNameLetters ? name[..MostNameLetters] + "…" : name;
            var count = files > 1 ? $"{_done} of {files} files; " : "";
            output.Write($"\r\u001b[K{count}{name} {(int)(Math.Clamp(part, 0, 1) * 100)} %");
            _isShown = true;
        }
    }

    public void Done(string path)
    {
        lock (_lock)
        {
            _done++;
        }

        Show(path, 1);
    }

    /// <summary>Has something else written, with the line out of its way.</summary>
    public void Interrupt(Action write)
    {
        lock (_lock)
        {
            if (_isShown)
            {
                output.Write("\r\u001b[K");
                _isShown = false;
            }

            write();
        }
    }
}
