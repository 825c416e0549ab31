using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isr.Interop;

namespace Isr.Codecs.Interop;

/// <summary>The stream encoder of libFLAC (https://xiph.org/flac/api/group__flac__stream__encoder.html).</summary>
internal static partial class LibFlac
{
    /// <summary>FLAC__STREAM_ENCODER_INIT_STATUS_OK.</summary>
    public const int InitOk = 0;

    /// <summary>FLAC__STREAM_ENCODER_WRITE_STATUS_OK.</summary>
    public const int WriteOk = 0;

    /// <summary>FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR.</summary>
    public const int WriteFailed = 1;

    private const string Library = NativeLibraries.Flac;

    // Settings, before the start

    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_new")]
    public static partial FlacEncoderHandle New();

    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_set_channels")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetChannels(FlacEncoderHandle encoder, uint channels);

    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_set_bits_per_sample")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetBitsPerSample(FlacEncoderHandle encoder, uint bits);

    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_set_sample_rate")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetSampleRate(FlacEncoderHandle encoder, uint rate);

    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_set_compression_level")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetCompressionLevel(FlacEncoderHandle encoder, uint level);

    /// <summary>In samples per channel. After the level, which sets it, too.</summary>
    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_set_blocksize")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetBlockSize(FlacEncoderHandle encoder, uint samples);

    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_set_streamable_subset")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetStreamableSubset(FlacEncoderHandle encoder, [MarshalAs(UnmanagedType.Bool)] bool value);

    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_set_verify")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetVerify(FlacEncoderHandle encoder, [MarshalAs(UnmanagedType.Bool)] bool value);

    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_set_do_md5")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetDoMd5(FlacEncoderHandle encoder, [MarshalAs(UnmanagedType.Bool)] bool value);

    // Work

    /// <summary>Starts; the callbacks run inside the calls below alone. Without a seek callback nothing is written twice.</summary>
    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_init_stream")]
    public static unsafe partial int InitStream(
        FlacEncoderHandle encoder,
        delegate* unmanaged[Cdecl]<nint, byte*, nuint, uint, uint, nint, int> write,
        nint seek,
        nint tell,
        delegate* unmanaged[Cdecl]<nint, FlacStreamMetadata*, nint, void> metadata,
        nint clientData);

    /// <param name="encoder">One that was started.</param>
    /// <param name="buffer">Channels in turn, each sample in the lower bits with its sign in all above.</param>
    /// <param name="samples">Per channel.</param>
    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_process_interleaved")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static unsafe partial bool ProcessInterleaved(FlacEncoderHandle encoder, int* buffer, uint samples);

    /// <summary>Puts out the last block and tells the metadata.</summary>
    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_finish")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Finish(FlacEncoderHandle encoder);

    /// <summary>Frees the encoder; when it was not finished, nothing more is called back.</summary>
    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_delete")]
    public static partial void Delete(nint encoder);

    /// <summary>libFLAC's name for what is the matter.</summary>
    public static string StateOf(FlacEncoderHandle encoder) => Marshal.PtrToStringUTF8(GetResolvedStateString(encoder)) ?? "";

    [LibraryImport(Library, EntryPoint = "FLAC__stream_encoder_get_resolved_state_string")]
    private static partial nint GetResolvedStateString(FlacEncoderHandle encoder);
}

/// <summary>An encoder of libFLAC, and what its callbacks are told to find their object by.</summary>
internal sealed class FlacEncoderHandle() : SafeHandle(0, ownsHandle: true)
{
    private GCHandle _client;

    public override bool IsInvalid => handle == 0;

    /// <summary>Makes the client data for an object; the encoder does not keep it alive.</summary>
    public nint Attach(object client)
    {
        _client = GCHandle.Alloc(client, GCHandleType.Weak);
        return GCHandle.ToIntPtr(_client);
    }

    protected override bool ReleaseHandle()
    {
        LibFlac.Delete(handle);
        if (_client.IsAllocated)
        {
            _client.Free();
        }

        return true;
    }
}

/// <summary>FLAC__StreamMetadata, as far as it is the same for all types and for STREAMINFO.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlacStreamMetadata
{
    /// <summary>FLAC__METADATA_TYPE_STREAMINFO.</summary>
    public const int StreamInfo = 0;

    public int Type;
    public int IsLast;
    public uint Length;
    public FlacStreamInfoBlock Info;
}

/// <summary>FLAC__StreamMetadata_StreamInfo.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlacStreamInfoBlock
{
    public uint MinBlockSize;
    public uint MaxBlockSize;
    public uint MinFrameSize;
    public uint MaxFrameSize;
    public uint SampleRate;
    public uint Channels;
    public uint BitsPerSample;
    public ulong TotalSamples;
    public Md5Bytes Md5;

    [InlineArray(16)]
    internal struct Md5Bytes
    {
        private byte _first;
    }
}
