using Isr.Analysis;
using Isr.Recording.Interop;
using Isr.Recording.Journal;

namespace Isr.Catalog.Keeping;

/// <summary>
/// Changes what is kept, one change after the other. To be used by whoever holds the state directory: the recorder all the time, a page without
/// one for the moment of a change.
/// </summary>
/// <param name="options">Where all is.</param>
/// <param name="trash">Where what is deleted goes.</param>
/// <param name="marks">What people say.</param>
/// <param name="labels">What the keys give.</param>
/// <param name="written">What must not be touched.</param>
/// <param name="levels">Go with their recordings.</param>
/// <param name="append">Writes into the journal.</param>
internal sealed class Keeper(KeepingOptions options, TrashFolder trash, MarkStore marks, LabelStore labels, WrittenFiles written, LevelStore levels, Action<JournalEntry> append) : IKeeper
{
    /// <summary>Why something went, where a person wanted it.</summary>
    public const string Asked = "asked";

    // EROFS, which has no exception of its own.
    private const int ReadOnlyFileSystem = 30;

    private const string NoRecording = "There is no recording of that name.";
    private const string NoItem = "There is nothing like that in the trash; it may have been restored, or deleted for good after a week.";

    private readonly Lock _gate = new();

    /// <summary>What deletes now that which is not to be kept; null where nobody does.</summary>
    public Func<CancellationToken, Task<KeepAnswer>>? Retention { get; set; }

    public Task<KeepAnswer> DoAsync(KeepRequest request, CancellationToken cancellationToken) => request is RunRetention
        ? Retention is { } retention ? retention(cancellationToken) : Task.FromResult(new KeepAnswer(KeepStatus.Unavailable, "This isr deletes nothing by itself."))
        : Task.Run(() => Do(request), cancellationToken);

    /// <summary>Deletes a recording for good, without the trash.</summary>
    public KeepAnswer PurgeRecording(MarkedFile recording, string by, string why) => Guarded(() =>
    {
        if (WhyNot(recording, out var file) is { } refusal)
        {
            return refusal;
        }

        File.Delete(file.Path);
        levels.Remove(file.Name);
        append(new FilePurged(file.Name, null, file.Size, by, why));
        return new KeepAnswer(KeepStatus.Done) { Count = 1, Bytes = file.Size };
    });

    /// <summary>Deletes for good what is in the trash.</summary>
    public KeepAnswer PurgeItem(string id, string? by, string why) => Guarded(() =>
    {
        if (trash.Find(id) is not { } item)
        {
            return new KeepAnswer(KeepStatus.NotFound, NoItem);
        }

        trash.Purge(item);
        append(new FilePurged(item.Name, item.Id, item.Size, by, why));
        return new KeepAnswer(KeepStatus.Done) { Count = 1, Bytes = item.Size };
    });

    private KeepAnswer Do(KeepRequest request) => request switch
    {
        DeleteRecording delete => Guarded(() => Delete(delete)),
        RestoreItem restore => Guarded(() => Restore(restore)),
        PurgeItem { Id: { } id } purge => PurgeItem(id, purge.By, Asked),
        PurgeItem purge => PurgeAll(purge.By),
        PutMarks put => Guarded(() => Put(put)),
        RemoveMark remove => Guarded(() => Remove(remove)),
        PutLabels put => Guarded(() => Put(put)),
        NoteMoves { Moves: { } moves } => Guarded(() => Note(moves)),
        DoEach { Changes: { } changes } => new KeepAnswer(KeepStatus.Done) { Each = [.. changes.Select(Do)] },
        _ => new KeepAnswer(KeepStatus.Invalid, "This isr does not know that request; the other one may be of a later version."),
    };

