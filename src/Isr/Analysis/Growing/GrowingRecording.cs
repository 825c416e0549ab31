using System.Buffers;
using System.Diagnostics;
using Isr.Audio;
using Isr.Audio.Sniffing;
using Microsoft.Win32.SafeHandles;

namespace Isr.Analysis.Growing;

/// <summary>
/// The levels of a recording that is still being written, kept up piece by piece: what was added since the last time is made into a file of its own, which
/// decodes to exactly the samples that it adds to the whole. For files of this recorder, whose frames follow on one another.
/// </summary>
internal sealed class GrowingRecording(string path) : IDisposable
{
    /// <summary>So much of a file is decoded at a time, at most, while catching up.</summary>
    private const int PieceBytes = 8 << 20;

    private static readonly MeasuredFile s_notByPieces = new() { Sentence = "It cannot be decoded piece by piece." };

    private readonly SemaphoreSlim _gate = new(1, 1);
    private IFrameReader? _reader;
    private PieceDecoder? _pieces;
    private long _offset;
    private long _lastAsked = Stopwatch.GetTimestamp();
    private bool _isLost;

    /// <summary>A timestamp of <see cref="Stopwatch"/>.</summary>
    public long LastAsked => Interlocked.Read(ref _lastAsked);

    /// <summary>
    /// Decodes on up to a length. Without levels, where the file cannot be decoded by pieces: it is to be measured as a whole, now and later.
    /// </summary>
    /// <param name="bytes">Its length now.</param>
    /// <param name="isFinal">It does not grow any more.</param>
    /// <param name="progress">Told what part is done.</param>
    /// <param name="cancellationToken">Stops it, for good.</param>
    public async Task<MeasuredFile> GrowAsync(long bytes, bool isFinal, Action<double> progress, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        Interlocked.Exchange(ref _lastAsked, Stopwatch.GetTimestamp());
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(bytes - _offset, StreamSniffer.MaxBytes, PieceBytes));
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var consumed = 1;
            for (var isEnd = false; !_isLost && !isEnd && consumed > 0;)
            {
                progress(bytes == 0 ? 0 : (double)_offset / bytes);
                var length = Fill(file, buffer.AsSpan(0, (int)Math.Clamp(bytes - _offset, 0, buffer.Length)));
                isEnd = _offset + length >= bytes;
                consumed = TakeFrames(buffer.AsSpan(0, length), isFinal && isEnd);
                _isLost |= _pieces is { } pieces && !await pieces.DecodeAsync(buffer.AsMemory(0, consumed), cancellationToken);
                _offset += consumed;
            }

            return !_isLost && _pieces?.Levels is { } levels ? new MeasuredFile { Levels = levels } : s_notByPieces;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new MeasuredFile { Sentence = $"It cannot be read: {e.Message}" };
        }
        catch (OperationCanceledException)
        {
            // In the midst of a piece.
            _isLost = true;
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private int Fill(SafeFileHandle file, Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && RandomAccess.Read(file, buffer[filled..], _offset + filled) is > 0 and var count)
        {
            filled += count;
        }

        return filled;
    }

    /// <summary>Gives all whole frames to the decoder; the bytes that they and what is between them take.</summary>
    private int TakeFrames(ReadOnlySpan<byte> bytes, bool isFinal)
    {
        if (_reader is null && !TryRecognise(bytes, isFinal))
        {
            return 0;
        }

        var at = 0;
        while (!_isLost)
        {
            var isFrame = _reader!.TryRead(bytes[at..], isFinal, out var consumed, out var frame);
            at += consumed;
            if (isFrame)
            {
                _pieces ??= new PieceDecoder(frame.Format);
                _isLost |= !_pieces.Add(frame);
            }
            else if (consumed == 0)
            {
                break;
            }
        }

        return at;
    }

    private bool TryRecognise(ReadOnlySpan<byte> bytes, bool isFinal)
    {
        var kind = StreamSniffer.Sniff(bytes, isFinal);
        if (kind == StreamKind.Undecided)
        {
            return false;
        }

        _isLost = !StreamFormats.HasReader(kind);
        _reader = _isLost ? null : StreamFormats.CreateReader(kind);
        return !_isLost;
    }
}
