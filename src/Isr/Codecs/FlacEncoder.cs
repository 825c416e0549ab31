using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Isr.Audio;
using Isr.Audio.Flac;
using Isr.Codecs.Interop;
using Isr.Interop;

namespace Isr.Codecs;

/// <summary>
/// libFLAC at work on one file: samples in, frames out, each counted in the file's head. The header that libFLAC itself
/// would write is left out. One that is let go unfinished frees its native memory.
/// </summary>
internal sealed unsafe class FlacEncoder : IDisposable
{
    private const uint CompressionLevel = 5;

    private readonly FlacEncoderHandle _handle;
    private readonly FlacFileHead _head;
    private IBufferWriter<byte>? _output;
    private Exception? _failure;

    public FlacEncoder(AudioFormat format, FlacFileHead head)
    {
        if (!NativeLibraries.HasFlac)
        {
            throw new InvalidOperationException(NativeLibraries.FlacSentence);
        }

        _head = head;
        _handle = LibFlac.New();
        if (_handle.IsInvalid)
        {
            throw new InvalidOperationException("FLAC__stream_encoder_new: out of memory");
        }

        var isSet = LibFlac.SetChannels(_handle, (uint)format.Channels)
            & LibFlac.SetBitsPerSample(_handle, (uint)format.BitsPerSample)
            & LibFlac.SetSampleRate(_handle, (uint)format.SampleRate)
            & LibFlac.SetCompressionLevel(_handle, CompressionLevel)
            & LibFlac.SetBlockSize(_handle, (uint)BlockSizeFor(format.SampleRate))
            & LibFlac.SetStreamableSubset(_handle, IsInSubset(format.SampleRate))
            & LibFlac.SetVerify(_handle, false)
            & LibFlac.SetDoMd5(_handle, true);
        if (!isSet || LibFlac.InitStream(_handle, &Write, 0, 0, &TellMetadata, _handle.Attach(this)) != LibFlac.InitOk)
        {
            throw Failed("FLAC__stream_encoder_init_stream");
        }
    }

    /// <summary>
    /// Samples per channel of a block: at most a tenth of a second, and no more than the streamable subset allows (RFC
    /// 9639, section 7), nor than ffmpeg 5.1 decodes: it finds no frames that are longer than about 256 KiB. Of the sizes
    /// that a frame's header has a short code for, the largest.
    /// </summary>
    public static int BlockSizeFor(int sampleRate)
    {
        var limit = Math.Min(sampleRate / 10, sampleRate <= 48_000 ? 4608 : 8192);
        var (binary, decimals) = (256, 576);
        while (2 * binary <= limit)
        {
            binary *= 2;
        }

        while (decimals <= 2304 && 2 * decimals <= limit)
        {
            decimals *= 2;
        }

        return decimals <= limit ? Math.Max(binary, decimals) : binary;
    }

    /// <summary>Encodes samples, channels in turn.</summary>
    public void Encode(ReadOnlySpan<int> samples, int count, IBufferWriter<byte> output)
    {
        _output = output;
        bool isDone;
        fixed (int* first = samples)
        {
            isDone = LibFlac.ProcessInterleaved(_handle, first, (uint)count);
        }

        _output = null;
        ThrowUnless(isDone, "FLAC__stream_encoder_process_interleaved");
    }

    /// <summary>Puts out all that is left; the head then has the MD5 of all samples.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        _output = output;
        var isDone = LibFlac.Finish(_handle);
        _output = null;
        ThrowUnless(isDone, "FLAC__stream_encoder_finish");
    }

    public void Dispose() => _handle.Dispose();

    // A frame's header has room for rates in kHz, in Hz up to 65,535, and in tens.
    private static bool IsInSubset(int sampleRate) => sampleRate <= ushort.MaxValue || sampleRate % 10 == 0;

    private void ThrowUnless(bool isDone, string call)
    {
        if (!isDone)
        {
            if (_failure is { } failure)
            {
                _failure = null;
                ExceptionDispatchInfo.Throw(failure);
            }

            throw Failed(call);
        }
    }

    private InvalidOperationException Failed(string call) => new($"{call}: {LibFlac.StateOf(_handle)}");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint encoder, byte* bytes, nuint length, uint samples, uint frame, nint self)
    {
        // Without samples it is libFLAC's own header.
        if (samples == 0)
        {
            return LibFlac.WriteOk;
        }

        if (GCHandle.FromIntPtr(self).Target is not FlacEncoder { _output: { } output } target)
        {
            return LibFlac.WriteFailed;
        }

        try
        {
            output.Write(new ReadOnlySpan<byte>(bytes, checked((int)length)));
            target._head.Add((int)samples, (int)length);
            return LibFlac.WriteOk;
        }
        catch (Exception e)
        {
            // No exception may pass through native code: it goes on behind it.
            target._failure = e;
            return LibFlac.WriteFailed;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void TellMetadata(nint encoder, FlacStreamMetadata* metadata, nint self)
    {
        if (metadata->Type == FlacStreamMetadata.StreamInfo && GCHandle.FromIntPtr(self).Target is FlacEncoder target)
        {
            target._head.Complete(metadata->Info.Md5);
        }
    }
}
