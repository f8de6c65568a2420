namespace Pltfrms.Iam.Common.Authentication;

/// <summary>What a caller presents as <c>Authorization: Bearer</c> or <c>DPoP</c>.</summary>
/// <param name="Token">Sensitive. Hashed once, however often the connection presents it.</param>
/// <param name="Type">The <c>typ</c> of a JWS, as it claims; null: it is none.</param>
/// <param name="IsBound">Whether it comes with a proof of the key that it is bound to (RFC 9449 section 7.1), which only access tokens are.</param>
internal sealed record CallerCredential(PresentedToken Token, string? Type, bool IsBound)
{
    public const int MaxLength = 16 * 1024;

    /// <summary>RFC 9068 section 2.1.</summary>
    public const string AccessTokenType = "at+jwt";

    private const string Bearer = "Bearer ";
    private const string Dpop = "DPoP ";

    /// <summary>Whether a header is of one of these schemes, which are case-insensitive (RFC 9110 section 11.1), and not too long.</summary>
    public static bool IsIn(string header) => header.Length <= MaxLength && (IsOf(Bearer, header) || IsOf(Dpop, header));

    /// <summary>Reads a header of one of these schemes.</summary>
    public static CallerCredential Read(string header)
    {
        var isBound = !IsOf(Bearer, header);
        var text = header[(isBound ? Dpop : Bearer).Length..].Trim();
        return new(new PresentedToken(text), CompactJws.TypeOf(text), isBound);
    }

    /// <summary>Without the credential, for a log that prints the record after all.</summary>
    public override string ToString() => $"CallerCredential {Type}";

    private static bool IsOf(string scheme, string header) => header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);
}
