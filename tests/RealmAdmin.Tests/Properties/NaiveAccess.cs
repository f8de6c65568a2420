namespace RealmAdmin.Tests.Properties;

/// <summary>Who may do what in a naive realm, by searching it through.</summary>
internal sealed class NaiveAccess(NaiveRealm realm)
{
    /// <summary>The terms of a binding that can never hold again.</summary>
    public const string Over = "over";

    public static readonly string[] Members = ["client", "user"];

    public IEnumerable<(string Kind, string Id)> Principals => Members.SelectMany(kind => realm.Ids(kind).Select(id => (kind, id)));

    /// <summary>Null: the realm itself.</summary>
    public IEnumerable<string?> Contexts => realm.Ids("organization").Order(StringComparer.Ordinal).Prepend(null);

    public bool IsUsable(string? organizationId) => organizationId is null || Above(organizationId).All(id => !realm.Find("organization", id)!.IsDisabled);

    /// <summary>By permission on what terms: empty for always.</summary>
    public SortedDictionary<string, SortedSet<string>> Of((string Kind, string Id) principal, string? organizationId)
    {
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        if (realm.Find(principal.Kind, principal.Id) is not { IsDisabled: false } || !IsUsable(organizationId))
        {
            return found;
        }

        var places = organizationId is null ? [] : Above(organizationId).ToList();
        foreach (var binding in realm.Things.Where(thing => thing.Kind == "role_binding"))
        {
            var terms = binding.Get("min_acr").Select(acr => $"acr {acr}").Concat(binding.Get("expires").Select(time => time.StartsWith("2020", StringComparison.Ordinal) ? Over : "till")).ToList();
            if (Holds(binding, principal) && binding.Get("organization_id").All(places.Contains) && !terms.Contains(Over))
            {
                foreach (var permission in PermissionsOf(binding.Get("role_id").Single(), []))
                {
                    found.TryAdd(permission, new(StringComparer.Ordinal));
                    found[permission].Add(string.Join(' ', terms));
                }
            }
        }

        return found;
    }

    /// <summary>What an effect of changes says: who, where, what, and how it was and is.</summary>
    public static IEnumerable<string> Effects(NaiveRealm was, NaiveRealm becomes)
    {
        var (before, after) = (new NaiveAccess(was), new NaiveAccess(becomes));
        foreach (var principal in before.Principals.Union(after.Principals))
        {
            foreach (var context in before.Contexts.Union(after.Contexts))
            {
                var above = context is null ? [] : Differences(before, after, principal, (after.Parent(context) ?? before.Parent(context))?.Single());
                foreach (var difference in Differences(before, after, principal, context).Except(above))
                {
                    yield return $"{principal.Kind} {principal.Id} {context} {difference}";
                }
            }
        }
    }

    private static IEnumerable<string> Differences(NaiveAccess before, NaiveAccess after, (string Kind, string Id) principal, string? context)
    {
        var (isThere, willBe) = (before.Has(context), after.Has(context));
        if ((!isThere && !after.IsUsable(context)) || (!willBe && !before.IsUsable(context)))
        {
            return [];
        }

        var had = before.Of(principal, before.Nearest(context, after));
        var has = after.Of(principal, after.Nearest(context, before));
        return had.Keys.Union(has.Keys)
            .Select(permission => (permission, Was: Terms(had, permission), Becomes: Terms(has, permission)))
            .Where(item => item.Was != item.Becomes)
            .Select(item => item.Was is null ? $"{item.permission} Gained {item.Becomes != ""}"
                : item.Becomes is null ? $"{item.permission} Lost {item.Was != ""}"
                : $"{item.permission} ConditionsChanged {item.Becomes != ""}");
    }

    private static string? Terms(SortedDictionary<string, SortedSet<string>> access, string permission) =>
        !access.TryGetValue(permission, out var terms) ? null : terms.Contains("") ? "" : string.Join('|', terms);

    private bool Has(string? organizationId) => organizationId is null || realm.Find("organization", organizationId) is not null;

    /// <summary>One item, which may be null; null: there is no such organization.</summary>
    private IReadOnlyList<string?>? Parent(string organizationId) => realm.Find("organization", organizationId) is { } organization
        ? [organization.Get("parent_organization_id").SingleOrDefault()]
        : null;

    private string? Nearest(string? context, NaiveAccess other) =>
        Has(context) ? context : Nearest(other.Parent(context!)!.Single(), other);

    private IEnumerable<string> Above(string organizationId) =>
        realm.Field("organization", organizationId, "parent_organization_id").SelectMany(Above).Prepend(organizationId);

    private bool Holds(Thing binding, (string Kind, string Id) principal) => principal.Kind == "client"
        ? binding.Get("client_id").Contains(principal.Id)
        : binding.Get("user_id").Contains(principal.Id)
            || binding.Get("group_id").Any(bound => realm.Field("user", principal.Id, "group_ids").Any(group => IsIn(group, bound)));

    private bool IsIn(string group, string other) => group == other || realm.Field("group", group, "parent_group_ids").Any(parent => IsIn(parent, other));

    private IEnumerable<string> PermissionsOf(string roleId, HashSet<string> seen) => roleId == NaiveRealm.BuiltInRole
        ? ["iam.permissions.check", "iam.tokens.introspect"]
        : !seen.Add(roleId) ? []
        : [.. realm.Field("role", roleId, "permissions"), .. realm.Field("role", roleId, "included_role_ids").SelectMany(included => PermissionsOf(included, seen))];
}
