using Grpc.Core;
using Pltfrms.Iam.Client.Dpop;

namespace Pltfrms.Iam.Client;

/// <summary>An access token of this application (RFC 6749 section 5.1).</summary>
public sealed class AccessToken
{
    /// <summary>Time that a token needs to get to where it is checked; a token with less left is not handed out.</summary>
    private static readonly TimeSpan TravelTime = TimeSpan.FromSeconds(2);

    private Metadata? _headers;

    internal AccessToken(string value, DateTimeOffset issuedAt, TimeSpan lifetime, TimeSpan renewAhead)
    {
        Value = value;
        IssuedAt = issuedAt;
        ExpiresAt = issuedAt + lifetime;
        UsableUntil = ExpiresAt - Shorter(TravelTime, lifetime / 10);
        var renewAt = ExpiresAt - Shorter(renewAhead, lifetime / 5);
        RenewAt = renewAt < UsableUntil ? renewAt : UsableUntil;
    }

    /// <summary>Sensitive: the token, to be sent as <c>Authorization: Bearer</c> (RFC 6750 section 2.1), or DPoP where it is bound.</summary>
    public string Value { get; }

    /// <summary>What comes before the token in the header <c>Authorization</c>: <c>Bearer</c> or, where it is bound to a key, <c>DPoP</c>.</summary>
    public string Scheme => IsBound ? DpopProofs.Scheme : "Bearer";

    /// <summary>Whether each use takes a proof of this application's key (RFC 9449).</summary>
    public bool IsBound => Proofs is not null;

    /// <summary>When the token expires; counted from before it was asked for, so never later than the server's own time.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The granted scopes, which may be fewer than asked for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The organization that the token is tied to; null: none.</summary>
    public required string? OrganizationId { get; init; }

    internal DateTimeOffset IssuedAt { get; }

    /// <summary>Of the key that it is bound to; null: it is bound to none.</summary>
    internal DpopProofs? Proofs { get; init; }

    /// <summary>Where it is kept.</summary>
    internal TokenSlot? Slot { get; set; }

    internal DateTimeOffset RenewAt { get; }

    internal DateTimeOffset UsableUntil { get; }

    /// <summary>The header of calls to the suite made with this token; read only, and shared by all of them.</summary>
    internal Metadata Headers => _headers ??= new() { { "authorization", $"{Scheme} {Value}" } };

    /// <summary>The proof for one request with this token, for who sends it himself: the value of the header <c>DPoP</c> (RFC 9449 section 7.1).</summary>
    /// <param name="method">Of the request, such as <c>GET</c>.</param>
    /// <param name="address">Of the request, as the server sees it; query and fragment do not count.</param>
    /// <param name="nonce">The last <c>DPoP-Nonce</c> of that server; null: it demands none.</param>
    /// <exception cref="InvalidOperationException">The token is bound to no key.</exception>
    public string Prove(string method, Uri address, string? nonce)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(address);
        return Proofs is { } proofs
            ? proofs.Make(method, address, Value, nonce)
            : throw new InvalidOperationException("The token is bound to no key: there is nothing to prove.");
    }

    /// <summary>
    /// Drops the token where a server refused it although it has not expired. Tells whether asking again gives another one:
    /// not where it was replaced a moment ago, as a server that refuses every token must not make every call ask for one.
    /// </summary>
    internal bool TryReplace() => Slot?.TryReplace(this) ?? false;

    /// <summary>Without the token, for a log that prints the object after all.</summary>
    public override string ToString() => $"AccessToken until {ExpiresAt:O}";

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
