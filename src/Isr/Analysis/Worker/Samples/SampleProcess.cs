using System.Diagnostics;
using System.Text;
using Isr.Audio.Pcm;
using Isr.Codecs;

namespace Isr.Analysis.Worker.Samples;

/// <summary>What came of a piece.</summary>
/// <param name="IsAlive">The process can be given another.</param>
/// <param name="HasBegun">It answered something.</param>
/// <param name="Sentence">Why there are no samples; null where there are, or where it died.</param>
internal readonly record struct SampleOutcome(bool IsAlive, bool HasBegun, string? Sentence);

/// <summary>One decoding process: this same program, started as `isr worker --samples`. It works on one piece at a time, and may die of it.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private const int KeptErrors = 2000;

    private readonly Process _process;
    private readonly byte[] _content = GC.AllocateUninitializedArray<byte>(SampleFraming.MaxBytes);
    private readonly Task _errors;
    private volatile string _lastErrors = "";

    private SampleProcess(Process process)
    {
        _process = process;
        _errors = KeepErrorsAsync();
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>The end of what it wrote to standard error.</summary>
    public string LastErrors => _lastErrors;

    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static SampleProcess Start() => new(Process.Start(WorkerStart.With("--samples"))!);

    /// <summary>Has it decode a piece. Whatever it answers, the sink gets no more than was asked for, and whole moments of a format that can be.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="sink">Takes the samples; while it does, the process waits.</param>
    /// <param name="heard">Called with every sign of life.</param>
    /// <param name="cancellationToken">Leaves off; the process is of no use then.</param>
    public async Task<SampleOutcome> DecodeAsync(SampleRequest request, ReadOnlyMemory<byte> piece, IPcmSink sink, Action heard, CancellationToken cancellationToken)
    {
        var hasBegun = false;
        try
        {
            var input = _process.StandardInput.BaseStream;
            await input.WriteAsync(request.ToBytes(piece.Length), cancellationToken);
            await input.WriteAsync(piece, cancellationToken);
            await input.FlushAsync(cancellationToken);

            var head = new byte[SampleFraming.HeadBytes];
            var output = _process.StandardOutput.BaseStream;
            var (momentBytes, left) = (0, 0L);
            while (await output.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) == head.Length
                && SampleFraming.TryReadHead(head, out var kind, out var length))
            {
                var content = _content.AsMemory(0, length);
                await output.ReadExactlyAsync(content, cancellationToken);
                heard();
                hasBegun = true;
                if (kind == SampleMessage.Done)
                {
                    return new SampleOutcome(true, true, momentBytes > 0 ? null : length > 0 ? Encoding.UTF8.GetString(content.Span) : SamplePiece.NoSound);
                }

                if (kind == SampleMessage.Format && momentBytes == 0 && SampleFraming.TryReadFormat(content.Span, out var format) && format.SampleRate % request.SampleRate == 0)
                {
                    momentBytes = format.Channels * SampleConversion.BytesOf(format.Sample);
                    left = request.Count * (format.SampleRate / request.SampleRate) * momentBytes;
                    sink.Begin(format);
                }
                else if (kind == SampleMessage.Samples && momentBytes > 0 && length % momentBytes == 0 && length <= left)
                {
                    left -= length;
                    sink.Take(content.Span);
                }
                else
                {
                    // It no longer speaks our language.
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It is gone.
        }

        return new SampleOutcome(false, hasBegun, null);
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // Gone already.
        }
    }

    /// <summary>It has nothing that would be lost.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
    }

    private async Task KeepErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            var all = _lastErrors + line + "\n";
            _lastErrors = all.Length > KeptErrors ? all[^KeptErrors..] : all;
        }
    }
}
