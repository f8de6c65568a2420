using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>A question to a user, open until it is answered or expires.</summary>
public sealed record Challenge
{
    public required string RealmId { get; init; }

    /// <summary><see cref="OpaqueValue.Hash"/> of the value that a browser carries to the dialog.</summary>
    public required string ChallengeHash { get; init; }

    public required string AuthorizationId { get; init; }

    public required ConsentRequest Request { get; init; }

    /// <summary>What the user decides about, with the texts as they were when it began: what is recorded is what was shown.</summary>
    public required ValueList<AskedScope> Asked { get; init; }

    /// <summary>What recorded decisions grant besides.</summary>
    public required ValueList<string> Granted { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Null: not answered.</summary>
    public ChallengeAnswer? Answer { get; init; }

    /// <summary>When the outcome was fetched.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A scope that the user is asked about.</summary>
/// <param name="Scope">Its technical name.</param>
/// <param name="Texts">What there is to read about it, in all languages.</param>
public sealed record AskedScope(string Scope, ValueList<ScopeText> Texts);

/// <summary>What the user answered.</summary>
/// <param name="GrantedScopes">Among those asked; the others are denied.</param>
/// <param name="Remembered">Whether the answer is kept for the next time.</param>
/// <param name="IsRefused">Whether an answer came that cannot be believed, so that nothing was decided.</param>
public sealed record ChallengeAnswer(ValueList<string> GrantedScopes, bool Remembered, bool IsRefused = false)
{
    /// <summary>Among the authorization details asked for; the others are denied.</summary>
    public ValueList<string> GrantedDetailIds { get; init; } = [];
}
