namespace Pltfrms.Iam.Token.Authorization;

/// <summary>A pending request in the hands of the browser that it belongs to.</summary>
/// <param name="Pending">As stored.</param>
/// <param name="Handle">Sensitive: what the browser carries from page to page.</param>
public sealed record OpenAuthorization(PendingAuthorization Pending, string Handle)
{
    public AuthorizationRequest Request => Pending.Request;

    /// <summary>Asked for or chosen; null: none.</summary>
    public string? OrganizationId => Request.OrganizationId ?? Pending.Progress.OrganizationId;

    /// <summary>Without the handle, for a log that prints the record after all.</summary>
    public override string ToString() => $"OpenAuthorization of {Request.ClientId}";
}
