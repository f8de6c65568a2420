using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Codes;

namespace Pltfrms.Iam.Token.Devices;

/// <summary>A device that waits for its user.</summary>
public sealed record DeviceAuthorization
{
    public required string RealmId { get; init; }

    public required string DeviceHash { get; init; }

    public required string UserCodeHash { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The grant that its redemption will make.</summary>
    public required string GrantId { get; init; }

    public required AuthorizationRequest Request { get; init; }

    public DeviceState State { get; init; }

    /// <summary>What the user granted; null: nothing yet.</summary>
    public UserAccess? Access { get; init; }

    /// <summary>How many seconds the device waits between two questions.</summary>
    public required long IntervalSeconds { get; init; }

    public DateTimeOffset? PolledAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? ConsumedAt { get; init; }
}

/// <summary>What a device's user has said.</summary>
public enum DeviceState
{
    /// <summary>Nothing.</summary>
    Pending,

    /// <summary>Yes, to some of what was asked for.</summary>
    Approved,

    /// <summary>No.</summary>
    Denied,
}
