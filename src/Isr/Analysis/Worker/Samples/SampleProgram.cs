using System.Runtime.InteropServices;
using Isr.Analysis.Worker.Interop;
using Isr.Codecs;

namespace Isr.Analysis.Worker.Samples;

/// <summary>
/// The decoding process's side: reads one piece after the other, and answers each with its samples. When nobody takes these, it waits. It ends
/// with its input, so that it never outlives the program.
/// </summary>
internal sealed class SampleProgram(Stream input, Stream output)
{
    /// <summary>`isr worker --samples`: pieces from standard input, samples to standard output.</summary>
    public static async Task<int> RunAsync()
    {
        ProcessLimits.Apply(yields: false);

        // Ctrl+C and service managers reach all processes of a program; it is the program that says when this one ends.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        await new SampleProgram(input, output).ServeAsync();
        return 0;
    }

    public async Task ServeAsync()
    {
        var head = new byte[SampleRequest.Bytes];
        try
        {
            while (await input.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) == head.Length
                && SampleRequest.TryRead(head, out var request, out var length))
            {
                var piece = GC.AllocateUninitializedArray<byte>(length);
                await input.ReadExactlyAsync(piece);
                var answer = new SampleAnswer(output);
                answer.Finish(await DecodeAsync(piece, request, answer));
            }
        }
        catch (IOException)
        {
            // Nobody listens any more.
        }
    }

    private static async Task<string?> DecodeAsync(byte[] piece, SampleRequest request, IPcmSink answer)
    {
        try
        {
            return await SamplePiece.DecodeAsync(request, piece, answer, CancellationToken.None);
        }
        catch (Exception e) when (e is not IOException)
        {
            // A defect, which must cost this piece alone; the program logs what is written here.
            await Console.Error.WriteLineAsync(e.ToString());
            return $"It could not be decoded: {e.Message}";
        }
    }
}
