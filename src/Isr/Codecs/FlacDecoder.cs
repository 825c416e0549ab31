using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Isr.Audio.Pcm;
using Isr.Codecs.Interop;
using Isr.Interop;

namespace Isr.Codecs;

/// <summary>Where coded bytes come from.</summary>
internal interface IFlacSource
{
    /// <summary>As many as there are and fit; 0 at the end.</summary>
    int Read(Span<byte> destination);
}

/// <summary>Takes decoded blocks, in order, from one thread.</summary>
internal interface IFlacSink
{
    /// <summary>A block follows. False ends the decoding.</summary>
    /// <param name="position">Of its first sample, as the frame's number says.</param>
    /// <param name="samples">Per channel.</param>
    /// <param name="format">Samples of up to 16 bits come as 16, up to 24 as 24 in 4 bytes, more as 32: at full scale.</param>
    /// <param name="bitsPerSample">As they were coded.</param>
    bool Begin(long position, int samples, PcmFormat format, int bitsPerSample);

    /// <summary>The next samples of the block: interleaved, whole moments.</summary>
    void Take(ReadOnlySpan<byte> samples);
}

/// <summary>
/// libFLAC at work on a run of frames: it never seeks, and does not check MD5. Frames that are damaged are left out. Whatever source
/// or sink throw goes on behind the native code.
/// </summary>
internal sealed unsafe class FlacDecoder
{
    // With 8 channels of 4 bytes, small enough for the young heap and a core's cache.
    private const int MomentsAtOnce = 2048;
    private const int MaxChannels = 8;

    private readonly IFlacSource _source;
    private readonly IFlacSink _sink;
    private readonly CancellationToken _stop;
    private readonly byte[] _interleaved = GC.AllocateUninitializedArray<byte>(MomentsAtOnce * MaxChannels * sizeof(int));
    private FlacFrameHeader* _frame;
    private Exception? _failure;

    private FlacDecoder(IFlacSource source, IFlacSink sink, CancellationToken stop) => (_source, _sink, _stop) = (source, sink, stop);

    /// <summary>Decodes to the end.</summary>
    /// <param name="source">Begins with the marker and STREAMINFO, in which the smallest and the largest block are one.</param>
    /// <param name="sink">Takes the samples.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static void Decode(IFlacSource source, IFlacSink sink, CancellationToken cancellationToken) =>
        new FlacDecoder(source, sink, cancellationToken).Decode();

    private void Decode()
    {
        if (!NativeLibraries.HasFlac)
        {
            throw new InvalidOperationException(NativeLibraries.FlacSentence);
        }

        var client = GCHandle.Alloc(this);
        try
        {
            using var handle = LibFlac.NewDecoder();
            if (handle.IsInvalid
                || !LibFlac.IgnoreMetadata(handle)
                || LibFlac.InitDecoder(handle, &Read, 0, 0, 0, 0, &Take, 0, &Ignore, GCHandle.ToIntPtr(client)) != LibFlac.DecoderInitOk)
            {
                throw new InvalidOperationException("FLAC__stream_decoder_init_stream: out of memory");
            }

            LibFlac.DecodeAll(handle);
            if (LibFlac.StateOf(handle) == LibFlac.DecoderLacksMemory)
            {
                throw new InvalidOperationException("FLAC__stream_decoder_process_until_end_of_stream: out of memory");
            }
        }
        finally
        {
            client.Free();
        }

        _stop.ThrowIfCancellationRequested();
        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint decoder, byte* buffer, nuint* length, nint self)
    {
        var target = (FlacDecoder)GCHandle.FromIntPtr(self).Target!;
        try
        {
            var count = target._stop.IsCancellationRequested ? -1 : target._source.Read(new Span<byte>(buffer, (int)Math.Min(*length, int.MaxValue)));
            *length = (nuint)Math.Max(0, count);
            return count > 0 ? LibFlac.ReadOn : count == 0 ? LibFlac.ReadEnd : LibFlac.ReadAbort;
        }
        catch (Exception e)
        {
            target._failure = e;
            *length = 0;
            return LibFlac.ReadAbort;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Take(nint decoder, FlacFrameHeader* frame, int** channels, nint self)
    {
        var target = (FlacDecoder)GCHandle.FromIntPtr(self).Target!;

        // From 1.4 on libFLAC puts silence where frames are missing, in frames of its own: the sink knows better how much.
        target._frame = target._frame == null ? frame : target._frame;
        if (frame != target._frame)
        {
            return LibFlac.TakeOn;
        }

        try
        {
            return target.Take(*frame, channels) ? LibFlac.TakeOn : LibFlac.TakeAbort;
        }
        catch (Exception e)
        {
            target._failure = e;
            return LibFlac.TakeAbort;
        }
    }

    /// <summary>What is wrong shows in the numbers of the frames that follow.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint decoder, int status, nint self)
    {
    }

    private bool Take(in FlacFrameHeader frame, int** channels)
    {
        var bits = (int)frame.BitsPerSample;
        var count = (int)frame.Channels;
        var (sample, width) = bits <= 16 ? (SampleFormat.S16, 16) : bits <= 24 ? (SampleFormat.S24, 24) : (SampleFormat.S32, 32);
        if (count is < 1 or > MaxChannels || frame.SampleNumber > long.MaxValue
            || !_sink.Begin((long)frame.SampleNumber, (int)frame.BlockSize, new PcmFormat((int)frame.SampleRate, count, sample), bits))
        {
            return false;
        }

        for (var at = 0; at < frame.BlockSize; at += MomentsAtOnce)
        {
            var moments = Math.Min(MomentsAtOnce, (int)frame.BlockSize - at);
            var bytes = _interleaved.AsSpan(0, moments * count * (width == 16 ? sizeof(short) : sizeof(int)));
            if (width == 16)
            {
                FlacInterleaving.ToShorts(channels, at, count, 16 - bits, MemoryMarshal.Cast<byte, short>(bytes));
            }
            else
            {
                FlacInterleaving.ToInts(channels, at, count, width - bits, MemoryMarshal.Cast<byte, int>(bytes));
            }

            _sink.Take(bytes);
        }

        return true;
    }
}
