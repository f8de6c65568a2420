using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>The one answer to a realm id that nobody has.</summary>
internal static class RealmNotFound
{
    public static IamException For(string realmId) => new(ErrorReason.RealmNotFound, $"No realm has the id '{realmId}'.")
    {
        Metadata = new Dictionary<string, string> { ["realm_id"] = realmId },
    };
}
