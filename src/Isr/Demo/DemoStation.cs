using System.Net;
using System.Net.Sockets;

namespace Isr.Demo;

/// <summary>
/// A radio station on this machine, as Icecast would run it: endless MP3 of 128 kbit/s or another format, a burst for a new
/// listener, titles for those who ask, in real time.
/// </summary>
/// <remarks>
/// One task generates and encodes by the clock, one reads what the encoder gives and hands it to the listeners,
/// one accepts them. None of them ever waits for a listener.
/// </remarks>
internal sealed partial class DemoStation : IAsyncDisposable
{
    private const int BurstBytes = 64 * 1024;
    private const int BlockSamples = DemoSignal.SampleRate / 10;

    // 64 KiB are 4.1 s; with 5 s the first listener finds a full burst.
    private static readonly TimeSpan s_headStart = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_titleLength = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_restartDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly ILogger<DemoStation> _logger;
    private readonly string _ffmpeg;
    private readonly DemoFormat _format;
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly DemoSignal _signal;
    private readonly Lock _gate = new();
    private readonly BurstBuffer _burst = new(BurstBytes);
    private readonly List<DemoListener> _listeners = [];
    private readonly HashSet<Task> _conversations = [];
    private readonly TaskCompletionSource _burstFull = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private Task _accepting = Task.CompletedTask;
    private volatile string _title = "";

    /// <param name="time">Its pace.</param>
    /// <param name="logger">Told when the encoder dies.</param>
    /// <param name="ffmpeg">Name or path of the encoder.</param>
    /// <param name="seed">Of its programme.</param>
    /// <param name="format">What it sends; MP3 where nothing is said.</param>
    public DemoStation(TimeProvider time, ILogger<DemoStation> logger, string ffmpeg = "ffmpeg", int seed = 1, DemoFormat? format = null)
    {
        _format = format ?? DemoFormat.Mp3;
        _time = time;
        _logger = logger;
        _ffmpeg = ffmpeg;
        _signal = new DemoSignal(seed);
    }

    /// <summary>Raised with all that it sends, from its first byte on, before any listener gets it. On the thread that reads the encoder.</summary>
    public event Action<byte[]>? Sent;

    /// <summary>Where to listen, known once started.</summary>
    public Uri Url => new($"http://{_server.LocalEndpoint}{_format.Path}");

    /// <summary>How many are listening.</summary>
    public int Listeners
    {
        get
        {
            lock (_gate)
            {
                return _listeners.Count;
            }
        }
    }

    /// <summary>Returns when a listener would get a full burst.</summary>
    /// <exception cref="DemoException">ffmpeg is missing or cannot make MP3.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var encoder = DemoEncoder.Start(_ffmpeg, _format);
        _server.Start();
        _running = RunAsync(encoder);
        try
        {
            await _burstFull.Task.WaitAsync(s_startTimeout, _time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new DemoException($"ffmpeg gave no sound within {s_startTimeout.TotalSeconds} s.", e);
        }

        _accepting = AcceptAsync();
    }

