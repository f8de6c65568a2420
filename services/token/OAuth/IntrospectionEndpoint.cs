using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Token.RefreshTokens;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>RFC 7662, and signed answers for who accepts them (RFC 9701).</summary>
public sealed class IntrospectionEndpoint(
    PermittedCallers callers, IntrospectToken introspect, LiveRefreshTokens refreshTokens, SignedIntrospection signedAnswers)
{
    // Goes with the verified token, of which the same is said each time.
    private readonly ConditionalWeakTable<AccessToken, byte[]> _answers = [];

    public async Task HandleAsync(HttpContext context)
    {
        var realmId = OAuthRoutes.RealmOf(context);
        var form = await FormReader.ReadAsync(context.Request, context.RequestAborted);
        var callerId = await callers.RequireAsync(context, realmId, IamPermissions.TokensIntrospect, form);
        var answer = await FindAsync(realmId, callerId, form, context.RequestAborted);

        OAuthJson.NoStore(context.Response);
        if (SignedIntrospection.IsWanted(context.Request))
        {
            await signedAnswers.WriteAsync(context, realmId, callerId, answer);
            return;
        }

        await OAuthJson.WriteAsync(context, answer.Access is { } token ? _answers.GetValue(token, static token => ToJson(new(token, null))) : ToJson(answer));
    }

    private static byte[] ToJson(IntrospectionAnswer answer) => OAuthJson.ToBytes(answer, static (writer, answer) => answer.WriteMembers(writer));

    /// <summary>Section 2.1: a hint says where to look first, and a wrong one hides nothing.</summary>
    private async ValueTask<IntrospectionAnswer> FindAsync(string realmId, string callerId, OAuthForm form, CancellationToken cancellationToken)
    {
        var token = form.Require(OAuthParameters.Token);
        var isNamed = form.Find(OAuthParameters.TokenTypeHint) == OAuthParameters.RefreshToken;
        if (isNamed && await refreshTokens.FindAsync(realmId, token, cancellationToken) is { } named)
        {
            return new(null, named);
        }

        var (access, _) = await introspect.ExecuteAsync(realmId, token, presentation: null, minRevision: 0, cancellationToken);
        return access is not null || isNamed ? new(access, null) : new(null, await FindOwnAsync(realmId, callerId, token, cancellationToken));
    }

    /// <summary>
    /// A refresh token that is not called one is active for its own client only (section 2.2: who may not introspect a token is told that it is not
    /// active). An API that asks about what it was shown must never take a refresh token for an access token.
    /// </summary>
    private async Task<RefreshToken?> FindOwnAsync(string realmId, string callerId, string token, CancellationToken cancellationToken) =>
        await refreshTokens.FindAsync(realmId, token, cancellationToken) is { } found && found.ClientId == callerId ? found : null;
}
