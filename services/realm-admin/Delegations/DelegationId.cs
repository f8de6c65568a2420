namespace Pltfrms.Iam.RealmAdmin.Delegations;

/// <summary>The id of a delegation that was given none.</summary>
public static class DelegationId
{
    public static string New() => $"dg-{Guid.NewGuid():N}";
}