    /// <summary>Ends all connections, as a station does that is restarted; whoever comes again gets the burst.</summary>
    public void DropListeners()
    {
        lock (_gate)
        {
            _listeners.ForEach(l => l.End());
            _listeners.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _server.Dispose();
        await _running;
        Task[] conversations;
        lock (_gate)
        {
            conversations = [.. _conversations];
        }

        await Task.WhenAll(conversations);
        _stopping.Dispose();
    }

    /// <summary>Runs the encoder, and another when it dies: the listeners are cut off then, as at a real station.</summary>
    private async Task RunAsync(DemoEncoder encoder)
    {
        var started = _time.GetTimestamp();
        var position = 0L;
        while (true)
        {
            position = await EncodeAsync(encoder, started, position);
            var complaint = await encoder.StopAsync();
            await encoder.DisposeAsync();
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            if (_burstFull.TrySetException(new DemoException($"ffmpeg ended at once: {complaint}")))
            {
                return;
            }

            LogEncoderEnded(complaint);
            DropAll();
            try
            {
                await Task.Delay(s_restartDelay, _time, _stopping.Token);
                encoder = DemoEncoder.Start(_ffmpeg, _format);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (DemoException e)
            {
                LogEncoderLost(e.Message);
                return;
            }

            // What would have sounded meanwhile is not made up for.
            position = Math.Max(position, Due(started));
        }
    }

    /// <summary>Generates by the clock until stopped or the encoder ends; returns the position reached.</summary>
    private async Task<long> EncodeAsync(DemoEncoder encoder, long started, long position)
    {
        var reading = ReadAsync(encoder);
        var block = new short[BlockSamples * DemoSignal.Channels];
        try
        {
            while (!reading.IsCompleted)
            {
                for (; position + BlockSamples <= Due(started); position += BlockSamples)
                {
                    UpdateTitle(position);
                    _signal.Read(position, block);
                    await encoder.WriteAsync(block, _stopping.Token);
                }

                await Task.Delay(s_step, _time, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        catch (IOException)
        {
            // The encoder has ended; what it said comes with its end.
        }

        await encoder.StopAsync();
        await reading;
        return position;
    }

    /// <summary>The position up to which the programme should have been generated by now.</summary>
    private long Due(long started) =>
        (long)((_time.GetElapsedTime(started) + s_headStart).TotalSeconds * DemoSignal.SampleRate);

    private void UpdateTitle(long position)
    {
        var length = (long)(s_titleLength.TotalSeconds * DemoSignal.SampleRate);
        if (position % length < BlockSamples || _title.Length == 0)
        {
            var at = position - position % length;
            _title = $"isr demo - {_signal.Describe(at, length)} ({TimeSpan.FromSeconds(at / DemoSignal.SampleRate):c})";
        }
    }

    private async Task ReadAsync(DemoEncoder encoder)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await encoder.Output.ReadAsync(buffer, CancellationToken.None) is > 0 and var count)
            {
                Broadcast(buffer.AsSpan(0, count).ToArray());
            }
        }
        catch (IOException)
        {
            // Killed while being read: the end, too.
        }
    }

    private void Broadcast(byte[] chunk)
    {
        Sent?.Invoke(chunk);
        lock (_gate)
        {
            _burst.Add(chunk);
            foreach (var slow in _listeners.Where(l => !l.TryGive(chunk)).ToList())
            {
                _listeners.Remove(slow);
                LogListenerDropped();
            }
        }

        if (_burst.IsFull)
        {
            _burstFull.TrySetResult();
        }
    }

    private void DropAll()
    {
        lock (_gate)
        {
            DropListeners();
            _burst.Clear();
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _server.AcceptSocketAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var conversation = ConverseAsync(socket);
            lock (_gate)
            {
                _conversations.RemoveWhere(c => c.IsCompleted);
                _conversations.Add(conversation);
            }
        }
    }

    private async Task ConverseAsync(Socket socket)
    {
        using var listener = new DemoListener(socket, () => _title, _time);
        try
        {
            if (await listener.ReadRequestAsync(_stopping.Token) is not (var target, var wantsTitles))
            {
                return;
            }

            if (target != _format.Path)
            {
                await listener.RefuseAsync(_format, _stopping.Token);
                return;
            }

            await listener.GreetAsync(_format, wantsTitles, _stopping.Token);
            lock (_gate)
            {
                // Burst and membership together: no chunk is missed or sent twice.
                listener.TryGive(_burst.ToArray());
                _listeners.Add(listener);
            }

            await listener.SendAsync(_stopping.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Listeners come and go.
        }
        finally
        {
            lock (_gate)
            {
                _listeners.Remove(listener);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The demo's encoder ended and is started again: {Complaint}")]
    private partial void LogEncoderEnded(string complaint);

    [LoggerMessage(LogLevel.Error, "The demo's station is silent: {Reason}")]
    private partial void LogEncoderLost(string reason);

    [LoggerMessage(LogLevel.Information, "The demo's station dropped a listener that read too slowly")]
    private partial void LogListenerDropped();
}
