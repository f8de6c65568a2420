using Pltfrms.Iam.Common.Realms.Model;
using static Common.Tests.Realms.RealmParts;

namespace Common.Tests.Realms;

/// <summary>Small random realms and histories of them, from a seed; with cycles, references to nothing and every condition.</summary>
internal sealed class RandomRealm(int seed)
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly string[] Permissions = ["a.read", "a.write", "b.read", "b.write", "nobody.declares"];
    public static readonly string[] OrganizationIds = Ids("o", 6);
    public static readonly string[] UserIds = Ids("u", 5);
    public static readonly string[] ClientIds = Ids("c", 2);
    public static readonly string[] ScopeNames = [.. Ids("s", 3), .. Permissions];

    private static readonly string[] GroupIds = Ids("g", 6);
    private static readonly string[] RoleIds = Ids("r", 7);
    private static readonly string[] Audiences = ["urn:a", "urn:b"];
    private readonly Random _random = new(seed);

    /// <summary>What exists, by kind and id.</summary>
    public Dictionary<(ResourceKind Kind, string Id), IRealmResource> State { get; } =
        new() { [(ResourceKind.Realm, RealmId)] = Realm() };

    /// <summary>Changes the state and says how.</summary>
    public (List<IRealmResource> Upserts, List<(ResourceKind Kind, string Id)> Deletes) Change(int count)
    {
        var upserts = new Dictionary<(ResourceKind Kind, string Id), IRealmResource>();
        var deletes = new HashSet<(ResourceKind Kind, string Id)>();
        for (var i = 0; i < count; i++)
        {
            var resource = Resource();
            var key = (resource.Kind, resource.Id);
            if (_random.Next(4) == 0 && !upserts.ContainsKey(key))
            {
                deletes.Add(key);
                State.Remove(key);
            }
            else if (!deletes.Contains(key))
            {
                upserts[key] = resource;
                State[key] = resource;
            }
        }

        return ([.. upserts.Values], [.. deletes]);
    }

    private static string[] Ids(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];

    private IRealmResource Resource() => _random.Next(20) switch
    {
        0 => Client(Pick(ClientIds)),
        1 or 2 => Api(Pick(Audiences), Some(Permissions[..4], 4)),
        3 => Bundle(Pick(ScopeNames[..3]), Some(Permissions, 3)),
        4 or 5 or 6 => Role(Pick(RoleIds), Some(Permissions, 2), Some([.. RoleIds, "ghost"], 2)),
        7 or 8 => Group(Pick(GroupIds), Some([.. GroupIds, "ghost"], 2)),
        9 or 10 => Organization(Pick(OrganizationIds), _random.Next(3) == 0 ? null : Pick([.. OrganizationIds, "ghost"]), _random.Next(5) == 0),
        11 or 12 => User(Pick(UserIds), Some([.. GroupIds, "ghost"], 2)),
        _ => Binding(),
    };

    private RoleBinding Binding()
    {
        var type = (MemberType)_random.Next(3);
        return new()
        {
            RealmId = RealmId,
            RoleBindingId = $"b{_random.Next(20)}",
            MemberType = type,
            MemberId = Pick(type switch { MemberType.User => UserIds, MemberType.Client => ClientIds, _ => GroupIds }),
            RoleId = Pick([.. RoleIds, "ghost"]),
            OrganizationId = _random.Next(3) == 0 ? null : Pick([.. OrganizationIds, "ghost"]),
            ExpiresAt = _random.Next(5) == 0 ? Now.AddMinutes(_random.Next(-1, 2)) : null,
            Conditions = _random.Next(3) == 0 ? Conditions() : null,
        };
    }

    private RoleBindingConditions Conditions() => new()
    {
        StartsAt = _random.Next(3) == 0 ? Now.AddMinutes(_random.Next(-1, 2)) : null,
        EndsAt = _random.Next(3) == 0 ? Now.AddMinutes(_random.Next(-1, 2)) : null,
        SourceNetworks = _random.Next(3) == 0 ? [Pick(["10.0.0.0/8", "192.0.2.0/24", "not a network"])] : [],
        MinAcr = _random.Next(3) == 0 ? Pick(["bronze", "silver", "gold", "platinum"]) : null,
    };

    private string Pick(string[] ids) => ids[_random.Next(ids.Length)];

    private string[] Some(string[] ids, int most) => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => Pick(ids)).Distinct()];
}
