using System.Globalization;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Users;

/// <summary>
/// Finds the user who has logged in at a realm's OpenID provider, or of whom a registered issuer's assertion speaks, and makes one of somebody new
/// where the realm says so.
/// </summary>
public sealed class ResolveUser(IDatabase database, RealmStore realms, ResourceIdStore ids, RealmWrites writes, TimeProvider clock)
{
    /// <param name="caller">Who asks.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="identity">Who the user is there.</param>
    /// <param name="assertionIssuer">The name of the registered issuer; empty: the realm's OpenID provider.</param>
    /// <param name="displayName">For a new user.</param>
    /// <param name="cancellationToken">Of the call.</param>
    /// <exception cref="IamException">REALM_NOT_FOUND; RESOURCE_NOT_FOUND where it is nobody, or the provider is not the realm's.</exception>
    public async Task<ResolvedUser> ExecuteAsync(
        Caller caller, string realmId, ExternalIdentity identity, string assertionIssuer, string displayName, CancellationToken cancellationToken)
    {
        var source = new IdentitySource(identity, assertionIssuer);
        await using (var session = await database.BeginReadAsync(cancellationToken))
        {
            var realm = await realms.FindAsync(session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
            if (await FindAsync(session, realm, source, cancellationToken) is { } known)
            {
                return known;
            }
        }

        return await CreateAsync(caller, realmId, source, displayName, cancellationToken);
    }

    /// <summary>The user; null: nobody yet, and the realm wants a user made.</summary>
    private async Task<ResolvedUser?> FindAsync(DatabaseSession session, Realm realm, IdentitySource source, CancellationToken cancellationToken)
    {
        var createsUsers = CreatesUsers(realm, source);
        return await ids.FindUserAsync(session, realm.RealmId, source.Identity, cancellationToken) is { } userId
            ? new ResolvedUser(userId, realm.Revision)
            : createsUsers ? null : throw Unknown("The realm has no such user, and makes none at login.");
    }

    private static bool CreatesUsers(Realm realm, IdentitySource source)
    {
        if (source.AssertionIssuer.Length == 0)
        {
            return realm.LoginSettings.Upstream is { } upstream && upstream.Issuer == source.Identity.Issuer
                ? upstream.CreateUsers
                : throw Unknown("The issuer is not the realm's OpenID provider.");
        }

        // What a trusted realm calls itself the token service knows, which has looked.
        return realm.AssertionIssuers.FirstOrDefault(registered => registered.Name == source.AssertionIssuer)
            is { Disabled: false, Subject: AssertionSubject.ExternalIdentity } issuer && (issuer.Issuer is null || issuer.Issuer == source.Identity.Issuer)
            ? issuer.CreateUsers
            : throw Unknown("The issuer is not registered for assertions about users.");
    }

    /// <summary>Writers of a realm take turns: of many first logins of one person the first makes the user, and the others find it.</summary>
    private async Task<ResolvedUser> CreateAsync(
        Caller caller, string realmId, IdentitySource source, string displayName, CancellationToken cancellationToken)
    {
        await using var write = await writes.BeginAsync(realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var realm = await realms.FindAsync(write.Session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        if (await FindAsync(write.Session, realm, source, cancellationToken) is { } known)
        {
            return known with { Revision = write.Revision - 1 };
        }

        var user = new User
        {
            RealmId = realmId,
            // Never the provider's subject: one that is the id of another user must not become that user.
            UserId = Guid.CreateVersion7(clock.GetUtcNow()).ToString("D", CultureInfo.InvariantCulture),
            DisplayName = Rules.DisplayName.Violation(displayName) is null ? displayName : "",
            ExternalIdentities = [source.Identity],
        };
        await write.ApplyAsync(new RealmChange(null, user), cancellationToken);
        await write.CommitAsync(caller, cancellationToken);
        return new ResolvedUser(user.UserId, write.Revision);
    }

    private static IamException Unknown(string why) => new(ErrorReason.ResourceNotFound, why)
    {
        Metadata = new Dictionary<string, string> { ["resource_kind"] = ResourceKind.User.ToName(), ["resource_id"] = "" },
    };

    /// <summary>Who somebody is, and who says so.</summary>
    private sealed record IdentitySource(ExternalIdentity Identity, string AssertionIssuer);
}

/// <summary>A user who has logged in.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="Revision">A revision of the realm that has the user.</param>
public sealed record ResolvedUser(string UserId, long Revision);
