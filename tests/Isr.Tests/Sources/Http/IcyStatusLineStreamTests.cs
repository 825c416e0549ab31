using System.IO.Pipelines;
using System.Text;
using Isr.Sources.Http;

namespace Isr.Tests.Sources.Http;

public sealed class IcyStatusLineStreamTests
{
    [Theory]
    [InlineData("ICY 200 OK\r\nicy-name:x\r\n\r\nbody", "HTTP/1.0 200 OK\r\nicy-name:x\r\n\r\nbody")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nICY 200", "HTTP/1.1 200 OK\r\n\r\nICY 200")]
    [InlineData("ICY", "ICY")]
    [InlineData("ICYX", "ICYX")]
    [InlineData("I", "I")]
    [InlineData("", "")]
    public async Task Only_the_first_word_is_translated(string sent, string expected)
    {
        Assert.Equal(expected, await ReadAllAsync(sent, fragment: 1000, buffer: 1000));
    }

    [Fact]
    public async Task In_any_fragments_and_with_any_buffer_it_reads_the_same()
    {
        const string Sent = "ICY 200 OK\r\nicy-metaint:16000\r\n\r\nabcdefghijklmnop";
        for (var fragment = 1; fragment < 12; fragment++)
        {
            for (var buffer = 1; buffer < 14; buffer++)
            {
                Assert.Equal("HTTP/1.0" + Sent[3..], await ReadAllAsync(Sent, fragment, buffer));
            }
        }
    }

    [Fact]
    public async Task What_is_written_passes_through()
    {
        using var inner = new MemoryStream();
        await using var stream = new IcyStatusLineStream(inner);

        await stream.WriteAsync("ICY GET"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("ICY GET", Encoding.ASCII.GetString(inner.ToArray()));
    }

    private static async Task<string> ReadAllAsync(string sent, int fragment, int buffer)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        await using var stream = new IcyStatusLineStream(pipe.Reader.AsStream());
        var received = new List<byte>();
        var reading = ReadAsync();
        foreach (var piece in Encoding.ASCII.GetBytes(sent).Chunk(fragment))
        {
            await pipe.Writer.WriteAsync(piece, cancellationToken);
        }

        await pipe.Writer.CompleteAsync();
        await reading;
        return Encoding.ASCII.GetString([.. received]);

        async Task ReadAsync()
        {
            var space = new byte[buffer];
            while (await stream.ReadAsync(space, cancellationToken) is > 0 and var count)
            {
                received.AddRange(space[..count]);
            }
        }
    }
}
