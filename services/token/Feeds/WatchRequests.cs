using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>Messages to positions; every wrong field is named at once.</summary>
internal static class WatchRequests
{
    private const int MaxAudiences = 100;
    private const int MaxAudienceLength = 1000;

    /// <exception cref="IamException">INVALID_ARGUMENT.</exception>
    public static ViewPosition Read(Wire.WatchRealmRequest request)
    {
        var violations = new List<FieldViolation>();
        if (request.AfterRevision < 0)
        {
            violations.Add(new("after_revision", "must not be negative"));
        }

        if (request.CreateTime is { } time && !IsTime(time))
        {
            violations.Add(new("create_time", "is not a time"));
        }

        if (request.Audiences.Count > MaxAudiences || request.Audiences.Any(audience => audience.Length is 0 or > MaxAudienceLength))
        {
            violations.Add(new("audiences", $"must be {MaxAudiences} at the most, each of 1 to {MaxAudienceLength} characters"));
        }

        ThrowIfAny(violations);
        return new(request.AfterRevision, request.CreateTime?.ToDateTimeOffset(), request.ViewId);
    }

    /// <exception cref="IamException">INVALID_ARGUMENT.</exception>
    public static long Read(Wire.WatchRevocationsRequest request)
    {
        List<FieldViolation> violations = request.AfterSequence < 0 ? [new("after_sequence", "must not be negative")] : [];
        ThrowIfAny(violations);
        return request.AfterSequence;
    }

    /// <summary>What a timestamp may be, as its own definition has it; anything else comes over the wire too.</summary>
    private static bool IsTime(Timestamp time) => time is { Seconds: >= -62_135_596_800 and <= 253_402_300_799, Nanos: >= 0 and <= 999_999_999 };

    private static void ThrowIfAny(List<FieldViolation> violations)
    {
        if (violations.Count > 0)
        {
            throw new IamException(ErrorReason.InvalidArgument, "The request has invalid fields.") { Violations = violations };
        }
    }
}