    /// <summary>One at a time, and what the file system refuses as a sentence.</summary>
    private KeepAnswer Guarded(Func<KeepAnswer> change)
    {
        lock (_gate)
        {
            try
            {
                return change();
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem })
            {
                return new KeepAnswer(KeepStatus.Forbidden, $"isr may not change this: {e.Message} Give the user that runs it the right to write there.");
            }
            catch (IOException e)
            {
                return new KeepAnswer(KeepStatus.Unavailable, $"The disk does not take the change: {e.Message}");
            }
        }
    }

    private KeepAnswer Delete(DeleteRecording request)
    {
        if (WhyNot(new MarkedFile(request.Name, request.Source, request.From, request.To), out var file) is { } refusal)
        {
            return refusal;
        }

        if (trash.Take(file, request, Asked) is not { } item)
        {
            return new KeepAnswer(KeepStatus.Conflict, "This recording lies on another disk than the recordings folder, whose trash it cannot reach.");
        }

        levels.Remove(file.Name);
        append(new FileDeleted(file.Name, item.Id, file.Size, request.By, Asked));
        return new KeepAnswer(KeepStatus.Done) { Id = item.Id };
    }

    /// <summary>Why a recording must not be deleted; null when it may be.</summary>
    private KeepAnswer? WhyNot(MarkedFile recording, out ScannedFile file)
    {
        file = default;
        if (!RecordingScan.IsListedName(recording.Name) || !RecordingScan.TryFind(options.Folder, recording.Name, out file)
            || LibC.IdentityOf(file.Path) is not { } identity)
        {
            return new KeepAnswer(KeepStatus.NotFound, NoRecording);
        }

        if (!LibC.IsRegularFile(file.Path))
        {
            return new KeepAnswer(KeepStatus.Conflict, "This is a link to a recording: delete the recording itself, or remove the link where it was made.");
        }

        return written.Contains(identity) ? new KeepAnswer(KeepStatus.Conflict, "This recording is being recorded; it can be deleted when it has ended.")
            : marks.Of(recording).Exists(mark => mark.Protected) ? new KeepAnswer(KeepStatus.Conflict, "This recording is protected; take the protection away first.")
            : null;
    }

    private KeepAnswer Restore(RestoreItem request)
    {
        var item = request.Id is { } id ? trash.Find(id) : trash.Items().Find(item => item.Name == request.Name);
        if (item is null)
        {
            return new KeepAnswer(KeepStatus.NotFound, NoItem);
        }

        if (trash.Restore(item) is not { } name)
        {
            return new KeepAnswer(KeepStatus.Conflict, $"There is no place for {item.Name}: something else has the name of a folder that it needs.");
        }

        append(new FileRestored(item.Name, item.Id, name, request.By));
        return new KeepAnswer(KeepStatus.Done) { Name = name };
    }

    /// <summary>One after the other, so that others' changes come in between.</summary>
    private KeepAnswer PurgeAll(string? by)
    {
        var (count, bytes) = (0, 0L);
        foreach (var item in trash.Items())
        {
            var answer = PurgeItem(item.Id, by, Asked);
            if (!answer.IsDone && answer.Status != KeepStatus.NotFound)
            {
                return answer;
            }

            (count, bytes) = (count + answer.Count, bytes + answer.Bytes);
        }

        return new KeepAnswer(KeepStatus.Done) { Count = count, Bytes = bytes };
    }

    private KeepAnswer Put(PutMarks request)
    {
        if (MarkRules.Mistake(request.Marks) is { } mistake)
        {
            return new KeepAnswer(KeepStatus.Invalid, mistake);
        }

        var isNew = request.Marks.Any(mark => marks.Find(mark.Id) is null);
        marks.Append(new MarkChange(request.Marks, []));
        return new KeepAnswer(isNew ? KeepStatus.Created : KeepStatus.Done) { Count = request.Marks.Count };
    }

    private KeepAnswer Note(IReadOnlyList<RecordingMove?> moves)
    {
        // By now they may have been moved on, or others have told of it.
        var real = moves.Where(move => move is { From: not null, To: not null } && RecordingScan.IsListedName(move.From)
            && !RecordingScan.TryFind(options.Folder, move.From, out _) && RecordingScan.TryFind(options.Folder, move.To, out _)).Select(move => move!).ToList();
        var put = real.SelectMany(move => marks.Of(new MarkedFile(move.From, null, null, null)).Select(mark => mark with { File = move.To })).ToList();
        foreach (var some in put.Chunk(MarkRules.MaxAtOnce))
        {
            marks.Append(new MarkChange(some, []));
        }

        foreach (var move in real)
        {
            levels.Move(move.From, move.To);
            append(new FileMoved(move.From, move.To));
        }

        return new KeepAnswer(KeepStatus.Done) { Count = real.Count };
    }

    private KeepAnswer Put(PutLabels request)
    {
        if (MarkRules.Mistake(request.Labels) is { } mistake)
        {
            return new KeepAnswer(KeepStatus.Invalid, mistake);
        }

        labels.Replace(request.Labels);
        return KeepAnswer.Done;
    }

    private KeepAnswer Remove(RemoveMark request)
    {
        if (!MarkRules.IsId(request.Id) || marks.Find(request.Id) is null)
        {
            return new KeepAnswer(KeepStatus.NotFound, "There is no mark of that id.");
        }

        marks.Append(new MarkChange([], [request.Id]));
        return KeepAnswer.Done;
    }
}
