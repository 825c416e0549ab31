using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Isr.Playback;

/// <summary>Which bytes a file has, as length and time of its last change tell, and what a request makes depend on that (RFC 9110, section 13).</summary>
internal sealed class FileVersion
{
    private readonly DateTimeOffset _modified;

    /// <summary>A date says what the bytes are only if they could not change within its second any more.</summary>
    private readonly bool _isDateStrong;

    public FileVersion(long length, DateTime modifiedUtc, DateTimeOffset now)
    {
        Tag = new EntityTagHeaderValue($"\"{length:x}-{modifiedUtc.Ticks:x}\"");
        _modified = new DateTimeOffset(modifiedUtc.Ticks - (modifiedUtc.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        _isDateStrong = now - _modified >= TimeSpan.FromSeconds(2);
    }

    /// <summary>Strong: the same only for the same bytes.</summary>
    public EntityTagHeaderValue Tag { get; }

    public void Describe(ResponseHeaders headers)
    {
        headers.ETag = Tag;
        headers.LastModified = _modified;
    }

    /// <summary>In the order of section 13.2.2: 412 or 304 where that is the answer, 200 where the request is to be answered.</summary>
    public int Evaluate(RequestHeaders request)
    {
        if (request.IfMatch is { Count: > 0 } wanted)
        {
            if (!wanted.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(Tag, useStrongComparison: true)))
            {
                return StatusCodes.Status412PreconditionFailed;
            }
        }
        else if (request.IfUnmodifiedSince is { } unmodified && _modified > unmodified)
        {
            return StatusCodes.Status412PreconditionFailed;
        }

        var isKnown = request.IfNoneMatch is { Count: > 0 } known
            ? known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(Tag, useStrongComparison: false))
            : request.IfModifiedSince is { } since && _modified <= since;
        return isKnown ? StatusCodes.Status304NotModified : StatusCodes.Status200OK;
    }

    /// <summary>Whether a range is still one of the bytes that the client has a part of (section 13.1.5).</summary>
    public bool IsMeantBy(RangeConditionHeaderValue condition) => condition.EntityTag is { } tag
        ? tag.Compare(Tag, useStrongComparison: true)
        : _isDateStrong && condition.LastModified == _modified;
}
