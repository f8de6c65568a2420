using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>Refusals around host names, which all realms share.</summary>
internal static class HostNameTaken
{
    public static IamException At(string path, string? hostName) => new(ErrorReason.HostNameTaken, $"{path}: another realm has the host name '{hostName}'")
    {
        Metadata = new Dictionary<string, string> { ["host_name"] = hostName ?? "" },
        Violations = [new FieldViolation(path, "is taken by another realm")],
    };

    /// <summary>
    /// Who could take any free name could serve pages at an address whose owner has only just pointed it here. Operators may, and who administers
    /// realms from another one.
    /// </summary>
    /// <exception cref="IamException">PERMISSION_DENIED.</exception>
    public static void RequireMayChange(Caller caller, IEnumerable<RealmChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.After is Realm after && after.HostName is not null && after.HostName != (change.Before as Realm)?.HostName
                && caller.Kind != CallerKind.Operator && (caller.RealmId is not { } own || own == after.RealmId))
            {
                throw new IamException(ErrorReason.PermissionDenied, "Only an operator may give a realm a host name.")
                {
                    Metadata = new Dictionary<string, string> { ["permission"] = IamPermissions.RealmsCreate, ["realm_id"] = after.RealmId },
                };
            }
        }
    }
}
