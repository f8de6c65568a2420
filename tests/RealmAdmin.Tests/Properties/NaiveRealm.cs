using System.Text;

namespace RealmAdmin.Tests.Properties;

/// <summary>
/// A realm as the documentation describes it, written without a look at how the service does it: a list of things with lists of texts,
/// gone through from the start for every question.
/// </summary>
internal sealed class NaiveRealm
{
    /// <summary>Kind, field, what its values name, and whether the thing cannot be without them.</summary>
    public static readonly (string Kind, string Field, string Names, bool Vital)[] References =
    [
        ("client", "scopes", "scope name", false), ("client", "owner_organization_id", "organization", false),
        ("resource_server", "client_id", "client", false),
        ("scope", "permissions", "permission", false),
        ("role", "audience", "resource_server", false), ("role", "permissions", "permission", false), ("role", "included_role_ids", "role", false),
        ("group", "parent_group_ids", "group", false), ("group", "owner_organization_id", "organization", false),
        ("organization", "parent_organization_id", "organization", true),
        ("user", "organization_ids", "organization", false), ("user", "group_ids", "group", false),
        ("role_binding", "user_id", "user", true), ("role_binding", "client_id", "client", true), ("role_binding", "group_id", "group", true),
        ("role_binding", "role_id", "role", true), ("role_binding", "organization_id", "organization", true),
    ];

    /// <summary>Built in: can be bound, and is in no list.</summary>
    public const string BuiltInRole = "iam-resource-server";

    /// <summary>Built in: can be in roles, and is in no resource server of the list.</summary>
    public const string BuiltInPermission = "iam.clients.read";

    private static readonly string[] Members = ["user_id", "client_id", "group_id"];

    private static readonly string[] Nesting = ["included_role_ids", "parent_group_ids", "parent_organization_id"];

    private List<Thing> _things = [];

    public IEnumerable<Thing> Things => _things.OrderBy(thing => thing.Kind, StringComparer.Ordinal).ThenBy(thing => thing.Id, StringComparer.Ordinal);

    /// <summary>How often anything was written.</summary>
    public int Writes { get; private set; }

    public NaiveRealm Clone() => new() { _things = [.. _things], Writes = Writes };

    public void Become(NaiveRealm other) => (_things, Writes) = ([.. other._things], other.Writes);

    public IEnumerable<string> Ids(string kind) => _things.Where(thing => thing.Kind == kind).Select(thing => thing.Id);

    public Thing? Find(string kind, string id) => _things.Find(thing => thing.Kind == kind && thing.Id == id);

    public IReadOnlyList<string> Field(string kind, string id, string field) => Find(kind, id)?.Get(field) ?? [];

    /// <summary>What may be the reason for refusing the writes; nothing: they have happened.</summary>
    public IReadOnlyCollection<string> Apply(IEnumerable<Operation> operations)
    {
        var before = _things;
        _things = [.. _things];
        foreach (var operation in operations)
        {
            var reasons = Apply(operation);
            if (reasons.Count > 0)
            {
                _things = before;
                return reasons;
            }
        }

        return [];
    }

    private HashSet<string> Apply(Operation operation)
    {
        var stored = Find(operation.Kind, operation.Id);
        if (operation.Verb == "delete")
        {
            return stored is null ? ["RESOURCE_NOT_FOUND"] : Delete(stored, operation.Cascade);
        }

        if (operation.Verb == "update" && stored is null)
        {
            return ["RESOURCE_NOT_FOUND"];
        }

        var after = new Thing(operation.Kind, operation.Id, new Dictionary<string, IReadOnlyList<string>>(stored?.Fields ?? new Dictionary<string, IReadOnlyList<string>>()));
        // One member takes the place of another.
        foreach (var other in Members.Where(_ => operation.Kind == "role_binding" && operation.Fields.Any(field => Members.Contains(field.Key) && field.Value.Count > 0)))
        {
            after.Fields.Remove(other);
        }

        foreach (var (field, values) in operation.Fields)
        {
            after.Fields[field] = [.. values.Order(StringComparer.Ordinal)];
        }

        if (stored is not null && operation.Verb == "update" && stored.ToString() == after.ToString())
        {
            return [];
        }

        var reasons = Faults(operation.Verb == "update" ? stored : null, after);
        if (reasons.Count == 0)
        {
            _things.RemoveAll(thing => thing.Kind == after.Kind && thing.Id == after.Id);
            _things.Add(after);
            Writes++;
        }

        return reasons;
    }

