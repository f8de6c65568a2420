using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>Which resource servers a view is about; two of the same are equal.</summary>
internal sealed record ViewAudiences
{
    private const string IdOfAll = "all";

    private ViewAudiences(ValueList<string>? audiences)
    {
        Audiences = audiences;
        Id = audiences is null ? IdOfAll : Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', audiences))).AsSpan(0, 16));
    }

    public static ViewAudiences All { get; } = new(audiences: null);

    /// <summary>Sorted; null: all, also those that are yet to come.</summary>
    public ValueList<string>? Audiences { get; }

    /// <summary>The same on every replica.</summary>
    public string Id { get; }

    public bool Contains(string audience) => Audiences is null || Audiences.AsSpan().BinarySearch(audience, StringComparer.Ordinal) >= 0;

    /// <summary>What a caller may see of what it asks for.</summary>
    /// <param name="realm">As it is now.</param>
    /// <param name="caller">Who may ask about permissions.</param>
    /// <param name="requested">Empty: all that it may see.</param>
    /// <exception cref="IamException">PERMISSION_DENIED.</exception>
    public static ViewAudiences Of(RealmSnapshot realm, Caller caller, IReadOnlyCollection<string> requested)
    {
        if (caller.Kind != CallerKind.Token)
        {
            return requested.Count == 0 ? All : Sorted(requested);
        }

        var own = realm.ResourceServers.Where(server => server.ClientId is not null && server.ClientId == caller.ClientId).Select(server => server.Audience).ToHashSet(StringComparer.Ordinal);
        if (own.Count == 0 || !requested.All(own.Contains))
        {
            throw new IamException(ErrorReason.PermissionDenied, "The caller is not the client of a resource server that it asks about.")
            {
                Metadata = new Dictionary<string, string> { ["permission"] = IamPermissions.PermissionsCheck, ["realm_id"] = realm.RealmId },
            };
        }

        return Sorted(requested.Count == 0 ? own : requested);
    }

    private static ViewAudiences Sorted(IEnumerable<string> audiences) =>
        new(audiences.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToValueList());
}
