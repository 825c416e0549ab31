using System.Diagnostics;

namespace Isr.Audio.Tests.Support;

/// <summary>What a program said.</summary>
internal sealed record ToolOutput(byte[] Output, string Errors, int ExitCode);

/// <summary>Runs the encoders, decoders and validators that the formats are held against.</summary>
internal static class Tool
{
    public static ToolOutput Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start.");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return new ToolOutput(output.ToArray(), errors.GetAwaiter().GetResult(), process.ExitCode);
    }

    /// <summary>The output of a program that must succeed.</summary>
    public static byte[] Output(string program, params string[] arguments)
    {
        var result = Run(program, arguments);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {result.Errors}");
        return result.Output;
    }
}
