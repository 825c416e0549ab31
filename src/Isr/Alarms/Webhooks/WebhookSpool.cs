using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Isr.Recording.Disk;

namespace Isr.Alarms.Webhooks;

/// <summary>A message that waits to be delivered to one address.</summary>
/// <param name="Number">Their order.</param>
/// <param name="Kept">What lies on the disk.</param>
internal sealed record WebhookDelivery(long Number, WebhookKept Kept)
{
    private int _tries;

    /// <summary>The body as it is sent, the same each time.</summary>
    public ReadOnlyMemory<byte> Body { get; } = Encoding.UTF8.GetBytes(Kept.Body);

    /// <summary>How often it was tried since the program started.</summary>
    public int Tries => Volatile.Read(ref _tries);

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Number:D16}.json");

    public void CountTry() => Interlocked.Increment(ref _tries);
}

/// <summary>
/// Messages that wait to be delivered: in memory, and each as a file in webhooks/ of the state directory, so that a restart goes on with them. A disk
/// that does not take them holds up no message. When there are too many the oldest go.
/// </summary>
internal sealed partial class WebhookSpool(string stateDirectory, IReadOnlyList<WebhookTarget> targets, AlarmFigures figures, TimeProvider time, ILogger<WebhookSpool> logger)
{
    public const int MaxDeliveries = 1000;
    public const int MaxBytes = 4 << 20;

    /// <summary>Nothing that this program writes is as long.</summary>
    private const int MaxFileBytes = 256 << 10;

    private readonly Lock _gate = new();
    private readonly List<WebhookDelivery> _waiting = [];
    private readonly Channel<(WebhookDelivery Delivery, bool IsOver)> _disk = Channel.CreateUnbounded<(WebhookDelivery, bool)>(new() { SingleReader = true });
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;
    private int _bytes;
    private bool _fails;

    public IReadOnlyList<WebhookTarget> Targets => targets;

    /// <summary>Done when the next message is added.</summary>
    public Task Added => Volatile.Read(ref _added).Task;

    private string Folder => Path.Combine(stateDirectory, "webhooks");

    /// <summary>Takes up what earlier runs left. Before anything else is called.</summary>
    public void Load()
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        foreach (var half in Directory.GetFiles(Folder, "*.new"))
        {
            File.Delete(half);
        }

        var keys = targets.Select(target => target.Key).ToHashSet(StringComparer.Ordinal);
        var strangers = 0;
        foreach (var path in Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal))
        {
            if (!TryRead(path, out var delivery))
            {
                LogUnreadable(path);
                File.Delete(path);
            }
            else if (!keys.Contains(delivery.Kept.Target))
            {
                strangers++;
                File.Delete(path);
            }
            else
            {
                _waiting.Add(delivery);
                _bytes += delivery.Body.Length;
                _last = Math.Max(_last, delivery.Number);
            }
        }

        figures.WebhooksWaiting = _waiting.Count;
        if (strangers > 0)
        {
            LogStrangers(strangers);
        }

        if (_waiting.Count > 0)
        {
            LogTakenUp(_waiting.Count);
        }
    }

    /// <summary>Has every address told.</summary>
    public void Add(WebhookMessage message)
    {
        var body = JsonSerializer.Serialize(message, AlarmJson.Default.WebhookMessage);
        var now = time.GetUtcNow();
        lock (_gate)
        {
            foreach (var target in targets)
            {
                var delivery = new WebhookDelivery(++_last, new WebhookKept(Guid.CreateVersion7(now).ToString(), target.Key, message.Id, now, body));
                _waiting.Add(delivery);
                _bytes += delivery.Body.Length;
                _disk.Writer.TryWrite((delivery, false));
            }

            DropOldest();
            figures.WebhooksWaiting = _waiting.Count;
        }

        Interlocked.Exchange(ref _added, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>
    /// What is to be tried next at an address: what was tried least, of that the oldest, but nothing before an older message of the same alarm. So one that
    /// its receiver cannot take does not hold up the others.
    /// </summary>
    public WebhookDelivery? Next(WebhookTarget target)
    {
        lock (_gate)
        {
            var begun = new HashSet<string>(StringComparer.Ordinal);
            return _waiting.Where(delivery => delivery.Kept.Target == target.Key && begun.Add(delivery.Kept.Alarm)).MinBy(delivery => (delivery.Tries, delivery.Number));
        }
    }

    /// <summary>It is delivered, or given up.</summary>
    public void Remove(WebhookDelivery delivery)
    {
        lock (_gate)
        {
            // It may have been among the oldest.
            if (_waiting.Remove(delivery))
            {
                Forget(delivery);
            }

            figures.WebhooksWaiting = _waiting.Count;
        }
    }

    /// <summary>Does on the disk what was done in memory, until <see cref="Complete"/> and all is done.</summary>
    public async Task KeepAsync()
    {
        await foreach (var (delivery, isOver) in _disk.Reader.ReadAllAsync())
        {
            var path = Path.Combine(Folder, delivery.FileName);
            try
            {
                if (isOver)
                {
                    File.Delete(path);
                }
                else
                {
                    Directory.CreateDirectory(Folder);
                    FreshFile.ReplaceDurably(path, path + ".new", JsonSerializer.SerializeToUtf8Bytes(delivery.Kept, AlarmJson.Default.WebhookKept));
                }

                _fails = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!_fails)
                {
                    _fails = true;
                    LogNotKept(Folder, e.Message);
                }
            }
        }
    }

    public void Complete() => _disk.Writer.TryComplete();

    private void DropOldest()
    {
        var dropped = 0;
        while (_waiting.Count > MaxDeliveries || _bytes > MaxBytes)
        {
            var oldest = _waiting[0];
            _waiting.RemoveAt(0);
            Forget(oldest);
            figures.CountDropped();
            dropped++;
        }

        if (dropped > 0)
        {
            LogFull(dropped);
        }
    }

    private void Forget(WebhookDelivery delivery)
    {
        _bytes -= delivery.Body.Length;
        _disk.Writer.TryWrite((delivery, true));
    }

    private static bool TryRead(string path, out WebhookDelivery delivery)
    {
        delivery = null!;
        try
        {
            if (new FileInfo(path) is not { Length: > 0 and <= MaxFileBytes }
                || !long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || JsonSerializer.Deserialize(File.ReadAllBytes(path), AlarmJson.Default.WebhookKept) is not { Delivery: not null, Target: not null, Alarm: not null, Body: not null } kept)
            {
                return false;
            }

            delivery = new WebhookDelivery(number, kept);
            return Guid.TryParse(kept.Delivery, out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is no webhook message, and is deleted")]
    private partial void LogUnreadable(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} webhook messages were for addresses that are no longer in webhook_url; they are given up")]
    private partial void LogStrangers(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} webhook messages of earlier runs are still to be delivered")]
    private partial void LogTakenUp(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Too many webhook messages wait: the {Count} oldest are given up")]
    private partial void LogFull(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhook messages cannot be kept in {Folder} ({Reason}): they are sent all the same, but an end of the program would lose those that wait")]
    private partial void LogNotKept(string folder, string reason);
}
