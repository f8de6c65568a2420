using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Testing.Decisions;

/// <summary>
/// A small realm with a random past: whatever decisions depend on is made, changed, disabled and removed, with cycles and references to nothing.
/// Plain records by kind and id, for whoever decides from them and for whoever streams them.
/// </summary>
public sealed class RandomHistory
{
    /// <summary>The name that is nobody's.</summary>
    public const string Ghost = "ghost";

    public static readonly string[] Declarable = ["a.read", "a.write", "b.read", "b.write"];
    public static readonly string[] Permissions = [.. Declarable, "nobody.declares", IamPermissions.PermissionsCheck, IamPermissions.RealmsWrite];
    public static readonly string[] OrganizationIds = RandomChoices.Ids("o", 6);
    public static readonly string[] UserIds = RandomChoices.Ids("u", 5);
    public static readonly string[] ClientIds = RandomChoices.Ids("c", 4);
    public static readonly string[] DelegationIds = RandomChoices.Ids("d", 4);
    public static readonly string[] Audiences = ["urn:a", "urn:b", IamPermissions.Audience];
    public static readonly string[] ScopeNames = [.. RandomChoices.Ids("s", 4), .. Permissions];
    public static readonly string[] AcrValues = ["bronze", "silver", "gold"];
    public static readonly string[] DetailTypes = ["account", "folder"];
    public static readonly string[] DetailActions = ["read", "write", "own"];

    public static readonly string[] IssuerNames = RandomChoices.Ids("i", 3);

    /// <summary>Always there, and all that is asked of it is to follow the realm: a client with every resource server that there may be.</summary>
    public const string WatcherId = "watcher";

    /// <summary>Always there, of the watcher.</summary>
    public const string WatchedAudience = "urn:watched";

    public const string WatchedPermission = "watched.use";

    public const string WatcherSecret = "the-watchers-secret-0123456789abcdef";

    private static readonly string[] GroupIds = RandomChoices.Ids("g", 5);
    private static readonly string[] RoleIds = [.. RandomChoices.Ids("r", 6), IamPermissions.ResourceServerRole, IamPermissions.AdministratorRole];

    private readonly RandomChoices _random;
    private readonly DateTimeOffset _start;

    /// <param name="realmId">The realm's name.</param>
    /// <param name="random">Chooses.</param>
    /// <param name="start">About when everything happens.</param>
    public RandomHistory(string realmId, RandomChoices random, DateTimeOffset start)
    {
        (RealmId, _random, _start) = (realmId, random, start);
        foreach (var resource in Lasting())
        {
            State[(resource.Kind, resource.Id)] = resource;
        }

        Change(150);
    }

    public string RealmId { get; }

