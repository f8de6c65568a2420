using System.Globalization;
using Dapper;

namespace Pltfrms.Iam.RealmAdmin.Storage;

/// <summary>The part of a statement that keeps a list to some organizations and those below them (<see cref="PageRange.Within"/>).</summary>
internal static class WithinOrganizations
{
    /// <summary>A condition on a column that names an organization; nothing where the range is the whole realm.</summary>
    /// <remarks>The engines have no common way to pass a list, so each of the few that somebody administers is a parameter of its own.</remarks>
    public static string Sql(PageRange range, string column) => range.Within is not { } roots
        ? ""
        : $"""
             and {column} in (
                with recursive below (organization_id) as (
                    select organization_id from organization
                    where realm_id = @realmId and organization_id in ({string.Join(", ", roots.Select((_, index) => $"@{Name(index)}"))})
                    union
                    select o.organization_id from organization o
                    join below b on o.realm_id = @realmId and o.parent_organization_id = b.organization_id)
                select organization_id from below)
            """;

    /// <summary>The same for users, who are members of organizations.</summary>
    public static string OfUserSql(PageRange range, string column) => range.Within is null
        ? ""
        : $" and {column} in (select user_id from organization_member where realm_id = @realmId{Sql(range, "organization_id")})";

    /// <summary>A statement's own parameters, and those of the condition.</summary>
    public static DynamicParameters Parameters(PageRange range, object own)
    {
        var parameters = new DynamicParameters(own);
        parameters.Add("AfterId", range.AfterId);
        parameters.Add("Limit", range.Limit);
        foreach (var (root, index) in (range.Within ?? []).Select((root, index) => (root, index)))
        {
            parameters.Add(Name(index), root);
        }

        return parameters;
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"within{index}");
}
