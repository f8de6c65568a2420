using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>The answer to whoever wants to make a realm whose id is not free yet.</summary>
internal static class RealmBeingErased
{
    public static IamException For(string realmId) =>
        new(ErrorReason.RealmBeingErased, $"A realm '{realmId}' was deleted and is still being erased. Try again later.")
        {
            Metadata = new Dictionary<string, string> { ["realm_id"] = realmId },
        };
}
