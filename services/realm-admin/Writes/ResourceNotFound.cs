using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>The one answer to an id that nothing in the realm has.</summary>
internal static class ResourceNotFound
{
    public static IamException For(ResourceKind kind, string id) =>
        new(ErrorReason.ResourceNotFound, $"The realm has no {kind.ToName()} '{id}'.")
        {
            Metadata = new Dictionary<string, string> { ["resource_kind"] = kind.ToName(), ["resource_id"] = id },
        };
}
