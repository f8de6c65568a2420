namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>Who may exchange a token for another (RFC 8693), and for which. Without rules nobody may.</summary>
public sealed record TokenExchangeSettings
{
    public const int UsualMaxActors = 4;

    /// <summary>In their order: the first that speaks of the subject, the client and the target decides.</summary>
    public ValueList<TokenExchangeRule> Rules { get; init; } = [];

    /// <summary>How many actors a chain may have, the client of the first token among them.</summary>
    public int MaxActors { get; init; } = UsualMaxActors;
}

/// <summary>One exchange that a realm allows. What is empty allows any.</summary>
public sealed record TokenExchangeRule
{
    public required string Name { get; init; }

    public TokenExchangeMode Mode { get; init; } = TokenExchangeMode.Delegation;

    public TokenExchangeSource Source { get; init; }

    /// <summary>Whose tokens are exchanged: users', clients' own.</summary>
    public ValueList<MemberType> SubjectTypes { get; init; } = [];

    /// <summary>The clients whose tokens are exchanged.</summary>
    public ValueList<string> SubjectClientIds { get; init; } = [];

    /// <summary>The clients that exchange.</summary>
    public ValueList<string> ActorClientIds { get; init; } = [];

    /// <summary>The resource servers that the new token may be for.</summary>
    public ValueList<string> Audiences { get; init; } = [];

    /// <summary>Names and patterns of the scopes that the new token may have at the most.</summary>
    public ValueList<string> Scopes { get; init; } = [];

    /// <summary>The organizations, with those below them, that the new token may be tied to; where set it must be tied to one.</summary>
    public ValueList<string> OrganizationIds { get; init; } = [];

    /// <summary>Null: as the client's tokens. Never longer than the token it comes from.</summary>
    public TimeSpan? MaxLifetime { get; init; }
}

/// <summary>What a token exchange makes.</summary>
public enum TokenExchangeMode
{
    /// <summary>A token that names the subject and everybody who acts for it.</summary>
    Delegation,

    /// <summary>A token as if the subject itself acted.</summary>
    Impersonation,
}

/// <summary>What a token exchange starts from.</summary>
public enum TokenExchangeSource
{
    /// <summary>An access token of the realm.</summary>
    Token,

    /// <summary>A delegation of the realm.</summary>
    Delegation,
}
