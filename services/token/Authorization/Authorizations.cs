using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Requests on their way through a browser.</summary>
public sealed class Authorizations(IDatabase database, AuthorizationStore store, TimeProvider clock)
{
    /// <summary>Time for a login, a choice and a consent.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>Keeps a request while its user is busy.</summary>
    /// <param name="realmId">The realm.</param>
    /// <param name="request">Checked.</param>
    /// <param name="browser">The browser's cookie.</param>
    /// <param name="pushedHash">The pushed request that it carries out; null: none.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<OpenAuthorization> OpenAsync(
        string realmId, AuthorizationRequest request, string browser, string? pushedHash, CancellationToken cancellationToken)
    {
        var handle = OpaqueValue.New();
        var now = clock.GetUtcNow();
        var pending = new PendingAuthorization
        {
            RealmId = realmId,
            RequestHash = OpaqueValue.Hash(handle),
            BrowserHash = OpaqueValue.Hash(browser),
            PushedHash = pushedHash,
            Request = request,
            Progress = new AuthorizationProgress(),
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await store.AddAsync(session, pending, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return new OpenAuthorization(pending, handle);
    }

    /// <summary>The request that a browser is busy with.</summary>
    /// <param name="realmId">The realm.</param>
    /// <param name="handle">As the browser sent it; null: nothing.</param>
    /// <param name="browser">The browser's cookie; null: none.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="IamException">INVALID_REQUEST where it is unknown, expired, answered, or another browser's.</exception>
    public async Task<OpenAuthorization> FindAsync(string realmId, string? handle, string? browser, CancellationToken cancellationToken)
    {
        if (handle is null || browser is null)
        {
            throw Gone();
        }

        await using var session = await database.OpenAsync(cancellationToken);
        var pending = await store.FindAsync(session, realmId, OpaqueValue.Hash(handle), clock.GetUtcNow(), cancellationToken);

        // Another browser's request is one that somebody else began: going on with it would log its user in as them.
        return pending is { CompletedAt: null, BrowserHash: not null } && pending.BrowserHash == OpaqueValue.Hash(browser)
            ? new OpenAuthorization(pending, handle)
            : throw Gone();
    }

    public async Task<OpenAuthorization> SaveAsync(OpenAuthorization open, AuthorizationProgress progress, CancellationToken cancellationToken)
    {
        var changed = open with { Pending = open.Pending with { Progress = progress } };
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await store.SaveProgressAsync(session, changed.Pending, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return changed;
    }

    /// <summary>The same where what happens next must happen once.</summary>
    /// <exception cref="IamException">INVALID_REQUEST where another request of the browser was faster.</exception>
    public async Task<OpenAuthorization> SaveOnceAsync(OpenAuthorization open, AuthorizationProgress progress, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        if (!await store.ReplaceProgressAsync(session, open.Pending, progress, cancellationToken))
        {
            throw Gone();
        }

        await session.CommitAsync(cancellationToken);
        return open with { Pending = open.Pending with { Progress = progress } };
    }

    /// <summary>Notes that the client was told no.</summary>
    public async Task CloseAsync(OpenAuthorization open, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await store.CompleteAsync(session, open.Pending.RealmId, open.Pending.RequestHash, now, cancellationToken);
        if (open.Pending.PushedHash is { } pushedHash)
        {
            await store.CompleteAsync(session, open.Pending.RealmId, pushedHash, now, cancellationToken);
        }

        await session.CommitAsync(cancellationToken);
    }

    public static IamException Gone() =>
        new(ErrorReason.InvalidRequest, "This page has expired or was used already. Go back to the application and start again.");
}
