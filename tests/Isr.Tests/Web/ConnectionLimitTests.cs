using System.Net.Sockets;
using Isr.Tests.Access;

namespace Isr.Tests.Web;

public sealed class ConnectionLimitTests(GuardedProgram program) : IClassFixture<GuardedProgram>
{
    [Fact]
    public async Task A_thousand_connections_are_taken_and_more_are_closed_so_that_the_recording_has_files_left()
    {
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 1040; i++)
            {
                sockets.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                await sockets[^1].ConnectAsync("127.0.0.1", program.Port, TestContext.Current.CancellationToken);
            }

            Assert.Equal(1000, (await Task.WhenAll(sockets.Select(IsAnsweredAsync))).Count(isAnswered => isAnswered));
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        // Who has gone leaves a place.
        await Support.Wait.UntilAsync(IsServedAsync, TimeSpan.FromSeconds(20), () => "nobody is let in");
    }

    private static async Task<bool> IsAnsweredAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("GET /api/session HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            return await socket.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<bool> IsServedAsync()
    {
        try
        {
            using var answer = await program.GetAsync("/api/session");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
