using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>
/// Identifies what an import does: its document, and the state of everything that would change, before and after. What a document leaves alone
/// (the secrets of a client without the key) may change meanwhile, for the import still does the same; anything else that changes differs from
/// the document then, and so makes another difference.
/// </summary>
internal static class PlanEtag
{
    public static string Of(string text, RealmDocument document, IReadOnlyList<IRealmResource> stored)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        // The times that an import would set are no part of what it does.
        foreach (var change in RealmDifference.Between(stored, document, author: "", DateTimeOffset.UnixEpoch))
        {
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"\n{change.Resource.Kind.ToName()} {change.Resource.Id.Length} {change.Resource.Id} {Of(change.Before)} {Of(change.After)}");
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        }

        return Base64Url.EncodeToString(hash.GetHashAndReset());
    }

    /// <exception cref="IamException">ETAG_MISMATCH where an etag is given and the import would do anything else.</exception>
    public static void Require(string etag, string text, RealmDocument document, IReadOnlyList<IRealmResource> stored)
    {
        if (etag.Length > 0 && Of(text, document, stored) is var current && etag != current)
        {
            throw new IamException(ErrorReason.EtagMismatch, "The realm changed meanwhile, or the plan was of another document. Plan again, and look at what has changed.")
            {
                Violations = [new("plan_etag", "is of another realm state or document")],
                Metadata = new Dictionary<string, string>
                {
                    ["resource_kind"] = ResourceKind.Realm.ToName(),
                    ["resource_id"] = document.Realm.RealmId,
                    ["etag"] = current,
                },
            };
        }
    }

    private static string Of(IRealmResource? resource) => resource is null ? "-" : ResourceEtag.Of(resource);
}
