namespace RealmAdmin.Tests.Properties;

/// <summary>Steps that a seed makes: mostly sensible ones, among them enough that must be refused.</summary>
internal sealed class RandomSteps(int seed)
{
    private static readonly string[] Permissions = ["p.a", "p.b", "p.c", "p.d", "p.e"];

    private static readonly IReadOnlyDictionary<string, string[]> Pools = new Dictionary<string, string[]>
    {
        ["client"] = ["c1", "c2", "c3", "C1"],
        ["resource_server"] = ["https://one.example", "https://two.example"],
        ["scope"] = ["s1", "s2", "S1", "p.e"],
        ["role"] = ["r1", "r2", "r3", "r4", "r5", "R1"],
        ["group"] = ["g1", "g2", "g3", "g4", "G1"],
        ["organization"] = ["o1", "o2", "o3", "o4", "o5"],
        ["user"] = ["u1", "u2", "u3", "u4", "u5"],
        ["role_binding"] = ["b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9"],
    };

    // Roles, groups, memberships and bindings are what access turns on.
    private static readonly string[] Kinds =
    [
        "client", "resource_server", "scope", "role", "role", "role", "role", "group", "group", "group", "organization", "organization",
        "user", "user", "user", "role_binding", "role_binding", "role_binding",
    ];

    private static readonly string[] FillOrder =
        ["organization", "client", "resource_server", "scope", "role", "group", "user", "role_binding"];

    private readonly Random _random = new(seed);
    private readonly NaiveRealm _realm = new();

    /// <summary>The first step fills the realm, so that the others have something to change.</summary>
    public IReadOnlyList<Step> Take(int count) => [Fill(), .. Enumerable.Range(1, count - 1).Select(_ => Next())];

    private Step.Import Fill()
    {
        foreach (var (kind, id) in FillOrder.SelectMany(kind => Pools[kind].Except(_realm.Ids(kind)).Where(_ => Chance(80)).Select(id => (kind, id))))
        {
            _realm.Apply([new Operation("create", kind, id, Fields(kind), false)]);
        }

        return new Step.Import(_realm.Clone(), Plan: true);
    }

    private Step Next()
    {
        if (Chance(12))
        {
            _realm.Apply(Several(3));
            return Fill();
        }

        var isBatch = Chance(25);
        IReadOnlyList<Operation> operations = isBatch ? [.. Several(5)] : [Operation()];
        _realm.Apply(operations);
        return new Step.Write(operations, isBatch, Chance(70));
    }

    private IEnumerable<Operation> Several(int most) => Enumerable.Range(0, _random.Next(1, most + 1)).Select(_ => Operation()).ToList();

    private Operation Operation()
    {
        var kind = Pick(Kinds);
        var there = _realm.Ids(kind).ToList();
        if (there.Count > 0 && Chance(kind is "resource_server" or "organization" ? 4 : 12))
        {
            return new Operation("delete", kind, Chance(95) ? Pick(there) : Pick(Pools[kind]), new Dictionary<string, IReadOnlyList<string>>(), Chance(40));
        }

        if (there.Count > 0 && Chance(70))
        {
            var id = Chance(95) ? Pick(there) : Pick(Pools[kind]);
            var fields = Fields(kind);
            var one = Pick([.. fields.Keys]);
            return new Operation("update", kind, id, Chance(50) ? new Dictionary<string, IReadOnlyList<string>> { [one] = fields[one] } : fields, false);
        }

        var free = Pools[kind].Except(there).ToList();
        return new Operation("create", kind, free.Count > 0 && Chance(90) ? Pick(free) : Pick(Pools[kind]), Fields(kind), false);
    }

    private Dictionary<string, IReadOnlyList<string>> Fields(string kind) => kind switch
    {
        "client" => new() { ["scopes"] = Some([.. Permissions, .. Pools["scope"]], 2), ["owner_organization_id"] = Ref("organization", 20), ["disabled"] = Flag() },
        "resource_server" => new() { ["client_id"] = Ref("client", 30), ["permissions"] = Some(Permissions, 4) },
        "scope" => new() { ["permissions"] = Some(Permissions, 3) },
        "role" => new() { ["audience"] = Ref("resource_server", 20), ["permissions"] = Some([.. Permissions, NaiveRealm.BuiltInPermission], 3, least: 1), ["included_role_ids"] = Refs("role", 2) },
        "group" => new() { ["parent_group_ids"] = Refs("group", 2), ["owner_organization_id"] = Ref("organization", 20) },
        "organization" => new() { ["parent_organization_id"] = Ref("organization", 70), ["disabled"] = Flag() },
        "user" => new() { ["organization_ids"] = Refs("organization", 1), ["group_ids"] = Refs("group", 3, least: 1), ["disabled"] = Flag() },
        _ => Binding(),
    };

    private Dictionary<string, IReadOnlyList<string>> Binding()
    {
        var member = Pick(["user", "user", "client", "group", "group"]);
        return new()
        {
            ["user_id"] = member == "user" ? Ref("user", 98) : [],
            ["client_id"] = member == "client" ? Ref("client", 98) : [],
            ["group_id"] = member == "group" ? Ref("group", 98) : [],
            ["role_id"] = Chance(7) ? [NaiveRealm.BuiltInRole] : Ref("role", 98),
            ["organization_id"] = Ref("organization", 60),
            ["min_acr"] = Chance(12) ? [Pick(["pwd", "mfa"])] : [],
            ["expires"] = Chance(12) ? [Pick(["2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"])] : [],
        };
    }

    private IReadOnlyList<string> Flag() => Chance(7) ? ["true"] : [];

    private IReadOnlyList<string> Ref(string kind, int percent) => Chance(percent) ? [.. Refs(kind, 1, least: 1)] : [];

    /// <summary>What is there, mostly.</summary>
    private IReadOnlyList<string> Refs(string kind, int most, int least = 0)
    {
        var there = _realm.Ids(kind).ToList();
        return Chance(3) || (there.Count == 0 && least > 0) ? [Pick(Pools[kind])] : Some([.. there], most, least);
    }

    private IReadOnlyList<string> Some(string[] from, int most, int least = 0)
    {
        var declared = from.Except(Permissions).Concat(_realm.Things.Where(thing => thing.Kind == "resource_server").SelectMany(thing => thing.Get("permissions"))).Intersect(from).ToArray();
        var pool = Chance(90) && most != 4 ? declared : from;
        return [.. pool.OrderBy(_ => _random.Next()).Take(_random.Next(least, most + 1)).Order(StringComparer.Ordinal)];
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Pick(IReadOnlyList<string> from) => from[_random.Next(from.Count)];
}
