namespace Pltfrms.Iam.Client;

/// <summary>
/// What an access token is wanted for. Requests with the same scopes in any order, organization, audience and binding are equal and
/// share one token.
/// </summary>
public sealed record TokenRequest
{
    /// <summary>What this library needs for checks and lists.</summary>
    internal const string CheckScope = "iam.permissions.check";

    /// <summary>What this library needs for introspection.</summary>
    internal const string IntrospectScope = "iam.tokens.introspect";

    /// <summary>The suite's own API as a resource server.</summary>
    private const string SuiteAudience = "urn:pltfrms:iam";

    private readonly string[] _scopes;
    private readonly string _scopeText;

    /// <summary>A request for scopes; none: what the realm's scope policy makes of it.</summary>
    public TokenRequest(params IEnumerable<string> scopes)
    {
        _scopes = [.. scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _scopeText = string.Join(' ', _scopes);
    }

    /// <summary>The scopes, sorted, each once.</summary>
    public IReadOnlyList<string> Scopes => _scopes;

    /// <summary>The organization that the token is to be tied to; null: none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The resource server that the token is for (RFC 8707); null: all that the granted scopes belong to.</summary>
    public string? Audience { get; init; }

    /// <summary>Whether the token is wanted as <c>Bearer</c> although this application has a DPoP key: for servers that take no other.</summary>
    public bool Unbound { get; init; }

    /// <summary>For a line that tells of a refusal.</summary>
    internal string Wanted =>
        (_scopes.Length > 0 ? $"'{_scopeText}'" : "no scope by name") + (Audience is null ? "" : $" for '{Audience}'");

    /// <summary>Whether a token for the one is a token for the other.</summary>
    public bool Equals(TokenRequest? other) =>
        other is not null
        && string.Equals(_scopeText, other._scopeText, StringComparison.Ordinal)
        && string.Equals(OrganizationId, other.OrganizationId, StringComparison.Ordinal)
        && string.Equals(Audience, other.Audience, StringComparison.Ordinal)
        && Unbound == other.Unbound;

    /// <summary>What <see cref="IamClient"/> makes its own calls with.</summary>
    internal static TokenRequest ForCalls(IamClientOptions options) => new(options.CallScopes.Count > 0 ? options.CallScopes : [CheckScope, IntrospectScope])
    {
        Audience = SuiteAudience,
        Unbound = options.UnboundCalls,
    };

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_scopeText, OrganizationId, Audience, Unbound);
}
