using System.Runtime.InteropServices;
using System.Text;

namespace Isr.Commands.Status;

/// <summary>
/// A picture on the terminal's second screen, drawn over again in place. What stood on the terminal comes back at the end, whichever way that comes: a key, a
/// signal, an error.
/// </summary>
internal sealed class LiveScreen : IDisposable
{
    // xterm's control sequences: the alternate screen, the cursor, no wrapping of lines.
    private const string Enter = "\u001b[?1049h\u001b[?25l\u001b[?7l";
    private const string Leave = "\u001b[?7h\u001b[?25h\u001b[?1049l";
    private const string Home = "\u001b[H";
    private const string ToLineEnd = "\u001b[K";
    private const string ToScreenEnd = "\u001b[J";

    private readonly TextWriter _output;
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _redraw = new(0);
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Lock _gate = new();
    private bool _isLeft;

    public LiveScreen(TextWriter output)
    {
        _output = output;
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                End();
            }));
        }

        if (OperatingSystem.IsLinux())
        {
            // Ctrl+Z: the shell gets its screen; fg brings the picture back.
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ => Write(Leave)));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ =>
            {
                Write(Enter);
                _redraw.Release();
            }));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _redraw.Release()));
        }

        Write(Enter);
        if (!Console.IsInputRedirected)
        {
            // While somebody waits for a key, what is typed is not shown. It ends with the process.
            new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        }
    }

    /// <summary>Somebody has seen enough.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Draws the lines, as many as there is room for.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        var rows = Math.Max(2, Console.WindowHeight);
        var text = new StringBuilder(Home);
        var shown = lines.Count <= rows ? lines.Count : rows - 1;
        for (var i = 0; i < shown; i++)
        {
            text.Append(lines[i]).Append(ToLineEnd).Append(i < rows - 1 ? "\r\n" : "");
        }

        if (shown < lines.Count)
        {
            text.Append($"… {lines.Count - shown} more lines; `isr status --once` shows all").Append(ToLineEnd);
        }

        Write(text.Append(ToScreenEnd).ToString());
    }

    /// <summary>Returns after a while, or when there is reason to draw again before.</summary>
    public Task WaitAsync(TimeSpan period) => _redraw.WaitAsync(period, Ended);

    public void Dispose()
    {
        lock (_gate)
        {
            Write(Leave);
            _isLeft = true;
        }

        _signals.ForEach(signal => signal.Dispose());
    }

    private void Write(string text)
    {
        lock (_gate)
        {
            if (_isLeft)
            {
                return;
            }

            try
            {
                _output.Write(text);
                _output.Flush();
            }
            catch (IOException)
            {
                // The terminal has gone, as when a line of ssh breaks.
                End();
            }
        }
    }

    private void End() => _ended.Cancel();

    private void ReadKeys()
    {
        try
        {
            while (Console.ReadKey(intercept: true) is not { KeyChar: 'q' or 'Q' or '\u0003' or '\u001b' })
            {
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // There is no keyboard any more.
        }

        End();
    }
}
