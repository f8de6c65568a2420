namespace Pltfrms.Iam.Token.OAuth;

/// <summary>RFC 6750 section 2.1.</summary>
public static class BearerCredential
{
    private const string Scheme = "Bearer ";

    /// <summary>The token of an Authorization header; null where there is none or it is of another scheme.</summary>
    public static string? Of(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[Scheme.Length..].Trim(' ')
            : null;
}
