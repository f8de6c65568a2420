namespace Pltfrms.Iam.Consent.Delegations;

/// <param name="AccountPath">That of the account pages.</param>
/// <param name="FormProof">Proves that the forms are of this browser.</param>
internal sealed record PageFrame(string AccountPath, string FormProof)
{
    public string Action => AccountPath + DelegationsEndpoint.List;
}
