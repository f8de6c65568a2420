namespace Pltfrms.Iam.Token.Audit;

/// <summary>What happened. Stored by name.</summary>
public enum TokenEventKind
{
    /// <summary>A client got an access token.</summary>
    Issued,

    /// <summary>A client got the answer to a refresh once more.</summary>
    Repeated,

    /// <summary>A client that the realm knows got none.</summary>
    Refused,

    /// <summary>A code, device code or refresh token that was used already came again: it was stolen, and what came of it ends.</summary>
    Reused,

    /// <summary>An access token was ended before its time.</summary>
    TokenRevoked,

    /// <summary>What a user delegated was ended, with every token that came of it.</summary>
    GrantRevoked,
}
