namespace Isr.Analysis;

/// <summary>Measures recordings in this process, one at a time.</summary>
internal sealed partial class RecordingMeasurer(AnalysisOptions options, LevelStore store, ILogger<RecordingMeasurer> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Levels could not be kept last time; said once, until they could.</summary>
    private bool _isTrouble;

    public async Task<MeasuredFile> MeasureAsync(string relativePath, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var path = Path.Combine(options.Folder, relativePath);
            var before = new FileInfo(path);
            if (!before.Exists)
            {
                return new MeasuredFile { Sentence = "The recording is gone." };
            }

            var measured = await Task.Run(() => FileMeasurer.Measure(path, cores: 1, progress: null, cancellationToken), cancellationToken);
            if (measured.Levels is { } levels && new FileInfo(path) is { Exists: true } after && (after.Length, after.LastWriteTimeUtc) == (before.Length, before.LastWriteTimeUtc))
            {
                Keep(relativePath, after, levels);
            }

            return measured;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private void Keep(string relativePath, FileInfo file, Audio.Levels.RecordingLevels levels)
    {
        try
        {
            store.Write(relativePath, file.Length, file.LastWriteTimeUtc, levels);
            _isTrouble = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isTrouble)
            {
                LogNotKept(relativePath, e.Message);
                _isTrouble = true;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The levels of {Path} cannot be kept: {Reason} They are computed each time they are wanted; check the folder of --analyses-dir or state_directory")]
    private partial void LogNotKept(string path, string reason);
}
