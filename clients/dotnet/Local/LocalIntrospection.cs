using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Client.Local;

/// <summary>What an active token stands for, out of its own claims.</summary>
internal static class LocalIntrospection
{
    public static Introspection Of(Common.Tokens.AccessToken token, long revision, DateTimeOffset answeredAt) => new()
    {
        Active = true,
        Scopes = token.Scopes,
        ClientId = token.ClientId,
        UserId = token.UserId,
        Subject = token.Subject.Id,
        SubjectType = TypeOf(token.Subject),
        OrganizationId = token.OrganizationId,
        Audiences = token.Audiences,
        Issuer = token.Issuer,
        TokenId = token.TokenId,
        IssuedAt = token.IssuedAt,
        ExpiresAt = token.ExpiresAt,
        Acr = token.Acr,
        AuthenticatedAt = token.AuthenticatedAt,
        GrantId = token.GrantId,
        Actors = [.. token.Actors.Select(actor => new TokenActor(actor.Id, TypeOf(actor)))],
        Confirmation = token.Confirmation is { } confirmation
            ? new() { JwkThumbprint = confirmation.JwkThumbprint, CertificateThumbprint = confirmation.CertificateThumbprint }
            : null,
        Revision = revision,
        AnsweredAt = answeredAt,
    };

    private static PrincipalType TypeOf(Principal principal) => principal.Type == MemberType.User ? PrincipalType.User : PrincipalType.Client;
}
