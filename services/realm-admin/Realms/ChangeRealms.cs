using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Secrets;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>Makes, changes and deletes realms themselves.</summary>
public sealed class ChangeRealms(RetriedWrites retried, WriteResources writes, ResourceCheck check, RealmStore realms, UpstreamSecrets secrets, TimeProvider clock)
{
    /// <exception cref="IamException">ALREADY_EXISTS, INVALID_ARGUMENT, INVALID_NAME, TEXT_TOO_LONG, DANGLING_REFERENCE, REQUEST_ID_REUSED.</exception>
    public Task<Wire.CreateRealmResponse> CreateAsync(WriteCall call, Wire.Realm? message, CancellationToken cancellationToken)
    {
        var form = ResourceForm.Of(ResourceKind.Realm);
        var draft = Draft.Read(form, call.RealmId, platform: false, OperationFields.Require(form, message, "", call.RealmId), form.Field);
        var realm = secrets.Sealed((Realm)draft.Resource) with { CreatedAt = Values.ToMicroseconds(clock.GetUtcNow()) };
        return retried.RunOrCreateAsync(
            call,
            realm,
            async write =>
            {
                write.Limit?.EnterRealm(IamPermissions.RealmsCreate);
                if (!write.RealmCreated)
                {
                    throw ResourceCheck.Exists(form.Kind.ToName(), realm.RealmId, $"{form.Field}.{form.IdField}");
                }

                await check.ReferencesAsync(write, check.IdsOf(write.Session, realm.RealmId), realm, draft, stored: null, cancellationToken);
                await write.ApplyAsync(new RealmChange(null, realm), cancellationToken);
                return new Wire.CreateRealmResponse { Realm = (realm with { Revision = write.ResultingRevision }).WithEtag() };
            },
            cancellationToken);
    }

    /// <exception cref="IamException">REALM_NOT_FOUND, ETAG_MISMATCH, INVALID_ARGUMENT, INVALID_NAME, TEXT_TOO_LONG, DANGLING_REFERENCE, RESOURCE_IN_USE, REQUEST_ID_REUSED.</exception>
    public Task<Wire.UpdateRealmResponse> UpdateAsync(WriteCall call, UpdateResource update, CancellationToken cancellationToken) =>
        writes.ExecuteAsync<Realm, Wire.UpdateRealmResponse>(
            call, update, (realm, revision) => new() { Realm = (realm with { Revision = revision }).WithEtag() }, cancellationToken);

    /// <summary>From the commit on the realm is gone for everybody; <see cref="EraseRealms"/> does the rest.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, REALM_NOT_DISABLED, ETAG_MISMATCH.</exception>
    public Task<Wire.DeleteRealmResponse> DeleteAsync(WriteCall call, string etag, CancellationToken cancellationToken) =>
        retried.RunAsync(
            call,
            async write =>
            {
                write.Limit?.EnterRealm(IamPermissions.RealmsDelete);
                var realm = await realms.FindAsync(write.Session, call.RealmId, cancellationToken) ?? throw RealmNotFound.For(call.RealmId);
                OperationFields.RequireEtag(realm, etag, "etag");
                if (!realm.Disabled)
                {
                    throw new IamException(ErrorReason.RealmNotDisabled, "Disable the realm before you delete it.")
                    {
                        Metadata = new Dictionary<string, string> { ["realm_id"] = realm.RealmId },
                    };
                }

                await write.ApplyAsync(new RealmChange(realm, null), cancellationToken);
                return new Wire.DeleteRealmResponse();
            },
            cancellationToken);
}
