namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>What was read of a realm's revocations.</summary>
/// <param name="RealmId">The realm.</param>
/// <param name="Rows">Those after the sequence of before, in order.</param>
/// <param name="Sequence">Nothing up to this number is missing.</param>
/// <param name="IsAnew">The database is of another life than before, restored from a backup say: what went before says nothing of it.</param>
public sealed record RevocationNews(string RealmId, IReadOnlyList<RevocationRow> Rows, long Sequence, bool IsAnew);
