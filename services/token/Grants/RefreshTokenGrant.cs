using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Profiles;
using Pltfrms.Iam.Token.RefreshTokens;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.UserGrants;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>
/// RFC 6749 section 6, with a new refresh token at every use (RFC 9700 section 4.14.2). A used one that comes again was stolen, by the one who
/// uses it now or by the one who did before: its family ends. Only the same request shortly after gets the same answer again, for answers get
/// lost and browsers have tabs; whoever else got that answer too trips the alarm with the next token.
/// </summary>
public sealed class RefreshTokenGrant(
    IDatabase database, RefreshTokenStore refreshTokens, UserGrantStore grants, UserTokens tokens, RevokeGrants revoke, TimeProvider clock) : IGrant
{
    public const string Name = "refresh_token";

    public string GrantType => Name;

    public async ValueTask<IssuedToken> IssueAsync(GrantRequest request, CancellationToken cancellationToken)
    {
        var value = request.Parameters.RefreshToken ?? throw new IamException(ErrorReason.InvalidRequest, "The parameter refresh_token is missing.");
        var token = await FindAsync(request, value, cancellationToken);
        (request.Parameters.Trail.GrantId, request.Parameters.Trail.UserId) = (token.GrantId, token.Access.UserId);
        UserTokens.RequireSender(request, token.Access);
        if (token.UsedAt is not null)
        {
            return await RepeatAsync(request, token, value, cancellationToken);
        }

        if (token.ExpiresAt <= clock.GetUtcNow())
        {
            throw UserTokens.Refused();
        }

        var narrowed = token.Access with { Scopes = Narrow(token.Access.Scopes, request.Scopes) };
        var issued = await tokens.IssueAsync(request, narrowed, token.GrantId, cancellationToken);
        if (!SecurityProfiles.RotatesRefreshTokens(request.Realm.Realm, request.Client))
        {
            return await KeepAsync(request, token, value, issued, cancellationToken);
        }

        return await RotateAsync(request, token, value, issued, cancellationToken)
            ?? await RepeatAsync(request, await FindAsync(request, value, cancellationToken), value, cancellationToken);
    }

    /// <summary>The same token again: with clients that have keys, a copy of it is worth nothing, and a lost answer locks nobody out.</summary>
    private async Task<IssuedToken> KeepAsync(GrantRequest request, RefreshToken token, string value, IssuedToken issued, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var session = await database.BeginWriteAsync(cancellationToken);
        if (await grants.FindAsync(session, token.Grant, now, cancellationToken) is not { } grant
            || grant.LastUsedAt + request.Realm.Realm.SessionSettings.RefreshIdleLifetime <= now
            || !await grants.UseAsync(session, token.Grant, now, issued.ExpiresAt, cancellationToken))
        {
            throw UserTokens.Refused();
        }

        await session.CommitAsync(cancellationToken);
        return issued with { RefreshToken = value };
    }

    private async Task<RefreshToken> FindAsync(GrantRequest request, string value, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await refreshTokens.FindAsync(session, request.Realm.RealmId, OpaqueValue.Hash(value), cancellationToken) is { } token
            && token.ClientId == request.Client.ClientId
            ? token
            : throw UserTokens.Refused();
    }

    /// <summary>Uses the token and keeps its successor, or neither; null where somebody else was first.</summary>
    private async Task<IssuedToken?> RotateAsync(
        GrantRequest request, RefreshToken token, string value, IssuedToken issued, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (nextValue, next) = Bound(request, token).Next(now, request.Realm.Realm.SessionSettings.RefreshIdleLifetime);
        var answer = issued with { RefreshToken = nextValue };
        await using var session = await database.BeginWriteAsync(cancellationToken);
        if (!await refreshTokens.UseAsync(session, token, UseHash(request), RefreshAnswer.Encrypt(value, answer), now, cancellationToken))
        {
            return null;
        }

        if (!await grants.UseAsync(session, token.Grant, now, issued.ExpiresAt, cancellationToken))
        {
            throw UserTokens.Refused();
        }

        await refreshTokens.AddAsync(session, next, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return answer;
    }

    /// <summary>A public client that has a key from now on is held to it.</summary>
    private static RefreshToken Bound(GrantRequest request, RefreshToken token) =>
        request.Client.ClientType == ClientType.Public && token.Access.Confirmation is null && request.Confirmation is { } confirmation
            ? token with { Access = token.Access with { Confirmation = confirmation } }
            : token;

    /// <summary>A used token: the same answer to the same request shortly after, else the alarm.</summary>
    private async Task<IssuedToken> RepeatAsync(GrantRequest request, RefreshToken token, string value, CancellationToken cancellationToken)
    {
        var window = request.Realm.Realm.SessionSettings.RefreshRetryWindow;
        if (token is not { UsedAt: { } usedAt, EncryptedAnswer: { } answer }
            || clock.GetUtcNow() - usedAt > window
            || token.UseHash != UseHash(request))
        {
            await revoke.ExecuteAsync(request.Realm.Realm, GrantFilter.Of(token.RealmId, token.GrantId), request.Reuse(Name), cancellationToken);
            throw UserTokens.Refused();
        }

        await using var session = await database.OpenAsync(cancellationToken);
        var grant = await grants.FindAsync(session, token.Grant, clock.GetUtcNow(), cancellationToken);
        return grant is not null ? RefreshAnswer.Decrypt(value, answer) : throw UserTokens.Refused();
    }

    /// <summary>Section 6: "The requested scope MUST NOT include any scope not originally granted by the resource owner".</summary>
    private static ValueList<string> Narrow(ValueList<string> granted, IReadOnlyList<string> asked)
    {
        if (asked.Count == 0)
        {
            return granted;
        }

        return asked.All(scope => granted.AsSpan().Contains(scope))
            ? [.. asked]
            : throw new IamException(ErrorReason.InvalidScope, "A scope was not granted.");
    }

    private static string UseHash(GrantRequest request) =>
        OpaqueValue.Hash($"{string.Join(' ', request.Scopes.Order(StringComparer.Ordinal))}\n{request.Audience}\n{request.OrganizationId}{KeysOf(request)}{request.Parameters.AuthorizationDetails}");

    /// <summary>An answer is bound to keys, so it answers nobody who has others.</summary>
    private static string? KeysOf(GrantRequest request) =>
        request.Confirmation is { } keys ? $"\n{keys.JwkThumbprint}\n{keys.CertificateThumbprint}" : null;
}
