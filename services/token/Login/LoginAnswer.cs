using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Login;

/// <summary>What a realm's login application said about a user.</summary>
public sealed record LoginAnswer
{
    /// <summary>Of what the browser that logged in brings back, and no other browser knows.</summary>
    public required string VerifierHash { get; init; }

    /// <summary>Null: the user did not log in.</summary>
    public CompletedLogin? Login { get; init; }

    /// <summary>Why not, for the client's developer.</summary>
    public string? Refusal { get; init; }
}
