using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Secrets;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Documents;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>What every write requires of its request, whatever its kind.</summary>
internal static class OperationFields
{
    private const string RealmId = "realm_id";

    /// <summary>The resource, which must be set and of the request's realm.</summary>
    /// <exception cref="IamException">INVALID_ARGUMENT, CROSS_REALM_REFERENCE.</exception>
    public static IMessage Require(ResourceForm form, IMessage? resource, string prefix, string realmId)
    {
        var path = $"{prefix}{form.Field}";
        if (resource is null)
        {
            throw Invalid(path, "is required");
        }

        Draft.RefuseOtherRealm(realmId, TextOf(resource, RealmId), $"{path}.{RealmId}");
        return resource;
    }

    /// <exception cref="IamException">INVALID_ARGUMENT, INVALID_NAME, TEXT_TOO_LONG.</exception>
    public static string RequireId(ResourceForm form, string id, string path) =>
        form.IdRule.Violation(id) is { } violation ? throw Invalid(path, violation, form.IdRule.ReasonOf(id)) : id;

    /// <exception cref="IamException">ETAG_MISMATCH where an etag is given and the stored state has another.</exception>
    public static void RequireEtag(IRealmResource stored, string etag, string path)
    {
        var current = ResourceEtag.Of(stored);
        if (etag.Length > 0 && etag != current)
        {
            throw new IamException(ErrorReason.EtagMismatch, "Somebody else wrote meanwhile. Read the resource again.")
            {
                Violations = [new(path, "is of an older state")],
                Metadata = new Dictionary<string, string>
                {
                    ["resource_kind"] = stored.Kind.ToName(),
                    ["resource_id"] = stored.Id,
                    ["etag"] = current,
                },
            };
        }
    }

    /// <summary>With what a request cannot say.</summary>
    /// <exception cref="IamException">INVALID_ARGUMENT where a client with secrets is to become a public one.</exception>
    public static IRealmResource Completed(IRealmResource resource, IRealmResource stored, string path) => (resource, stored) switch
    {
        (Client { ClientType: ClientType.Public }, Client { Secrets.Count: > 0 }) =>
            throw Invalid($"{path}.client_type", "must not be public: the client has secrets, which a public client cannot keep; delete them first"),
        (Client client, Client was) => client with { Secrets = was.Secrets },
        (Realm realm, Realm was) => UpstreamSecrets.Kept(realm, was) with { Revision = was.Revision, CreatedAt = was.CreatedAt },
        (DelegationRecord delegation, DelegationRecord was) =>
            delegation with { CreatedAt = was.CreatedAt, CreatedBy = was.CreatedBy, SelfGranted = was.SelfGranted },
        _ => resource,
    };

    /// <summary>A time as the databases keep it; null where it is not set.</summary>
    /// <exception cref="IamException">INVALID_ARGUMENT where it is none.</exception>
    public static DateTimeOffset? TimeOf(Timestamp? time, string path)
    {
        try
        {
            return time is null ? null : Values.ToMicroseconds(time.ToDateTimeOffset());
        }
        catch (InvalidOperationException)
        {
            throw Invalid(path, "must be a time");
        }
    }

    public static string TextOf(IMessage message, string field) =>
        message.Descriptor.FindFieldByName(field) is { } found ? (string)found.Accessor.GetValue(message) : "";

    public static IamException Invalid(string path, string description, ErrorReason reason = ErrorReason.InvalidArgument) =>
        new(reason, $"{path}: {description}") { Violations = [new FieldViolation(path, description)] };
}
