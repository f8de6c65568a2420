namespace Pltfrms.Iam.Token.OAuth;

/// <summary>The parameters that the endpoints know, and how long each may be.</summary>
public static class OAuthParameters
{
    public const string GrantType = "grant_type";
    public const string Scope = "scope";
    public const string ClientId = "client_id";
    public const string ClientSecret = "client_secret";
    public const string Organization = "organization";
    public const string Audience = "audience";
    public const string Resource = "resource";
    public const string Token = "token";
    public const string TokenTypeHint = "token_type_hint";

    /// <summary>Parameters that we do not know are ignored (RFC 6749 section 3.2), but not read without end.</summary>
    public const int MaxUnknownLength = 8 * 1024;

    private static readonly (string Name, int MaxLength)[] Known =
    [
        (GrantType, 256), (Scope, 4 * 1024), (ClientId, 256), (ClientSecret, 1024), (Organization, 256),
        (Audience, 2 * 1024), (Resource, 2 * 1024), (Token, 16 * 1024), (TokenTypeHint, 256),
    ];

    /// <summary>The name as a constant, so that requests make no strings for names; null where we do not know it.</summary>
    public static string? Intern(ReadOnlySpan<char> name, out int maxLength)
    {
        foreach (var known in Known)
        {
            if (name.SequenceEqual(known.Name))
            {
                maxLength = known.MaxLength;
                return known.Name;
            }
        }

        maxLength = MaxUnknownLength;
        return null;
    }
}
