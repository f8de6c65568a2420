namespace Pltfrms.Iam.Client;

/// <summary>Facts about the request that is being decided; a condition of a role binding whose fact is missing is not met.</summary>
public sealed record PermissionContext
{
    /// <summary>The address that the request came from, IPv4 or IPv6 text.</summary>
    public string? SourceAddress { get; init; }

    /// <summary>The authentication context class of the login; ignored where an access token carries one.</summary>
    public string? Acr { get; init; }
}
