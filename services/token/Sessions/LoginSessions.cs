using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Sessions;

/// <summary>Who is logged in to which realm, by the value of a cookie.</summary>
public sealed class LoginSessions(IDatabase database, LoginSessionStore store, TimeProvider clock)
{
    /// <summary>The session of a cookie; null: there is none, it has ended, or its user is no longer welcome.</summary>
    public async Task<LoginSession?> FindAsync(RealmSnapshot realm, string? cookie, CancellationToken cancellationToken)
    {
        if (cookie is null)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var idle = realm.Realm.SessionSettings.IdleLifetime;
        LoginSession? session;
        await using (var reading = await database.OpenAsync(cancellationToken))
        {
            session = await store.FindAsync(reading, realm.RealmId, OpaqueValue.Hash(cookie), now, now - idle, cancellationToken);
        }

        if (session is null || realm.FindUser(session.UserId) is not { Disabled: false })
        {
            return null;
        }

        // Noted rarely: a session is looked at with every page.
        if (now - session.LastUsedAt > idle / 10)
        {
            await using var writing = await database.BeginWriteAsync(cancellationToken);
            await store.UseAsync(writing, session, now, cancellationToken);
            await writing.CommitAsync(cancellationToken);
        }

        return session;
    }

    /// <summary>Starts a session in place of the one before: its cookie is always a new one, so that nobody can know it beforehand.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="login">What the login said.</param>
    /// <param name="oldCookie">Of the session that ends; null: none.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<(LoginSession Session, string Cookie)> StartAsync(
        RealmSnapshot realm, CompletedLogin login, string? oldCookie, CancellationToken cancellationToken)
    {
        var cookie = OpaqueValue.New();
        var now = clock.GetUtcNow();
        var session = new LoginSession
        {
            RealmId = realm.RealmId,
            SessionHash = OpaqueValue.Hash(cookie),
            UserId = login.UserId,
            Acr = login.Acr ?? "",
            Amr = login.Amr,
            RoleIds = login.RoleIds,
            AuthenticatedAt = login.AuthenticatedAt is { } at && at < now ? at : now,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + realm.Realm.SessionSettings.AbsoluteLifetime,
        };
        await using var writing = await database.BeginWriteAsync(cancellationToken);
        if (oldCookie is not null)
        {
            await store.EndAsync(writing, realm.RealmId, OpaqueValue.Hash(oldCookie), cancellationToken);
        }

        await store.AddAsync(writing, session, cancellationToken);
        await writing.CommitAsync(cancellationToken);
        return (session, cookie);
    }

    public async Task EndAsync(string realmId, string cookie, CancellationToken cancellationToken)
    {
        await using var writing = await database.BeginWriteAsync(cancellationToken);
        await store.EndAsync(writing, realmId, OpaqueValue.Hash(cookie), cancellationToken);
        await writing.CommitAsync(cancellationToken);
    }
}
