namespace Pltfrms.Iam.RealmAdmin.Delegations;

/// <summary>What users do with their own delegations.</summary>
public sealed record OwnDelegations(ListOwnDelegations List, GrantOwnDelegation Grant, RevokeOwnDelegation Revoke);
