using Grpc.Core;

namespace Pltfrms.Iam.Client;

/// <summary>An access token of this application (RFC 6749 section 5.1).</summary>
public sealed class AccessToken
{
    /// <summary>Time that a token needs to get to where it is checked; a token with less left is not handed out.</summary>
    private static readonly TimeSpan TravelTime = TimeSpan.FromSeconds(2);

    internal AccessToken(string value, DateTimeOffset issuedAt, TimeSpan lifetime, TimeSpan renewAhead)
    {
        Value = value;
        IssuedAt = issuedAt;
        ExpiresAt = issuedAt + lifetime;
        UsableUntil = ExpiresAt - Shorter(TravelTime, lifetime / 10);
        var renewAt = ExpiresAt - Shorter(renewAhead, lifetime / 5);
        RenewAt = renewAt < UsableUntil ? renewAt : UsableUntil;
        Headers = new Metadata { { "authorization", $"Bearer {value}" } };
    }

    /// <summary>Sensitive: the token, to be sent as <c>Authorization: Bearer</c> (RFC 6750 section 2.1).</summary>
    public string Value { get; }

    /// <summary>When the token expires; counted from before it was asked for, so never later than the server's own time.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The granted scopes, which may be fewer than asked for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The organization that the token is tied to; null: none.</summary>
    public required string? OrganizationId { get; init; }

    internal DateTimeOffset IssuedAt { get; }

    /// <summary>Where it is kept.</summary>
    internal TokenSlot? Slot { get; set; }

    internal DateTimeOffset RenewAt { get; }

    internal DateTimeOffset UsableUntil { get; }

    /// <summary>The header of calls made with this token; read only, and shared by all of them.</summary>
    internal Metadata Headers { get; }

    /// <summary>
    /// Drops the token where a server refused it although it has not expired. Tells whether asking again gives another one:
    /// not where it was replaced a moment ago, as a server that refuses every token must not make every call ask for one.
    /// </summary>
    internal bool TryReplace() => Slot?.TryReplace(this) ?? false;

    /// <summary>Without the token, for a log that prints the object after all.</summary>
    public override string ToString() => $"AccessToken until {ExpiresAt:O}";

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
