using System.Text.Json;
using Pltfrms.Iam.Token.RefreshTokens;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>What is said of a token (RFC 7662 section 2.2): of an access token, of a refresh token, or that neither is active.</summary>
/// <param name="Access">Null: no active access token.</param>
/// <param name="Refresh">Null: no active refresh token.</param>
public readonly record struct IntrospectionAnswer(AccessToken? Access, RefreshToken? Refresh)
{
    public bool IsActive => Access is not null || Refresh is not null;

    /// <summary>Writes the members, without the braces around them.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("active", IsActive);
        if (Access is not null)
        {
            AccessTokenJson.WriteMembers(writer, Access);
            writer.WriteString("token_type", Confirmation.TokenTypeOf(Access.Confirmation));
        }
        else if (Refresh is not null)
        {
            writer.WriteString(ClaimNames.Subject, Refresh.Access.UserId);
            writer.WriteString(ClaimNames.SubjectType, ClaimNames.UserSubject);
            writer.WriteString(ClaimNames.ClientId, Refresh.ClientId);
            writer.WriteString(ClaimNames.Scope, string.Join(' ', Refresh.Access.Scopes));
            writer.WriteNumber(ClaimNames.ExpiresAt, Refresh.ExpiresAt.ToUnixTimeSeconds());
            writer.WriteString(ClaimNames.GrantId, Refresh.GrantId);
            ConfirmationJson.Write(writer, Refresh.Access.Confirmation);
            DetailsJson.Write(writer, Refresh.Access.AuthorizationDetails);
            writer.WriteString("token_type", OAuthParameters.RefreshToken);
        }
    }
}
