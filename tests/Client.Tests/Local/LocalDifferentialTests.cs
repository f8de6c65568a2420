using System.Net;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Tokens;
using Claims = Pltfrms.Iam.Common.Tokens.AccessToken;
using Decided = Pltfrms.Iam.Common.Decisions;
using RealmClient = Pltfrms.Iam.Common.Realms.Model.Client;

namespace Client.Tests.Local;

/// <summary>Random realms that change and random tokens: whatever the local mode remembers, it says what a fresh decision at that revision says.</summary>
public sealed class LocalDifferentialTests
{
    private static readonly string[] Permissions = ["a.read", "a.write", "b.read", "b.write"];
    private static readonly string?[] Organizations = [null, "o1", "o2", "o3", "nowhere"];
    private static readonly string[] Users = ["u1", "u2", "u3", "u4"];
    private static readonly string[] Clients = ["c1", "c2", "c3"];
    private static readonly string[] Groups = ["g1", "g2", "g3"];
    private static readonly string[] Roles = ["r1", "r2", "r3", "r4"];
    private static readonly PermissionContext?[] Contexts = [null, new() { SourceAddress = "10.0.0.1" }, new() { SourceAddress = "::ffff:10.0.0.2", Acr = "mfa" }];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task What_is_remembered_says_what_a_fresh_decision_says(int seed)
    {
        var random = new Random(seed);
        await using var fixture = await LocalFixture.StartAsync();
        var resources = Resources(random, fixture.Clock.True).ToDictionary(resource => (resource.Kind, resource.Id));
        foreach (var resource in DemoRealm.Resources.Where(resource => resource.Kind is not (ResourceKind.Realm or ResourceKind.ResourceServer)))
        {
            fixture.Feeds.Remove(resource.Kind, resource.Id);
        }
        fixture.Feeds.Change([.. resources.Values]);
        var tokens = Enumerable.Range(0, 30).Select(_ => Token(random, fixture.Clock.True)).Select(claims => (Claims: claims, Text: fixture.Signer.Sign(claims))).ToArray();

        for (var round = 0; round < 12; round++)
        {
            var changed = Change(random, fixture.Clock.True, resources);
            var revision = fixture.Feeds.Change([.. changed]);
            foreach (var resource in changed)
            {
                resources[(resource.Kind, resource.Id)] = resource;
            }
            fixture.Clock.Pass(TimeSpan.FromSeconds(random.Next(4)));
            fixture.Feeds.Beat(fixture.Clock.True);
            var realm = RealmSnapshot.Create(revision, resources.Values);
            for (var i = 0; i < 120; i++)
            {
                var (claims, text) = tokens[random.Next(tokens.Length)];
                await AskAsync(fixture, realm, claims, Question(random, text, revision));
            }
        }
    }

    private static async Task AskAsync(LocalFixture fixture, RealmSnapshot realm, Claims claims, PermissionCheck check)
    {
        var expected = Fresh(realm, claims, check, fixture.Clock.True);

        var decision = await fixture.Iam.CheckPermissionAsync(check, CancellationToken.None);

        Assert.Equal((expected, realm.Revision), (decision.Reason, decision.Revision));
    }

    private static DecisionReason Fresh(RealmSnapshot realm, Claims claims, PermissionCheck check, DateTimeOffset now)
    {
        if (!TokenStanding.Holds(realm, claims, now))
        {
            return DecisionReason.TokenInactive;
        }
        var question = new Decided.PermissionQuestion
        {
            Subject = default,
            Permission = check.Permission,
            Context = new()
            {
                OrganizationId = check.OrganizationId,
                SourceAddress = check.Context?.SourceAddress is { } address ? IPAddress.Parse(address) : null,
                Acr = check.Context?.Acr,
            },
        };
        var failure = claims.Confirmation is null || check.SenderConstraintVerified ? null : "unproven";
        return (DecisionReason)Decided.PermissionDecision.ForToken(realm, claims, question, failure, now).Reason;
    }

    private static PermissionCheck Question(Random random, string token, long revision) => new()
    {
        Subject = PermissionSubject.AccessToken(token),
        Permission = One(random, Permissions),
        OrganizationId = One(random, Organizations),
        Context = One(random, Contexts),
        SenderConstraintVerified = random.Next(2) == 0,
        MinRevision = revision,
    };

