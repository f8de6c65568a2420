namespace Pltfrms.Iam.Token.OAuth;

/// <summary>RFC 6750 section 2.1.</summary>
public static class BearerCredential
{
    private const string Scheme = "Bearer ";

    public static bool IsIn(string authorization) => authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The token of an Authorization header; null where there is none or it is of another scheme.</summary>
    public static string? Of(string? authorization) =>
        authorization is not null && IsIn(authorization)
            ? authorization[Scheme.Length..].Trim(' ')
            : null;
}
