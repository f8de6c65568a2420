namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Who calls an internal method.</summary>
public sealed record Caller
{
    public required CallerKind Kind { get; init; }

    /// <summary>The operator's name, the service's name, or the token's subject.</summary>
    public required string Id { get; init; }

    /// <summary>The realm of the token; null for operators and services, who span realms.</summary>
    public string? RealmId { get; init; }

    /// <summary>The token's client; null for operators and services.</summary>
    public string? ClientId { get; init; }

    /// <summary>The token's id (<c>jti</c>); null for operators and services.</summary>
    public string? TokenId { get; init; }

    /// <summary>The subjects of the token's <c>act</c> claim, the current actor first (RFC 8693 section 4.1).</summary>
    public ValueList<string> ActChain { get; init; } = [];
}

public enum CallerKind
{
    /// <summary>Presents the operator key: bootstrap and emergencies.</summary>
    Operator,

    /// <summary>Presents an assertion signed with a service key.</summary>
    Service,

    /// <summary>Presents an access token of a realm.</summary>
    Token,
}
