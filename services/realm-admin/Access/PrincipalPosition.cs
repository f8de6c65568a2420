using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Paging;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>Where a list of principals goes on.</summary>
internal static class PrincipalPosition
{
    private const string Client = "client ";
    private const string User = "user ";

    public static string Create(string query, Principal last) =>
        PageToken.Create(query, last.Type == MemberType.Client ? Client + last.Id : User + last.Id);

    /// <summary>The principal to go on after; a client of no name for an empty token.</summary>
    /// <exception cref="IamException">INVALID_PAGE_TOKEN.</exception>
    public static Principal Read(string query, string token) => PageToken.Read(query, token) switch
    {
        var id when id.StartsWith(Client, StringComparison.Ordinal) => Principal.Client(id[Client.Length..]),
        var id when id.StartsWith(User, StringComparison.Ordinal) => Principal.User(id[User.Length..]),
        "" => Principal.Client(""),
        _ => throw PageToken.Invalid(),
    };
}