    private HashSet<string> Faults(Thing? before, Thing after)
    {
        HashSet<string> reasons = [];
        var others = _things.Where(thing => !(before is not null && thing.Kind == before.Kind && thing.Id == before.Id)).ToList();
        if ((before is null && others.Any(thing => thing.Kind == after.Kind && string.Equals(thing.Id, after.Id, StringComparison.OrdinalIgnoreCase)))
            || Names(after).Where(name => name.Kind == "scope name").Any(name => others.SelectMany(Names)
                .Any(taken => taken.Kind == "scope name" && string.Equals(taken.Id, name.Id, StringComparison.OrdinalIgnoreCase))))
        {
            reasons.Add("ALREADY_EXISTS");
        }

        var isBinding = after.Kind == "role_binding";
        if (isBinding && (after.Get("role_id").Count == 0 || Members.Count(field => after.Get(field).Count > 0) != 1))
        {
            reasons.Add("INVALID_ARGUMENT");
        }

        var there = others.Append(after).SelectMany(Names).Append(("role", BuiltInRole)).Append(("permission", BuiltInPermission)).ToHashSet();
        if (Referred(after).Any(name => !there.Contains(name) || (before is null && name == (after.Kind, after.Id))))
        {
            reasons.Add("DANGLING_REFERENCE");
        }

        if (Nesting.SelectMany(after.Get).Any(start => Leads(start, after, others, [])))
        {
            reasons.Add("CYCLE");
        }

        var lost = before is null ? [] : Names(before).Except(Names(after)).ToHashSet();
        if (others.Any(thing => Referred(thing).Any(lost.Contains)))
        {
            reasons.Add("RESOURCE_IN_USE");
        }

        return reasons;
    }

    private static bool Leads(string id, Thing to, List<Thing> things, HashSet<string> seen) => id == to.Id
        || (seen.Add(id) && things.Where(thing => thing.Kind == to.Kind && thing.Id == id).SelectMany(thing => Nesting.SelectMany(thing.Get)).Any(next => Leads(next, to, things, seen)));

    private HashSet<string> Delete(Thing gone, bool cascade)
    {
        var names = Names(gone).ToHashSet();
        Writes++;
        _things.Remove(gone);
        var referrers = _things.Where(thing => Referred(thing).Any(names.Contains)).ToList();
        if (referrers.Count > 0 && !cascade)
        {
            return ["RESOURCE_IN_USE"];
        }

        foreach (var referrer in referrers.Where(_things.Contains).ToList())
        {
            if (References.Any(reference => reference.Kind == referrer.Kind && reference.Vital && referrer.Get(reference.Field).Any(id => names.Contains((reference.Names, id)))))
            {
                Delete(referrer, cascade: true);
                continue;
            }

            var fields = new Dictionary<string, IReadOnlyList<string>>(referrer.Fields);
            foreach (var reference in References.Where(reference => reference.Kind == referrer.Kind))
            {
                fields[reference.Field] = [.. referrer.Get(reference.Field).Where(id => !names.Contains((reference.Names, id)))];
            }

            _things.Remove(referrer);
            _things.Add(referrer with { Fields = fields });
        }

        return [];
    }

    private static IEnumerable<(string Kind, string Id)> Names(Thing thing) => thing.Kind switch
    {
        "resource_server" => thing.Get("permissions").SelectMany(name => new[] { ("permission", name), ("scope name", name) }).Prepend((thing.Kind, thing.Id)),
        "scope" => [(thing.Kind, thing.Id), ("scope name", thing.Id)],
        _ => [(thing.Kind, thing.Id)],
    };

    private static IEnumerable<(string Kind, string Id)> Referred(Thing thing) =>
        References.Where(reference => reference.Kind == thing.Kind).SelectMany(reference => thing.Get(reference.Field).Select(id => (reference.Names, id)));

    /// <summary>Without the line of the realm's id.</summary>
    public string Document()
    {
        var text = new StringBuilder("acr_values: [pwd, mfa]\n");
        foreach (var section in Things.GroupBy(thing => thing.Kind))
        {
            text.Append(section.Key).Append("s:\n");
            foreach (var thing in section)
            {
                text.Append("  - {").AppendJoin(", ", WireOperations.Yaml(thing)).Append("}\n");
            }
        }

        return text.ToString();
    }
}

/// <summary>Anything in a realm.</summary>
internal sealed record Thing(string Kind, string Id, Dictionary<string, IReadOnlyList<string>> Fields)
{
    public IReadOnlyList<string> Get(string field) => Fields.GetValueOrDefault(field, []);

    public bool IsDisabled => Get("disabled").Count > 0;

    public override string ToString() =>
        $"{Kind} {Id} {string.Join(' ', Fields.Where(field => field.Value.Count > 0).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}=[{string.Join(',', field.Value.Order(StringComparer.Ordinal))}]"))}";
}
