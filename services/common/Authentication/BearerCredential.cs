namespace Pltfrms.Iam.Common.Authentication;

/// <summary>What a caller presents as <c>Authorization: Bearer</c>.</summary>
/// <param name="Text">Sensitive.</param>
/// <param name="Type">The <c>typ</c> of a JWS, as it claims; null: it is none.</param>
internal sealed record BearerCredential(string Text, string? Type)
{
    public const int MaxLength = 16 * 1024;

    /// <summary>RFC 9068 section 2.1.</summary>
    public const string AccessTokenType = "at+jwt";

    private const string Scheme = "Bearer ";

    /// <summary>Whether a header is of this scheme, which is case-insensitive (RFC 9110 section 11.1), and not too long.</summary>
    public static bool IsIn(string header) => header.Length <= MaxLength && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a header of this scheme.</summary>
    public static BearerCredential Read(string header)
    {
        var text = header[Scheme.Length..].Trim();
        return new(text, CompactJws.TypeOf(text));
    }

    /// <summary>Without the credential, for a log that prints the record after all.</summary>
    public override string ToString() => $"BearerCredential {Type}";
}
