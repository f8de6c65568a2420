namespace Pltfrms.Iam.Consent.Consents;

/// <summary>Where a page of a user's decisions ends: the last one's key in the list's order.</summary>
public sealed record ConsentPosition(string ClientId, string OrganizationId, string Scope)
{
    public static ConsentPosition Start { get; } = new("", "", "");
}
