using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>
/// Makes a link to the page "applications with access" for a user who is logged in. It works once, and soon or not at all; who follows it has to show
/// at <c>return_uri</c> that the user is theirs before the page opens.
/// </summary>
public sealed class StartSelfService(RealmSnapshots realms, IDatabase database, SelfServiceStore visits, ConsentPlaces places, TimeProvider clock)
{
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(1);

    /// <exception cref="IamException">REALM_NOT_FOUND, RESOURCE_NOT_FOUND, INVALID_ARGUMENT, REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE.</exception>
    public async Task<string> RunAsync(
        string realmId, string userId, IReadOnlyList<string> uiLocales, string returnUri, CancellationToken cancellationToken)
    {
        new FieldChecks().Require("return_uri", FieldChecks.IsWebAddress(returnUri), "must be an absolute http or https address").ThrowIfAny();
        var realm = await realms.GetAsync(realmId, 0, cancellationToken);
        if (realm.FindUser(userId) is not { Disabled: false })
        {
            throw new IamException(ErrorReason.ResourceNotFound, "The realm has no such user.")
            {
                Metadata = new Dictionary<string, string> { ["resource_kind"] = "user", ["resource_id"] = userId },
            };
        }

        var secret = OpaqueValue.New();
        var link = new SelfServiceVisit
        {
            RealmId = realmId,
            SecretHash = OpaqueValue.Hash(secret),
            IsLink = true,
            UserId = userId,
            UiLocales = uiLocales.ToValueList(),
            ReturnUri = returnUri,
            ExpiresAt = clock.GetUtcNow() + LinkLifetime,
        };
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await visits.AddAsync(session, link, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return $"{places.AddressOf(realm.Realm)}{Visits.PathOf(realmId)}/visits/{secret}";
    }
}
