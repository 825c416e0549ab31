using System.Runtime.InteropServices;

namespace Isr.Codecs.Interop;

/// <summary>The stream decoder of libFLAC (https://xiph.org/flac/api/group__flac__stream__decoder.html).</summary>
internal static partial class LibFlac
{
    /// <summary>FLAC__STREAM_DECODER_INIT_STATUS_OK.</summary>
    public const int DecoderInitOk = 0;

    /// <summary>FLAC__STREAM_DECODER_MEMORY_ALLOCATION_ERROR.</summary>
    public const int DecoderLacksMemory = 8;

    /// <summary>FLAC__STREAM_DECODER_READ_STATUS_CONTINUE.</summary>
    public const int ReadOn = 0;

    /// <summary>FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM.</summary>
    public const int ReadEnd = 1;

    /// <summary>FLAC__STREAM_DECODER_READ_STATUS_ABORT.</summary>
    public const int ReadAbort = 2;

    /// <summary>FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE.</summary>
    public const int TakeOn = 0;

    /// <summary>FLAC__STREAM_DECODER_WRITE_STATUS_ABORT.</summary>
    public const int TakeAbort = 1;

    [LibraryImport(Library, EntryPoint = "FLAC__stream_decoder_new")]
    public static partial FlacDecoderHandle NewDecoder();

    [LibraryImport(Library, EntryPoint = "FLAC__stream_decoder_set_metadata_ignore_all")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IgnoreMetadata(FlacDecoderHandle decoder);

    /// <summary>Starts; the callbacks run inside the call below alone. Without the others it never seeks.</summary>
    [LibraryImport(Library, EntryPoint = "FLAC__stream_decoder_init_stream")]
    public static unsafe partial int InitDecoder(
        FlacDecoderHandle decoder,
        delegate* unmanaged[Cdecl]<nint, byte*, nuint*, nint, int> read,
        nint seek,
        nint tell,
        nint length,
        nint eof,
        delegate* unmanaged[Cdecl]<nint, FlacFrameHeader*, int**, nint, int> write,
        nint metadata,
        delegate* unmanaged[Cdecl]<nint, int, nint, void> error,
        nint clientData);

    [LibraryImport(Library, EntryPoint = "FLAC__stream_decoder_process_until_end_of_stream")]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool DecodeAll(FlacDecoderHandle decoder);

    [LibraryImport(Library, EntryPoint = "FLAC__stream_decoder_get_state")]
    public static partial int StateOf(FlacDecoderHandle decoder);

    [LibraryImport(Library, EntryPoint = "FLAC__stream_decoder_delete")]
    public static partial void DeleteDecoder(nint decoder);
}

/// <summary>A decoder of libFLAC.</summary>
internal sealed class FlacDecoderHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibFlac.DeleteDecoder(handle);
        return true;
    }
}

/// <summary>FLAC__FrameHeader, with which FLAC__Frame begins; the same from 1.3 to 1.5.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlacFrameHeader
{
    public uint BlockSize;
    public uint SampleRate;
    public uint Channels;
    public int ChannelAssignment;
    public uint BitsPerSample;
    public int NumberType;

    /// <summary>Of the first sample: the decoder makes it of the frame's number.</summary>
    public ulong SampleNumber;

    public byte Crc;
}
