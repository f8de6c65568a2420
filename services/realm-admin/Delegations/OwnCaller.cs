using Pltfrms.Iam.Common.Authentication;

namespace Pltfrms.Iam.RealmAdmin.Delegations;

/// <summary>A service that speaks for a user who is there.</summary>
/// <param name="Service">Its name.</param>
public readonly record struct OwnCaller(string Service)
{
    /// <summary>The user as the audit trail has the actor: the service stands where others stand who act for somebody.</summary>
    public Caller As(string realmId, string userId) => new()
    {
        Kind = CallerKind.Token,
        Id = userId,
        RealmId = realmId,
        ActChain = [Service],
    };
}
