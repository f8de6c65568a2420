using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.Feeds;

/// <summary>A client of one resource server reads all that it can get of a realm that is full of what is none of its business.</summary>
public sealed class ViewLeakTests : IAsyncLifetime
{
    /// <summary>In every value that the client must not see.</summary>
    private const string Secret = "SECRET";

    private readonly SqliteTokenDatabase _database = new();
    private FeedService _service = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _service = await FeedService.StartAsync(_database);
        foreach (var resource in Forbidden(TestRealm.Id))
        {
            _service.Realms.Change(TestRealm.Id, resource);
        }
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_view_of_one_resource_server_has_nothing_of_others_and_nothing_about_people()
    {
        using var watcher = await _service.WatchAsApiAsync();
        watcher.Connect();
        await watcher.BeatAsync(1);

        // And everything once more as changes, back and forth, with its removal.
        foreach (var resource in Forbidden(TestRealm.Id).Reverse().Where(resource => resource.Kind != ResourceKind.Realm))
        {
            _service.Realms.Change(TestRealm.Id, resource);
            _service.Realms.Remove(TestRealm.Id, resource.Kind, resource.Id);
        }

        foreach (var resource in Forbidden(TestRealm.Id))
        {
            _service.Realms.Change(TestRealm.Id, resource);
        }

        await watcher.ReachAsync(_service.Realms.Snapshot(TestRealm.Id).Revision);

        // What is forbidden is in the realm, or this test would find nothing.
        Assert.Contains(Secret, _service.Realms.Find<Role>(TestRealm.Id, ResourceKind.Role, "SECRET-role").DisplayName, StringComparison.Ordinal);
        foreach (var text in watcher.Events.SelectMany(Texts))
        {
            Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("files.read", text, StringComparison.Ordinal);
            Assert.DoesNotContain("iam.", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_view_of_everything_has_neither_secrets_nor_names()
    {
        using var watcher = _service.Watch();
        watcher.Connect();
        await watcher.BeatAsync(1);

        var texts = watcher.Events.SelectMany(Texts).ToList();
        Assert.Contains("files.read", texts);
        Assert.DoesNotContain(texts, text => text.Contains("SECRET-name", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, text => text.Contains(TestRealm.Secret("x", TestRealm.ApiSecret, null).Sha256, StringComparison.OrdinalIgnoreCase));
        Assert.All(
            watcher.Events.Where(e => e.SnapshotPart is not null).SelectMany(e => e.SnapshotPart.Resources).Where(r => r.Client is not null),
            r => Assert.Equal((0, 0), (r.Client.HashedSecrets.Count, r.Client.Client.Secrets.Count)));
    }

    /// <summary>Every text in a message, however deep; bytes as hexadecimal.</summary>
    private static IEnumerable<string> Texts(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.HasPresence && !field.Accessor.HasValue(message))
            {
                continue;
            }

            var value = field.Accessor.GetValue(message);
            foreach (var text in field.IsMap ? TextsOfMap((IDictionary)value) : ValuesOf(field, value).SelectMany(one => TextsOf(field, one)))
            {
                yield return text;
            }
        }
    }

    private static IEnumerable<object> ValuesOf(FieldDescriptor field, object value) => field.IsRepeated ? ((IEnumerable)value).Cast<object>() : [value];

    private static IEnumerable<string> TextsOfMap(IDictionary map) => map.Keys.Cast<object>().Concat(map.Values.Cast<object>())
        .SelectMany(one => one is IMessage message ? Texts(message) : [$"{one}"]);

    private static IEnumerable<string> TextsOf(FieldDescriptor field, object value) => field.FieldType switch
    {
        FieldType.Message => Texts((IMessage)value),
        FieldType.String => [(string)value],
        FieldType.Bytes => [Convert.ToHexString(((ByteString)value).Span)],
        _ => [],
    };

    private static IEnumerable<IRealmResource> Forbidden(string realmId)
    {
        const string name = "SECRET-name";
        ValueTexts texts = new(name);
        return
        [
            new Realm
            {
                RealmId = realmId,
                DisplayName = name,
                AcrValues = ["low", "high"],
                ClientCertificateAuthorities = name,
                AuthorizationDetailsTypes = [new() { Type = "SECRET-type", Audience = TestRealm.Files, Schema = "{}", Actions = [new("SECRET-action", "files.read")] }],
            },
            new ResourceServer { RealmId = realmId, Audience = TestRealm.Files, DisplayName = name, ClientId = "SECRET-client", Permissions = [new() { Name = "files.read", Texts = texts.All }, new() { Name = "SECRET.read" }] },
            new ResourceServer { RealmId = realmId, Audience = "https://SECRET.example", Permissions = [new() { Name = "SECRET.write" }] },
            new ResourceServer
            {
                RealmId = realmId,
                Audience = TestRealm.Api,
                DisplayName = name,
                ClientId = "demo-api",
                Permissions = [new() { Name = "invoices.approve", Texts = texts.All }, new() { Name = "invoices.create" }, new() { Name = "invoices.read" }, new() { Name = "payments.refund" }],
            },
            new Scope { RealmId = realmId, Name = "SECRET-scope", Permissions = ["files.read", "SECRET.write"], Texts = texts.All },
            new Scope { RealmId = realmId, Name = "mixed", Permissions = ["files.read", "invoices.read"], Texts = texts.All },
            new Role { RealmId = realmId, RoleId = "SECRET-role", DisplayName = name, Permissions = ["files.read", "SECRET.read"] },
            new Role { RealmId = realmId, RoleId = "mixed-role", DisplayName = name, Audience = TestRealm.Files, Permissions = ["files.read", "invoices.read"], IncludedRoleIds = ["SECRET-role", "viewer"] },
            new Group { RealmId = realmId, GroupId = "accountants", DisplayName = name, OwnerOrganizationId = "acme" },
            new Organization { RealmId = realmId, OrganizationId = "acme", DisplayName = name },
            new User { RealmId = realmId, UserId = "alice", DisplayName = name, GroupIds = ["accountants"], OrganizationIds = ["SECRET-organization"], ExternalIdentities = [new() { Issuer = "https://SECRET.example", Subject = "SECRET-alice@example.org" }] },
            TestRealm.Binding(realmId, "SECRET-binding", MemberType.User, "alice", "SECRET-role", null),
            TestRealm.Binding(realmId, "mixed-binding", MemberType.User, "alice", "mixed-role", "acme"),
            TestRealm.Client(realmId, "demo-web", ["invoices.read", "SECRET-scope", "files.read", IamPermissions.TokensRevoke], TestRealm.WebSecret) with
            {
                DisplayName = name,
                RedirectUris = ["https://SECRET.example/callback"],
                WebOrigins = ["https://SECRET.example"],
                RequiredScopes = ["SECRET-scope"],
                Jwks = """{"keys":["SECRET-name"]}""",
                Logo = name,
                OwnerOrganizationId = "SECRET-organization",
                MayActClientId = "SECRET-client",
                AuthorizationDetailsTypes = ["SECRET-type"],
            },
            new DelegationRecord { RealmId = realmId, DelegationId = "SECRET-delegation", DelegatorId = "alice", DelegateType = MemberType.User, DelegateId = "bob", Scopes = ["invoices.read"], Reason = name, CreatedBy = name },
        ];
    }

    private sealed record ValueTexts(string Text)
    {
        public Pltfrms.Iam.Common.ValueList<ScopeText> All => [new() { Language = "en", Title = Text, Description = Text }];
    }
}
