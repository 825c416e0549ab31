using System.Text;
using Isr.Sources.Http;

namespace Isr.Tests.Sources.Http;

public sealed class IcyStatusLineStreamTests
{
    [Theory]
    [InlineData("ICY 200 OK\r\nx", "HTTP/1.0 200 OK\r\nx")]
    [InlineData("ICY ICY ICY ", "HTTP/1.0 ICY ICY ")]
    [InlineData("HTTP/1.1 200\r\n", "HTTP/1.1 200\r\n")]
    [InlineData("ICYX200 OK\r\n", "ICYX200 OK\r\n")]
    [InlineData("icy 200 OK\r\n", "icy 200 OK\r\n")]
    [InlineData("ICY", "ICY")]
    [InlineData("I", "I")]
    [InlineData("", "")]
    public async Task Only_the_magic_is_translated_however_the_bytes_come(string sent, string expected)
    {
        // Each bit of the number says whether a piece ends after that byte.
        var bytes = Encoding.ASCII.GetBytes(sent);
        for (var cuts = 0; cuts < 1 << Math.Min(8, bytes.Length); cuts++)
        {
            foreach (var bufferSize in (int[])[1, 2, 3, 4, 5, 9, 10, 4096])
            {
                await using var stream = new IcyStatusLineStream(new PiecedStream(Pieces(bytes, cuts)));

                Assert.Equal((cuts, bufferSize, expected), (cuts, bufferSize, await ReadAllAsync(stream, bufferSize)));
            }
        }
    }

    [Fact]
    public async Task A_read_of_nothing_does_not_wait_while_something_is_there()
    {
        await using var stream = new IcyStatusLineStream(new PiecedStream([[.. "ICY 200"u8]]));
        var cancellationToken = TestContext.Current.CancellationToken;
        await stream.ReadExactlyAsync(new byte[3], cancellationToken);

        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty, cancellationToken));

        Assert.Equal("P/1.0 200", await ReadAllAsync(stream, 100));
    }

    private static List<byte[]> Pieces(byte[] bytes, int cuts)
    {
        var pieces = new List<byte[]>();
        var start = 0;
        for (var at = 1; at <= bytes.Length; at++)
        {
            if (at == bytes.Length || (at <= 8 && (cuts >> (at - 1) & 1) == 1))
            {
                pieces.Add(bytes[start..at]);
                start = at;
            }
        }

        return pieces;
    }

    private static async Task<string> ReadAllAsync(Stream stream, int bufferSize)
    {
        var text = new StringBuilder();
        var buffer = new byte[bufferSize];
        while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>Gives at most one piece a read.</summary>
    private sealed class PiecedStream(IReadOnlyList<byte[]> pieces) : MemoryStream
    {
        private int _piece;
        private int _offset;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.False(buffer.IsEmpty);
            if (_piece == pieces.Count)
            {
                return ValueTask.FromResult(0);
            }

            var count = Math.Min(buffer.Length, pieces[_piece].Length - _offset);
            pieces[_piece].AsMemory(_offset, count).CopyTo(buffer);
            _offset += count;
            if (_offset == pieces[_piece].Length)
            {
                _piece++;
                _offset = 0;
            }

            return ValueTask.FromResult(count);
        }
    }
}
