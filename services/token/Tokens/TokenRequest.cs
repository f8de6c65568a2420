using System.Net;
using Pltfrms.Iam.Token.ClientAuthentication;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>A request for a token, from whichever transport.</summary>
public sealed record TokenRequest
{
    public required string RealmId { get; init; }

    public required ClientCredentials Credentials { get; init; }

    public required string GrantType { get; init; }

    /// <summary>As asked for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Null: none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Null: none asked for.</summary>
    public string? Audience { get; init; }

    public IPAddress? SourceAddress { get; init; }
}

/// <summary>What the client gets (RFC 6749 section 5.1).</summary>
public sealed record IssuedToken
{
    /// <summary>Sensitive.</summary>
    public required string AccessToken { get; init; }

    public required TimeSpan ExpiresIn { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public string? OrganizationId { get; init; }

    /// <summary>Of the realm when the decision was made.</summary>
    public required long Revision { get; init; }

    /// <summary>Without the token, for a log that prints the record after all.</summary>
    public override string ToString() => $"IssuedToken, {ExpiresIn}";
}
