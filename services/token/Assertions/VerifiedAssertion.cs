using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>An assertion that is believed: its issuer said this, for this realm, and it is good now.</summary>
public sealed record VerifiedAssertion
{
    public required AssertionIssuer Registration { get; init; }

    /// <summary>What it says; of a token of a realm, what the token says.</summary>
    public required JsonElement Claims { get; init; }

    /// <summary>Who it is that knows the subject, as users' external identities name it.</summary>
    public required string Issuer { get; init; }

    /// <summary>Null: it was no token of a realm.</summary>
    public RealmTokenOrigin? Token { get; init; }

    /// <summary>Null: nothing that it comes from ends before.</summary>
    public DateTimeOffset? ExpiresNoLaterThan { get; init; }
}