    /// <summary>What the watcher authenticates with.</summary>
    public static ValueList<ClientSecret> WatcherSecrets { get; } = [new() { SecretId = "1", Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(WatcherSecret))) }];

    /// <summary>The realm whose tokens this one takes now and then as assertions.</summary>
    public string TrustedRealmId => TrustedBy(RealmId);

    /// <summary>What exists.</summary>
    public Dictionary<(ResourceKind Kind, string Id), IRealmResource> State { get; } = [];

    public static string TrustedBy(string realmId) => $"{realmId}-trusted";

    /// <summary>Changes what exists, and says how.</summary>
    public (IReadOnlyList<IRealmResource> Upserts, IReadOnlyList<(ResourceKind Kind, string Id)> Deletes) Change(int count)
    {
        var upserts = new Dictionary<(ResourceKind Kind, string Id), IRealmResource>();
        var deletes = new HashSet<(ResourceKind Kind, string Id)>();
        for (var i = 0; i < count; i++)
        {
            var resource = Resource();
            var key = (resource.Kind, resource.Id);
            if (resource is not Pltfrms.Iam.Common.Realms.Model.Realm && _random.OneIn(6) && !upserts.ContainsKey(key))
            {
                deletes.Add(key);
                State.Remove(key);
            }
            else if (!deletes.Contains(key))
            {
                upserts[key] = State[key] = resource;
            }
        }

        return ([.. upserts.Values], [.. deletes]);
    }

    private IRealmResource Resource() => _random.Below(30) switch
    {
        0 => Realm(),
        1 or 2 or 3 => Client(),
        4 or 5 => Server(),
        6 or 7 => new Scope { RealmId = RealmId, Name = _random.Pick(ScopeNames[..4]), Permissions = Sorted(_random.Some(Permissions, 3)) },
        8 or 9 or 10 => Role(),
        11 or 12 => new Group { RealmId = RealmId, GroupId = _random.Pick(GroupIds), ParentGroupIds = Sorted(_random.Some([.. GroupIds, Ghost], 2)) },
        13 or 14 or 15 => Organization(),
        16 or 17 or 18 => User(),
        19 or 20 => Delegation(),
        _ => Binding(),
    };

    private Realm Realm() => new()
    {
        RealmId = RealmId,
        AcrValues = [.. AcrValues],
        ScopePipeline = new() { UnregisteredScopes = _random.OneIn(2) ? UnregisteredScopes.Any : UnregisteredScopes.None },
        AuthorizationDetailsTypes = [.. DetailTypes.Where(_ => !_random.OneIn(4)).Select(DetailType)],
        AssertionIssuers = [.. IssuerNames.Where(_ => !_random.OneIn(6)).Select(Issuer)],
    };

    private AssertionIssuer Issuer(string name)
    {
        var isRealm = _random.OneIn(2);
        return new()
        {
            Name = name,
            Disabled = _random.OneIn(10),
            Issuer = isRealm ? null : _random.Pick("https://one.example", "https://two.example"),
            TrustedRealmId = isRealm ? TrustedRealmId : null,
            ClientIds = Sorted(_random.Some(ClientIds, 6)),
            SubjectClientIds = Sorted(_random.Some(ClientIds, 6)),
            Scopes = Sorted(ScopeNames.Where(_ => !_random.OneIn(5))),
            OrganizationIds = _random.OneIn(3) ? Sorted(_random.Some(OrganizationIds, 3)) : [],
            AssertsRoles = _random.OneIn(2),
            Rules = _random.OneIn(3) ? [] : [new() { Name = "rule", RoleIds = Sorted(_random.Some(RoleIds[..4], 2)) }],
        };
    }

    /// <summary>What is there from the beginning: the realm, which may change, and what the watcher needs, which never does.</summary>
    private IRealmResource[] Lasting() =>
    [
        Realm(),
        new Client
        {
            RealmId = RealmId,
            ClientId = WatcherId,
            ClientType = ClientType.Service,
            GrantTypes = ["client_credentials"],
            Scopes = [IamPermissions.PermissionsCheck, IamPermissions.TokensIntrospect],
            Secrets = WatcherSecrets,
        },
        new ResourceServer { RealmId = RealmId, Audience = WatchedAudience, ClientId = WatcherId, Permissions = [new() { Name = WatchedPermission }] },
        new RoleBinding
        {
            RealmId = RealmId,
            RoleBindingId = WatcherId,
            MemberType = MemberType.Client,
            MemberId = WatcherId,
            RoleId = IamPermissions.ResourceServerRole,
        },
    ];

    private AuthorizationDetailsType DetailType(string type) => new()
    {
        Type = type,
        Audience = _random.Pick(Audiences[..2]),
        Schema = "{}",
        Actions = [.. DetailActions.Where(_ => !_random.OneIn(3)).Select(action => new DetailAction(action, _random.Pick(Declarable)))],
    };

    private Client Client() => new()
    {
        RealmId = RealmId,
        ClientId = _random.Pick(ClientIds),
        ClientType = ClientType.Service,
        Disabled = _random.OneIn(12),
        Scopes = Sorted(_random.Some(ScopeNames, 5)),
        DynamicallyRegistered = _random.OneIn(4),
        AuthorizationDetailsTypes = Sorted(_random.Some(DetailTypes, 2)),
    };

    private ResourceServer Server() => new()
    {
        RealmId = RealmId,
        Audience = _random.Pick(Audiences[..2]),
        ClientId = WatcherId,
        Permissions = [.. Declarable.Where(_ => !_random.OneIn(4)).Select(name => new Permission { Name = name })],
    };

    private Role Role() => new()
    {
        RealmId = RealmId,
        RoleId = _random.Pick(RoleIds[..6]),
        Permissions = Sorted(_random.Some(Permissions, 5)),
        IncludedRoleIds = Sorted(_random.Some([.. RoleIds, Ghost], 2)),
    };

    private Organization Organization() => new()
    {
        RealmId = RealmId,
        OrganizationId = _random.Pick(OrganizationIds),
        ParentOrganizationId = _random.OneIn(3) ? null : _random.Pick([.. OrganizationIds, Ghost]),
        Disabled = _random.OneIn(15),
    };

    private User User() => new()
    {
        RealmId = RealmId,
        UserId = _random.Pick(UserIds),
        Disabled = _random.OneIn(12),
        GroupIds = Sorted(_random.Some([.. GroupIds, Ghost], 3)),
    };

    private DelegationRecord Delegation()
    {
        var isUser = _random.OneIn(2);
        return new()
        {
            RealmId = RealmId,
            DelegationId = _random.Pick(DelegationIds),
            DelegatorId = _random.Pick(UserIds),
            DelegateType = isUser ? MemberType.User : MemberType.Client,
            DelegateId = _random.Pick(isUser ? UserIds : ClientIds),
            Scopes = Sorted([.. _random.Some(ScopeNames, 8), "a.read"]),
            OrganizationId = _random.OneIn(2) ? null : _random.Pick(OrganizationIds),
            ExpiresAt = _random.OneIn(4) ? Around() : null,
            MaxDepth = _random.Below(3),
            CreatedAt = _random.OneIn(8) ? Around() : _start.AddHours(-1),
        };
    }

    private RoleBinding Binding()
    {
        var type = _random.Pick(MemberType.User, MemberType.Client, MemberType.Group);
        return new()
        {
            RealmId = RealmId,
            RoleBindingId = $"b{_random.Below(40)}",
            MemberType = type,
            MemberId = _random.Pick(type switch { MemberType.User => UserIds, MemberType.Client => ClientIds, _ => GroupIds }),
            RoleId = _random.Pick([.. RoleIds, Ghost]),
            OrganizationId = _random.OneIn(3) ? null : _random.Pick([.. OrganizationIds, Ghost]),
            ExpiresAt = _random.OneIn(5) ? Around() : null,
            Conditions = _random.OneIn(2) ? Conditions() : null,
        };
    }

    private RoleBindingConditions Conditions() => new()
    {
        StartsAt = _random.OneIn(3) ? Around() : null,
        EndsAt = _random.OneIn(3) ? Around() : null,
        SourceNetworks = _random.OneIn(3) ? [_random.Pick("10.0.0.0/8", "192.0.2.0/24", "not a network")] : [],
        MinAcr = _random.OneIn(3) ? _random.Pick([.. AcrValues, "unheard-of"]) : null,
    };

    /// <summary>A time that is past, now, or comes while the history goes on.</summary>
    private DateTimeOffset Around() => _start.AddSeconds(_random.Below(20) * 15 - 30);

    private static ValueList<string> Sorted(IEnumerable<string> names) => names.Distinct().Order(StringComparer.Ordinal).ToValueList();
}
