using System.Buffers;
using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Isr.Audio;
using Isr.Audio.Sniffing;

namespace Isr.Benchmarks;

/// <summary>
/// Ten minutes of 128 kbit/s MP3, found frame by frame and muxed into a file, against ffmpeg's stream copy of the
/// same file (a whole process, which also opens and closes).
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class FramingBenchmarks
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"isr-bench-{Environment.ProcessId}.mp3");
    private readonly ArrayBufferWriter<byte> _output = new(16 * 1024 * 1024);
    private byte[] _stream = [];

    [GlobalSetup]
    public void Generate()
    {
        Run("-f", "lavfi", "-i", "anoisesrc=r=44100:a=0.1:d=600:seed=1", "-ac", "2", "-c:a", "libmp3lame", "-b:a", "128k", "-write_xing", "0", "-id3v2_version", "0", _path);
        _stream = File.ReadAllBytes(_path);
    }

    [GlobalCleanup]
    public void Delete() => File.Delete(_path);

    [Benchmark(Baseline = true)]
    public void FfmpegCopy() => Run("-i", _path, "-c", "copy", "-f", "mp3", "/dev/null");

    [Benchmark]
    public int Read() => ReadAll(null);

    [Benchmark]
    public int ReadAndMux() => ReadAll(StreamFormats.CreateMuxer(new AudioFormat(AudioCodec.MpegLayer3, 44100, 2)));

    private int ReadAll(IFileMuxer? muxer)
    {
        var reader = StreamFormats.CreateReader(StreamKind.MpegAudio);
        var rest = _stream.AsSpan();
        var frames = 0;
        _output.ResetWrittenCount();
        while (reader.TryRead(rest, isFinal: true, out var consumed, out var frame) || consumed > 0)
        {
            if (!frame.Data.IsEmpty)
            {
                if (frames++ == 0)
                {
                    muxer?.Begin(new FileFacts("bench", DateTimeOffset.UnixEpoch), frame, _output);
                }

                muxer?.Write(frame, _output);
            }

            rest = rest[consumed..];
        }

        return frames;
    }

    private static void Run(params string[] arguments)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]) { UseShellExecute = false })!;
        ffmpeg.WaitForExit();
    }
}
