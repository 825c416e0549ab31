using Isr.Analysis.Worker;

namespace Isr.Tests.Analysis.Worker;

public sealed class WorkerMessageTests
{
    private static readonly WorkerRequest s_request = new("/a/ä b.wav", 5L << 40, new DateTime(2026, 5, 23, 1, 2, 3, DateTimeKind.Utc), 3, true, 77);

    [Fact]
    public void Requests_and_results_are_read_as_they_were_written()
    {
        Assert.True(WorkerRequest.TryRead(s_request.ToBytes(), out var request));
        Assert.Equal(s_request, request);

        Assert.True(WorkerResult.TryRead(new WorkerResult(new byte[] { 1, 2 }, "Ü.").ToBytes(), out var result));
        Assert.Equal([1, 2], result.LevelFile.ToArray());
        Assert.Equal("Ü.", result.Sentence);
        Assert.True(WorkerResult.TryRead(new WorkerResult(default, null).ToBytes(), out var nothing));
        Assert.True(nothing.LevelFile.IsEmpty && nothing.Sentence is null);
    }

    [Fact]
    public async Task Whatever_comes_is_a_message_or_the_end()
    {
        const int Seed = 6;
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        var random = new Random(Seed);
        var good = new WorkerMessage(WorkerMessageKind.Result, 7, new WorkerResult(new byte[100], "So.").ToBytes()).ToBytes();
        for (var i = 0; i < 2000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var n = random.Next(4); n >= 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            using var stream = new MemoryStream(bytes, 0, random.Next(bytes.Length + 1));
            while (await WorkerMessage.ReadAsync(stream, TestContext.Current.CancellationToken) is { } message)
            {
                _ = WorkerResult.TryRead(message.Content, out _);
                _ = WorkerRequest.TryRead(message.Content.Span, out _);
            }
        }
    }
}
