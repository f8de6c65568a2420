using System.Text.Json;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>What nobody looks for events by, as JSON in a column. What is not set is left out.</summary>
public sealed record TokenEventDetails
{
    public string? GrantType { get; init; }

    /// <summary>Whom the token speaks for.</summary>
    public TokenEventActor? Subject { get; init; }

    public string? OrganizationId { get; init; }

    public ValueList<string>? Scopes { get; init; }

    public ValueList<string>? Audiences { get; init; }

    /// <summary>Null: no user delegated anything.</summary>
    public string? GrantId { get; init; }

    /// <summary>The tokens that it was exchanged from, the nearest first.</summary>
    public ValueList<string>? ParentTokenIds { get; init; }

    /// <summary>Who acts for the subject, the current actor first.</summary>
    public ValueList<TokenEventActor>? Actors { get; init; }

    public DateTimeOffset? TokenExpiresAt { get; init; }

    public string? Rule { get; init; }

    public long? Revision { get; init; }

    public string? Reason { get; init; }

    public string? RevokerKind { get; init; }

    public string? RevokerId { get; init; }

    public string? RevokerClientId { get; init; }

    public ValueList<string>? RevokerActChain { get; init; }

    public string? SourceAddress { get; init; }

    public string? CorrelationId { get; init; }

    public static TokenEventDetails Read(string stored) => JsonSerializer.Deserialize<TokenEventDetails>(stored, StoredJson.Options) ?? new();
}

/// <summary>A user or a client.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type"><c>user</c> or <c>client</c>.</param>
public sealed record TokenEventActor(string Id, string Type)
{
    public const string User = "user";
    public const string Client = "client";
}
