using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Feeds;
using Token.Tests.Hosting;

namespace Token.Tests.Feeds;

/// <summary>What a watcher that follows changes has, against what one has that begins now.</summary>
public sealed class ViewChangeTests
{
    private const string RealmId = TestRealm.Id;

    private static readonly string[] Permissions = ["invoices.read", "invoices.create", "files.read", "other.read", "iam.realms.read"];
    private static readonly string[] Audiences = [TestRealm.Api, TestRealm.Files, "https://other.example"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Following_random_changes_leads_to_what_the_view_is(int seed)
    {
        var random = new Random(seed);
        var realm = RealmSnapshot.Create(1, FeedRealm.Resources(RealmId));
        foreach (var audiences in new[] { ViewAudiences.All, Of([TestRealm.Api]), Of([TestRealm.Files, "https://other.example"]) })
        {
            var state = new ViewState(realm, audiences);
            var watcher = RealmSnapshot.Create(1, state.Resources());
            for (var i = 0; i < 300; i++)
            {
                var delta = Change(random, state.Realm);
                var after = state.Realm.Apply(delta.Revision, delta.Upserts, delta.Deletes);
                var known = random.Next(10) == 0 ? null : delta;
                var next = ViewChange.Next(state, after, known);
                var change = ViewChange.Between(state, next, known);
                watcher = watcher.Apply(after.Revision, change.Upserts, change.Deletes);
                state = next;
                FeedRealm.AssertSame(new ViewState(after, audiences).Resources(), watcher);
            }
        }
    }

    private static ViewAudiences Of(string[] audiences) =>
        ViewAudiences.Of(RealmSnapshot.Create(1, FeedRealm.Resources(RealmId)), new Caller { Kind = CallerKind.Operator, Id = "operator" }, audiences);

    private static RealmFeedEvent.Delta Change(Random random, RealmSnapshot realm)
    {
        var upserts = new List<IRealmResource>();
        var deletes = new List<(ResourceKind Kind, string Id)>();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var resource = Resource(random, realm);
            if (resource.Kind != ResourceKind.Realm && random.Next(3) == 0)
            {
                deletes.Add((resource.Kind, resource.Id));
            }
            else
            {
                upserts.Add(resource);
            }
        }

        return new() { Revision = realm.Revision + 1, Upserts = upserts, Deletes = deletes };
    }

    private static IRealmResource Resource(Random random, RealmSnapshot realm) => random.Next(11) switch
    {
        0 => realm.Realm with { DisplayName = Name(random), AuthorizationDetailsTypes = [.. Types(random)] },
        1 => new ResourceServer { RealmId = RealmId, Audience = Pick(random, Audiences), DisplayName = Name(random), Permissions = [.. Some(random, ["invoices.read", "files.read", "other.read"]).Select(name => new Permission { Name = name })] },
        2 => new Scope { RealmId = RealmId, Name = $"scope-{random.Next(3)}", Permissions = [.. Some(random, Permissions)] },
        3 or 4 => new Role { RealmId = RealmId, RoleId = RoleId(random), Permissions = [.. Some(random, Permissions)], IncludedRoleIds = random.Next(2) == 0 ? [] : [RoleId(random)] },
        5 => TestRealm.Client(RealmId, $"client-{random.Next(4)}", [.. Some(random, [.. Permissions, "scope-0", "scope-1"])]) with { Disabled = random.Next(2) == 0, DisplayName = Name(random), AuthorizationDetailsTypes = [.. Some(random, ["type-0", "type-1"])] },
        6 => new User { RealmId = RealmId, UserId = $"user-{random.Next(4)}", DisplayName = Name(random), Disabled = random.Next(2) == 0 },
        7 => new Group { RealmId = RealmId, GroupId = $"group-{random.Next(3)}", DisplayName = Name(random) },
        8 => new Organization { RealmId = RealmId, OrganizationId = $"organization-{random.Next(3)}", Disabled = random.Next(2) == 0 },
        9 => new DelegationRecord { RealmId = RealmId, DelegationId = $"delegation-{random.Next(3)}", DelegatorId = "alice", DelegateType = MemberType.User, DelegateId = "bob", Scopes = ["invoices.read"], Reason = Name(random) },
        _ => TestRealm.Binding(RealmId, $"binding-{random.Next(8)}", MemberType.User, "alice", RoleId(random), random.Next(2) == 0 ? null : "acme"),
    };

    private static IEnumerable<AuthorizationDetailsType> Types(Random random) =>
        Some(random, ["type-0", "type-1"]).Select(type => new AuthorizationDetailsType { Type = type, Audience = Pick(random, Audiences), Schema = "{}", Actions = [new("read", Pick(random, Permissions))] });

    private static string RoleId(Random random) => random.Next(12) == 0 ? "iam-administrator" : $"role-{random.Next(5)}";

    private static string Name(Random random) => $"name-{random.Next(2)}";

    private static string Pick(Random random, string[] items) => items[random.Next(items.Length)];

    private static IEnumerable<string> Some(Random random, string[] items) => items.Where(_ => random.Next(2) == 0);
}
