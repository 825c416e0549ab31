using System.Net.Sockets;

namespace Isr.Sources.Http;

/// <summary>
/// The body of one answer, being read. The kernel is told to wake the reader only when a good part of a second
/// has come (SO_RCVLOWAT, socket(7)); that more than halves what a stream costs.
/// </summary>
internal sealed class StreamBody(HttpResponseMessage response, Stream stream, Socket? socket, StreamFacts facts, int metadataInterval, TimeProvider time) : IDisposable
{
    private const int SolSocket = 1;
    private const int SoRcvLowat = 18;

    private long _lastRead = time.GetTimestamp();
    private int _lowWater = 1;
    private volatile bool _woken;
    private int _abortedFor = -1;

    public StreamFacts Facts => facts;

    /// <summary>Bytes of audio between two metadata blocks; 0 when there are none.</summary>
    public int MetadataInterval => metadataInterval;

    /// <summary>When bytes came last, as a timestamp of the time provider.</summary>
    public long LastRead => Interlocked.Read(ref _lastRead);

    /// <summary>Why <see cref="Abort"/> was called; null if it was not.</summary>
    public EndCause? AbortedFor => Volatile.Read(ref _abortedFor) is >= 0 and var cause ? (EndCause)cause : null;

    /// <summary>Reads what has come; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        var read = await stream.ReadAsync(buffer);
        Interlocked.Exchange(ref _lastRead, time.GetTimestamp());
        if (_woken)
        {
            _woken = false;
            SetSocketLowWater(_lowWater);
        }

        return read;
    }

    /// <summary>The reader sleeps until so many bytes have come, or <see cref="WakeReader"/> is called.</summary>
    public void SetLowWater(int bytes)
    {
        _lowWater = bytes;
        SetSocketLowWater(bytes);
    }

    /// <summary>Lets the reader have what there is, however little (setting the option makes the kernel look again).</summary>
    public void WakeReader()
    {
        if (_lowWater > 1)
        {
            // In this order: a read that comes in between leaves the mark low for one read, not for good.
            SetSocketLowWater(1);
            _woken = true;
        }
    }

    /// <summary>Ends the connection from another thread: a read that waits returns with an error.</summary>
    public void Abort(EndCause cause)
    {
        if (Interlocked.CompareExchange(ref _abortedFor, (int)cause, -1) == -1)
        {
            socket?.Dispose();
            response.Dispose();
        }
    }

    public void Dispose() => response.Dispose();

    private void SetSocketLowWater(int bytes)
    {
        try
        {
            socket?.SetRawSocketOption(SolSocket, SoRcvLowat, BitConverter.GetBytes(bytes));
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The connection is at its end; the reader will see it, and needs no low water mark for that.
        }
    }
}