    private static Claims Token(Random random, DateTimeOffset now) => RealmSigner.Token(now) with
    {
        Subject = random.Next(3) == 0 ? Principal.Client(One(random, Clients)) : Principal.User(One(random, Users)),
        ClientId = One(random, Clients),
        Scopes = [.. Permissions.Where(_ => random.Next(3) > 0)],
        Audiences = random.Next(10) == 0 ? ["https://elsewhere.example"] : [DemoRealm.Audience],
        OrganizationId = random.Next(3) == 0 ? One(random, Organizations[1..4]) : null,
        Acr = random.Next(4) == 0 ? "mfa" : null,
        Actors = random.Next(4) == 0 ? [random.Next(2) == 0 ? Principal.Client(One(random, Clients)) : Principal.User(One(random, Users))] : [],
        Confirmation = random.Next(6) == 0 ? Confirmation.Of("thumbprint", null) : null,
    };

    private static List<IRealmResource> Resources(Random random, DateTimeOffset now) =>
    [
        DemoRealm.Realm,
        new ResourceServer { RealmId = DemoRealm.Id, Audience = DemoRealm.Audience, Permissions = [.. Permissions.Select(name => new Permission { Name = name })] },
        .. Clients.Select(id => ClientOf(random, id)),
        .. Users.Select(id => UserOf(random, id)),
        .. Groups.Select((id, at) => new Group { RealmId = DemoRealm.Id, GroupId = id, ParentGroupIds = at > 0 && random.Next(2) == 0 ? [Groups[at - 1]] : [] }),
        .. Roles.Select((id, at) => RoleOf(random, id, at)),
        new Organization { RealmId = DemoRealm.Id, OrganizationId = "o1" },
        new Organization { RealmId = DemoRealm.Id, OrganizationId = "o2", ParentOrganizationId = "o1" },
        new Organization { RealmId = DemoRealm.Id, OrganizationId = "o3" },
        .. Enumerable.Range(0, 12).Select(at => BindingOf(random, now, $"b{at}")),
    ];

    private static IRealmResource[] Change(Random random, DateTimeOffset now, Dictionary<(ResourceKind, string), IRealmResource> resources) => random.Next(6) switch
    {
        0 => [ClientOf(random, One(random, Clients))],
        1 => [UserOf(random, One(random, Users))],
        2 => [random.Next(Roles.Length) is var at ? RoleOf(random, Roles[at], at) : null!],
        3 => [((Organization)resources[(ResourceKind.Organization, One(random, ["o1", "o2", "o3"]))]) is var found ? found with { Disabled = !found.Disabled } : null!],
        _ => [BindingOf(random, now, $"b{random.Next(12)}"), BindingOf(random, now, $"b{random.Next(12, 14)}")],
    };

    private static RealmClient ClientOf(Random random, string id) => new()
    {
        RealmId = DemoRealm.Id,
        ClientId = id,
        ClientType = ClientType.Service,
        Disabled = random.Next(8) == 0,
        Scopes = [.. Permissions.Where(_ => random.Next(2) == 0)],
    };

    private static User UserOf(Random random, string id) =>
        new() { RealmId = DemoRealm.Id, UserId = id, Disabled = random.Next(8) == 0, GroupIds = [.. Groups.Where(_ => random.Next(3) == 0)] };

    private static Role RoleOf(Random random, string id, int at) => new()
    {
        RealmId = DemoRealm.Id,
        RoleId = id,
        Permissions = [.. Permissions.Where(_ => random.Next(3) == 0)],
        IncludedRoleIds = at > 0 && random.Next(2) == 0 ? [Roles[at - 1]] : [],
    };

    private static RoleBinding BindingOf(Random random, DateTimeOffset now, string id)
    {
        var (type, member) = random.Next(3) switch
        {
            0 => (MemberType.User, One(random, Users)),
            1 => (MemberType.Client, One(random, Clients)),
            _ => (MemberType.Group, One(random, Groups)),
        };
        return DemoRealm.Binding(id, type, member, One(random, Roles), One(random, Organizations[..4])) with
        {
            ExpiresAt = random.Next(4) == 0 ? now.AddSeconds(random.Next(20)) : null,
            Conditions = random.Next(6) switch
            {
                0 => new() { SourceNetworks = ["10.0.0.0/31"] },
                1 => new() { MinAcr = "mfa" },
                2 => new() { StartsAt = now.AddSeconds(random.Next(10)), EndsAt = now.AddSeconds(random.Next(10, 30)) },
                _ => null,
            },
        };
    }

    private static T One<T>(Random random, T[] of) => of[random.Next(of.Length)];
}
