using System.Text.Json.Serialization;
using Isr.Analysis;
using Isr.Audio.Detection;
using Isr.Web.Events;

namespace Isr.Web;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DetectionParameters))]
[JsonSerializable(typeof(RecordingEvent))]
[JsonSerializable(typeof(LevelEvent))]
[JsonSerializable(typeof(AnalysisProgress))]
[JsonSerializable(typeof(AlarmEvent))]
internal sealed partial class WebJson : JsonSerializerContext;
