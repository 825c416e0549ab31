using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Isr.Tests.Support;

/// <summary>What a finished program said.</summary>
internal sealed record ProcessResult(int ExitCode, byte[] Output, string Errors)
{
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Both outputs, for failure messages and for programs that do not care which they use.</summary>
    public string All => Text + Errors;
}

/// <summary>A program started without a shell. It is killed, with its children, when disposed and when the test process dies.</summary>
internal sealed class Processes : IAsyncDisposable
{
    private static readonly bool s_hasSetpriv = File.Exists("/usr/bin/setpriv");
    private static readonly BlockingCollection<Action> s_starts = [];

    private readonly Process _process;
    private readonly MemoryStream _output = new();
    private readonly Task _readingOutput;
    private readonly StringBuilder _errors = new();
    private readonly Task _readingErrors;

    // The kernel sends the parent-death signal when the *thread* that started the child ends, and threads of
    // the pool come and go: one thread that lives as long as the process starts all children.
    static Processes() => new Thread(() =>
    {
        foreach (var start in s_starts.GetConsumingEnumerable())
        {
            start();
        }
    })
    { IsBackground = true, Name = "starts children" }.Start();

    private Processes(Process process)
    {
        _process = process;
        _readingOutput = ReadOutputAsync(process.StandardOutput.BaseStream);
        _readingErrors = ReadErrorsAsync(process.StandardError);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Its state as the kernel names it: R and S live, T is stopped, Z has ended.</summary>
    public char State => File.ReadAllText($"/proc/{Id}/stat").Split(") ")[^1][0];

    /// <summary>What it wrote to standard output so far.</summary>
    public string Text
    {
        get
        {
            lock (_output)
            {
                return Encoding.UTF8.GetString(_output.ToArray());
            }
        }
    }

    /// <summary>The same as bytes.</summary>
    public byte[] Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToArray();
            }
        }
    }

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Standard input; close it to end the program's reading.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <param name="program">Name or path.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="directory">Working directory.</param>
    /// <param name="user">Account to run as, "user:group"; obeyed only by root.</param>
    /// <param name="environment">Variables on top of this process's.</param>
    public static Processes Start(
        string program,
        IEnumerable<string> arguments,
        string? directory = null,
        string? user = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        List<string> words = [program, .. arguments];
        if (s_hasSetpriv)
        {
            string[] identity = user?.Split(':') is [var name, var group] && Environment.IsPrivilegedProcess
                ? [$"--reuid={name}", $"--regid={group}", "--clear-groups"]
                : [];
            words.InsertRange(0, ["/usr/bin/setpriv", "--pdeathsig", "KILL", .. identity, "--"]);
        }

        var information = new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            information.Environment[key] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(information)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return new Processes(started.Task.GetAwaiter().GetResult());
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ProcessResult> RunAsync(string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var process = Start(program, arguments);
        try
        {
            await process.Input.WriteAsync(input, cancellationToken);
            process.Input.Close();
        }
        catch (IOException)
        {
            // It did not want all of it; its exit code and its words tell.
        }

        return await process.WaitAsync(cancellationToken);
    }

    /// <summary>Runs a program that must end with 0.</summary>
    public static async Task<ProcessResult> CheckAsync(string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default)
    {
        var result = await RunAsync(program, arguments, input);
        Assert.True(result.ExitCode == 0, $"{program} ended with {result.ExitCode}: {result.Errors}");
        return result;
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ProcessResult> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _readingOutput;
        await _readingErrors;
        return new ProcessResult(_process.ExitCode, _output.ToArray(), Errors);
    }

    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Sends a signal: SIGSTOP and SIGCONT freeze it and let it go on, SIGTERM asks it to end.</summary>
    public void Signal(Signal signal)
    {
        if (SendSignal(_process.Id, (int)signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} could not be sent: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await WaitAsync(CancellationToken.None);
        _process.Dispose();
        await _output.DisposeAsync();
    }

    private async Task ReadOutputAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, CancellationToken.None) is > 0 and var count)
        {
            lock (_output)
            {
                _output.Write(buffer, 0, count);
            }
        }
    }

    private async Task ReadErrorsAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (_errors)
            {
                _errors.AppendLine(line);
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}

/// <summary>Linux's numbers.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
