using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>Who acts, as far as the records say.</summary>
internal static class Principals
{
    /// <summary>Clients first, then users, each by id: the order of every list of principals.</summary>
    public static IComparer<Principal> Order { get; } = Comparer<Principal>.Create((left, right) =>
        left.Type == right.Type ? string.CompareOrdinal(left.Id, right.Id) : left.Type == MemberType.Client ? -1 : 1);

    public static Principal AsPrincipal(this IRealmResource resource) => resource switch
    {
        User user => Principal.User(user.UserId),
        Client client => Principal.Client(client.ClientId),
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource.Kind, "is no principal"),
    };

    /// <summary>Whether anything at all is allowed to the principal: the realm and it itself are there and enabled.</summary>
    public static bool IsEnabled(RealmSnapshot realm, Principal principal) => !realm.Realm.Disabled && principal.Type switch
    {
        MemberType.User => realm.FindUser(principal.Id) is { Disabled: false },
        _ => realm.FindClient(principal.Id) is { Disabled: false },
    };

    /// <summary><c>user 'alice'</c>.</summary>
    public static string Words(this Principal principal) => principal.Type == MemberType.User ? $"user '{principal.Id}'" : $"client '{principal.Id}'";
}
