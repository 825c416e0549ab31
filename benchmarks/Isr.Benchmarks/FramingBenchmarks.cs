using System.Buffers;
using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Isr.Audio;
using Isr.Audio.Sniffing;

namespace Isr.Benchmarks;

/// <summary>
/// Ten minutes of a stream, found frame by frame and muxed into a file with a page put out three times a second of sound,
/// against ffmpeg's stream copy of the same file (a whole process, which also opens and closes).
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class FramingBenchmarks
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"isr-bench-{Environment.ProcessId}");
    private readonly ArrayBufferWriter<byte> _output = new(128 * 1024 * 1024);
    private byte[] _stream = [];

    [Params("mp3", "aac", "vorbis", "opus", "oggflac", "flac")]
    public string Format { get; set; } = "";

    [GlobalSetup]
    public void Generate()
    {
        string[] codec = Format switch
        {
            "mp3" => ["libmp3lame", "-b:a", "128k", "-write_xing", "0", "-id3v2_version", "0"],
            "aac" => ["aac", "-b:a", "128k"],
            "vorbis" => ["libvorbis", "-q:a", "4"],
            "opus" => ["libopus", "-b:a", "96k"],
            _ => ["flac"],
        };
        Run(["-f", "lavfi", "-i", "anoisesrc=r=44100:a=0.1:d=600:seed=1:color=pink", "-ac", "2", "-c:a", .. codec, "-f", Container, _path]);
        _stream = File.ReadAllBytes(_path);
    }

    [GlobalCleanup]
    public void Delete() => File.Delete(_path);

    [Benchmark(Baseline = true)]
    public void FfmpegCopy() => Run("-i", _path, "-c", "copy", "-f", Container, "/dev/null");

    [Benchmark]
    public int Read() => ReadAll(isMuxed: false);

    [Benchmark]
    public int ReadAndMux() => ReadAll(isMuxed: true);

    private string Container => Format switch { "mp3" => "mp3", "aac" => "adts", "flac" => "flac", _ => "ogg" };

    private int ReadAll(bool isMuxed)
    {
        var reader = StreamFormats.CreateReader(Format switch
        {
            "mp3" => StreamKind.MpegAudio,
            "aac" => StreamKind.Adts,
            "flac" => StreamKind.Flac,
            _ => StreamKind.Ogg,
        });
        var rest = _stream.AsSpan();
        var (frames, samples) = (0, 0);
        IFileMuxer? muxer = null;
        _output.ResetWrittenCount();
        while (reader.TryRead(rest, isFinal: true, out var consumed, out var frame) || consumed > 0)
        {
            rest = rest[consumed..];
            if (frame.Data.IsEmpty || !isMuxed)
            {
                frames += frame.Data.IsEmpty ? 0 : 1;
                continue;
            }

            if (frame.Samples == 0)
            {
                muxer ??= StreamFormats.CreateMuxer(frame.Format);
                muxer.Observe(frame);
                continue;
            }

            if (frames++ == 0)
            {
                muxer ??= StreamFormats.CreateMuxer(frame.Format);
                muxer.Begin(new FileFacts("bench", DateTimeOffset.UnixEpoch), frame, _output);
            }

            muxer!.Write(frame, _output);
            samples += frame.Samples;
            if (samples > frame.Format.SampleRate / 3)
            {
                muxer.Flush(_output);
                samples = 0;
            }
        }

        return frames;
    }

    private static void Run(params string[] arguments)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]) { UseShellExecute = false })!;
        ffmpeg.WaitForExit();
    }
}
