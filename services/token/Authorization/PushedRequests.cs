using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Checked requests that wait for a browser to name them (RFC 9126 section 2.2).</summary>
public sealed class PushedRequests(IDatabase database, AuthorizationStore store, TimeProvider clock)
{
    public const string UriPrefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>How long a browser has to come.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(90);

    /// <summary>The request's URI.</summary>
    public async Task<string> AddAsync(string realmId, AuthorizationRequest request, CancellationToken cancellationToken)
    {
        var handle = OpaqueValue.New();
        var now = clock.GetUtcNow();
        var pending = new PendingAuthorization
        {
            RealmId = realmId,
            RequestHash = OpaqueValue.Hash(handle),
            Request = request,
            Progress = new AuthorizationProgress(),
            CreatedAt = now,
            ExpiresAt = now + Lifetime + UseLifetime,
        };
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await store.AddAsync(session, pending, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return UriPrefix + handle;
    }

    /// <summary>A pushed request that no browser has been answered about yet.</summary>
    /// <exception cref="IamException">INVALID_REQUEST, for the user: nothing of the request can be believed.</exception>
    public async Task<(AuthorizationRequest Request, string? PushedHash)> FindAsync(
        RealmSnapshot realm, string clientId, string uri, CancellationToken cancellationToken)
    {
        if (!uri.StartsWith(UriPrefix, StringComparison.Ordinal))
        {
            throw Unknown();
        }

        var now = clock.GetUtcNow();
        await using var session = await database.OpenAsync(cancellationToken);
        var pending = await store.FindAsync(session, realm.RealmId, OpaqueValue.Hash(uri[UriPrefix.Length..]), now, cancellationToken);
        return pending is { BrowserHash: null, CompletedAt: null } && pending.Request.ClientId == clientId && now < pending.CreatedAt + Lifetime
            ? (pending.Request, pending.RequestHash)
            : throw Unknown();
    }

    /// <summary>The row outlives its URI: a user who came in time is still to be answered.</summary>
    private static TimeSpan UseLifetime => TimeSpan.FromMinutes(31);

    private static IamException Unknown() => new(ErrorReason.InvalidRequest, "The request_uri is unknown, expired, used or another application's.");
}
