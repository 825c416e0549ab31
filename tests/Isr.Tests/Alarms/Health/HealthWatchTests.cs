using System.Text.Json;
using Isr.Alarms.Health;
using Isr.Catalog;
using Isr.Catalog.Keeping;
using Isr.Recording.Status;
using Isr.Sources;
using Isr.Tests.Support;


namespace Isr.Tests.Alarms.Health;

public sealed class HealthWatchTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 10, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
    private long _bytes;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_page_over_a_folder_is_well()
    {
        using var watch = Watch(sources: 0);

        var report = watch.Report();

        Assert.Equal("ok", report.Status);
        Assert.Equal(["recorder", "disk", "sources"], report.Checks.Select(c => c.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void A_recorder_that_is_configured_and_not_there_fails()
    {
        using var watch = Watch(sources: 1);

        Assert.Equal("failing", Check(watch, "recorder"));
        Write(SourceState.Recording);
        Assert.Equal("ok", watch.Report().Status);
    }

    [Fact]
    public void A_recorder_that_was_there_and_is_gone_fails()
    {
        using var watch = Watch(sources: 0);
        Write(SourceState.Recording);
        Assert.Equal("ok", Check(watch, "recorder"));

        _time.Advance(RecorderStatus.GoodFor + TimeSpan.FromSeconds(1));

        Assert.Equal("failing", Check(watch, "recorder"));
    }

    [Fact]
    public void A_source_without_audio_fails_after_two_minutes_however_often_it_is_tried()
    {
        using var watch = Watch(sources: 1);
        Write(SourceState.Recording);
        Assert.Equal("ok", Check(watch, "sources"));
        for (var i = 0; i < 11; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Write(i % 2 == 0 ? SourceState.Waiting : SourceState.Connecting, grows: false);
            Assert.Equal("ok", Check(watch, "sources"));
        }

        _time.Advance(TimeSpan.FromSeconds(11));
        Write(SourceState.Connecting, grows: false);
        Assert.Equal("failing", Check(watch, "sources"));
        Write(SourceState.Recording);
        Assert.Equal("ok", Check(watch, "sources"));
    }

    [Theory]
    [InlineData(SourceState.Disk)]
    [InlineData(SourceState.Stopped)]
    internal void A_source_that_is_given_up_or_gets_into_no_file_fails_at_once(SourceState state)
    {
        using var watch = Watch(sources: 1);
        Write(state);

        Assert.Equal("failing", Check(watch, "sources"));
    }

    [Fact]
    public void Nothing_that_is_said_names_a_source_or_an_address()
    {
        using var watch = Watch(sources: 1);
        Write(SourceState.Disk);
        var said = string.Concat(watch.Report().Checks.Select(c => c.Sentence));

        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
        Assert.DoesNotContain(_directory.Path, said, StringComparison.Ordinal);
    }

    private static string Check(HealthWatch watch, string name) => watch.Report().Checks.Single(c => c.Name == name).Status;

    private HealthWatch Watch(int sources)
    {
        Directory.CreateDirectory(_directory.File("rec"));
        return new HealthWatch(
            new HealthOptions([_directory.File("rec", "not", "yet")], sources),
            new ActiveFiles(_directory.File("rec"), _time),
            new KeepingOptions(_directory.File("rec"), _directory.File("state")),
            _time);
    }

    private void Write(SourceState state, bool grows = true)
    {
        _bytes += grows ? 1000 : 0;
        var status = new RecorderStatus
        {
            Updated = _time.GetUtcNow(),
            Pid = Environment.ProcessId,
            Sources = [new SourceStatus { Name = "secret", Type = "stream", State = state, Bytes = _bytes, Error = "http://user:secret@radio.example/" }],
        };
        File.WriteAllBytes(_directory.File("rec", RecorderStatus.FileName), JsonSerializer.SerializeToUtf8Bytes(status, StatusJson.Default.RecorderStatus));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        File.SetLastWriteTimeUtc(_directory.File("rec", RecorderStatus.FileName), _time.GetUtcNow().UtcDateTime);
    }
}
