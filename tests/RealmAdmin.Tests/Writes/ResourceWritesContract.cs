using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Writes;

/// <summary>Create, update and delete of every kind over a real port.</summary>
public abstract class ResourceWritesContract(TestDatabase fixture) : IAsyncLifetime
{
    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;

    private static readonly Dictionary<string, (string Field, string IdField, IMessage Sample, IMessage Changed, string Mask)> Kinds = new()
    {
        ["Client"] = (
            "client", "client_id",
            new Client
            {
                ClientId = "c1",
                DisplayName = "One",
                ClientType = ClientType.Web,
                GrantTypes = { "authorization_code" },
                RedirectUris = { "https://one.example/cb" },
                Scopes = { "a.read", "all" },
                ConsentPolicy = ConsentPolicy.Trusted,
                AccessTokenFormat = AccessTokenFormat.Jwt,
                AccessTokenLifetime = Duration.FromTimeSpan(TimeSpan.FromMinutes(3)),
                OwnerOrganizationId = "acme",
            },
            new Client { ClientId = "c1", RedirectUris = { "https://one.example/a", "https://one.example/b" } },
            "redirect_uris"),
        ["ResourceServer"] = (
            "resource_server", "audience",
            new ResourceServer
            {
                Audience = "https://two.example",
                DisplayName = "Two",
                ClientId = "api",
                Permissions = { new Permission { Permission_ = "b.read", Texts = { ["en"] = new ScopeText { Title = "Read", Description = "All" } } } },
            },
            new ResourceServer { Audience = "https://two.example", Permissions = { new Permission { Permission_ = "b.write" } } },
            "permissions"),
        ["Scope"] = (
            "scope", "scope",
            new Scope { Scope_ = "some", Permissions = { "a.read" }, Texts = { ["de"] = new ScopeText { Title = "Einiges" } } },
            new Scope { Scope_ = "some", Texts = { ["en"] = new ScopeText { Title = "Some" } } },
            "texts"),
        ["Role"] = (
            "role", "role_id",
            new Role { RoleId = "boss", DisplayName = "Boss", Audience = "https://api.example", Permissions = { "a.read" }, IncludedRoleIds = { "writer" } },
            new Role { RoleId = "boss", IncludedRoleIds = { "reader" } },
            "included_role_ids"),
        ["Group"] = (
            "group", "group_id",
            new Group { GroupId = "g1", DisplayName = "One", ParentGroupIds = { "staff" }, OwnerOrganizationId = "acme" },
            new Group { GroupId = "g1" },
            "parent_group_ids"),
        ["Organization"] = (
            "organization", "organization_id",
            new Organization { OrganizationId = "o1", DisplayName = "One", ParentOrganizationId = "acme", Disabled = true },
            new Organization { OrganizationId = "o1", ParentOrganizationId = "retail" },
            "parent_organization_id"),
        ["User"] = (
            "user", "user_id",
            new User
            {
                UserId = "bob@example",
                DisplayName = "Bob",
                Disabled = true,
                OrganizationIds = { "acme" },
                GroupIds = { "staff" },
                ExternalIdentities = { new ExternalIdentity { Issuer = "https://login.example", Subject = "42" } },
            },
            new User { UserId = "bob@example", GroupIds = { "night", "staff" } },
            "group_ids"),
        ["RoleBinding"] = (
            "role_binding", "role_binding_id",
            new RoleBinding
            {
                RoleBindingId = "b1",
                GroupId = "staff",
                RoleId = "writer",
                OrganizationId = "retail",
                Conditions = new RoleBindingConditions
                {
                    StartTime = Timestamp.FromDateTimeOffset(Samples.Instant),
                    EndTime = Timestamp.FromDateTimeOffset(Samples.Instant.AddDays(1)),
                    SourceNetworks = { "10.0.0.0/8" },
                    MinAcr = "mfa",
                },
                ExpireTime = Timestamp.FromDateTimeOffset(Samples.Instant.AddDays(2)),
            },
            new RoleBinding { RoleBindingId = "b1", ExpireTime = Timestamp.FromDateTimeOffset(Samples.Instant.AddDays(3)) },
            "expire_time"),
        ["Delegation"] = (
            "delegation", "delegation_id",
            new Pltfrms.Iam.RealmAdmin.V1.Delegation
            {
                DelegationId = "d1",
                DelegatorId = "ada",
                DelegateClientId = "api",
                Scopes = { "a.read", "all" },
                OrganizationId = "retail",
                ExpireTime = Timestamp.FromDateTimeOffset(Samples.Instant.AddDays(2)),
                MaxDepth = 2,
                Reason = "holidays",
            },
            new Pltfrms.Iam.RealmAdmin.V1.Delegation { DelegationId = "d1", Scopes = { "a.write" } },
            "scopes"),
    };

    private static readonly string[] ServerSet = ["realm_id", "etag", "create_time", "created_by", "self_granted"];

    public static TheoryData<string> KindNames => [.. Kinds.Keys];

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _admin = new AdminCalls(_server);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageTheory]
    [MemberData(nameof(KindNames))]
    public async Task Each_kind_is_made_changed_and_removed(string kind)
    {
        var (field, idField, sample, changed, mask) = Kinds[kind];
        var realmId = await _admin.NewRealmAsync();
        var id = Text(sample, idField);

        var created = await _admin.CallAsync(AdminCalls.Request("Create", kind, ("realm_id", realmId), (field, sample)));
        var made = Resource(created, field);
        Assert.Equal((2L, realmId, 43), (Revision(created), Text(made, "realm_id"), Text(made, "etag").Length));
        Assert.Equal(Without(sample), Without(made));
        Assert.Equal(made, await GetAsync(kind, field, idField, realmId, id));

        var updated = await _admin.CallAsync(AdminCalls.Request(
            "Update", kind, ("realm_id", realmId), (field, changed), ("update_mask", new FieldMask { Paths = { mask } })));
        var expected = Copy(sample);
        Set(expected, mask, changed);
        Assert.Equal((3L, Without(expected)), (Revision(updated), Without(Resource(updated, field))));
        Assert.NotEqual(Text(made, "etag"), Text(Resource(updated, field), "etag"));
        Assert.Equal(Resource(updated, field), await GetAsync(kind, field, idField, realmId, id));

        var back = await _admin.CallAsync(AdminCalls.Request("Update", kind, ("realm_id", realmId), (field, sample)));
        Assert.Equal((4L, made), (Revision(back), Resource(back, field)));
        var same = await _admin.CallAsync(AdminCalls.Request("Update", kind, ("realm_id", realmId), (field, sample)));
        Assert.Equal((4L, made), (Revision(same), Resource(same, field)));

        var stale = AdminCalls.Request("Delete", kind, ("realm_id", realmId), (idField, id), ("etag", Text(Resource(updated, field), "etag")));
        var refusal = await _admin.RefusalAsync(stale);
        Assert.Equal((StatusCode.Aborted, "ETAG_MISMATCH", "etag"), (refusal.Code, refusal.Reason, Assert.Single(refusal.Fields)));
        var deleted = await _admin.CallAsync(AdminCalls.Request(
            "Delete", kind, ("realm_id", realmId), (idField, id), ("etag", Text(made, "etag"))));
        Assert.Equal(5L, Revision(deleted));
        var gone = await _admin.RefusalAsync(AdminCalls.Request("Get", kind, ("realm_id", realmId), (idField, id)));
        Assert.Equal((StatusCode.NotFound, "RESOURCE_NOT_FOUND"), (gone.Code, gone.Reason));
    }

    [StorageTheory]
    [MemberData(nameof(KindNames))]
    public async Task An_id_that_is_there_or_differs_in_case_only_is_taken(string kind)
    {
        var (field, idField, sample, _, _) = Kinds[kind];
        var realmId = await _admin.NewRealmAsync();
        await _admin.CallAsync(AdminCalls.Request("Create", kind, ("realm_id", realmId), (field, sample)));
        var other = Copy(sample);
        var upper = kind == "ResourceServer" ? "https://TWO.example" : Text(sample, idField).ToUpperInvariant();
        other.Descriptor.FindFieldByName(idField).Accessor.SetValue(other, upper);

        var refusal = await _admin.RefusalAsync(AdminCalls.Request("Create", kind, ("realm_id", realmId), (field, other)));

        Assert.Equal((StatusCode.AlreadyExists, "ALREADY_EXISTS"), (refusal.Code, refusal.Reason));
        Assert.Equal([($"{field}.{idField}", $"is taken by {field} '{Text(sample, idField)}'")], refusal.Violations);
        Assert.Equal("ALREADY_EXISTS", (await _admin.RefusalAsync(AdminCalls.Request("Create", kind, ("realm_id", realmId), (field, sample)))).Reason);
        Assert.Equal(2, await _admin.RevisionAsync(realmId));
    }

    [StorageTheory]
    [MemberData(nameof(WriteRefusals.Names), MemberType = typeof(WriteRefusals))]
    public async Task What_is_wrong_is_refused_with_its_reason_and_path(string description)
    {
        var (request, reason, fields) = WriteRefusals.All[description];
        var realmId = await _admin.NewRealmAsync();
        var sent = Copy(request);
        sent.Descriptor.FindFieldByName("realm_id").Accessor.SetValue(sent, realmId);

        var refusal = await _admin.RefusalAsync(sent);

        Assert.Equal((reason, string.Join(' ', fields)), (refusal.Reason, string.Join(' ', refusal.Fields)));
        Assert.Equal(1, await _admin.RevisionAsync(realmId));
    }

    [StorageFact]
    public async Task Sixty_four_writers_with_etags_lose_no_update()
    {
        var realmId = await _admin.NewRealmAsync();
        var updates = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(async () =>
        {
            while (true)
            {
                var client = (await _admin.CallAsync<GetClientResponse>(new GetClientRequest { RealmId = realmId, ClientId = "api" })).Client;
                client.RedirectUris.Add($"https://api.example/{i:d2}");
                try
                {
                    return await _admin.CallAsync<UpdateClientResponse>(new UpdateClientRequest { RealmId = realmId, Client = client });
                }
                catch (RpcException lost) when (lost.StatusCode == StatusCode.Aborted)
                {
                    // Somebody else was first: read and decide again.
                }
            }
        })));

        var last = (await _admin.CallAsync<GetClientResponse>(new GetClientRequest { RealmId = realmId, ClientId = "api" })).Client;
        Assert.Equal(Enumerable.Range(0, 64).Select(i => $"https://api.example/{i:d2}"), last.RedirectUris);
        Assert.Equal(64, updates.Select(update => update.Client.Etag).Distinct().Count());
        Assert.Equal(Enumerable.Range(2, 64).Select(revision => (long)revision), updates.Select(update => update.Revision).Order());
        Assert.Equal(65, await _admin.RevisionAsync(realmId));
    }

    [StorageFact]
    public async Task Lists_are_filtered_by_type_role_and_organization()
    {
        var realmId = await _admin.NewRealmAsync();
        await _admin.CallAsync(new CreateClientRequest { RealmId = realmId, Client = new() { ClientId = "job", ClientType = ClientType.Service } });
        await _admin.CallAsync(new CreateRoleBindingRequest { RealmId = realmId, RoleBinding = new() { RoleBindingId = "rb2", UserId = "ada", RoleId = "writer" } });
        await _admin.CallAsync(new CreateUserRequest { RealmId = realmId, User = new() { UserId = "eve" } });

        var clients = await _admin.CallAsync<ListClientsResponse>(new ListClientsRequest { RealmId = realmId, ClientType = ClientType.Service });
        Assert.Equal(["job"], clients.Clients.Select(client => client.ClientId));
        var users = await _admin.CallAsync<ListUsersResponse>(new ListUsersRequest { RealmId = realmId, OrganizationId = "acme" });
        Assert.Equal("ada", Assert.Single(users.Users).UserId);
        Assert.Equal(["staff"], users.Users[0].GroupIds);
        Assert.Equal(["rb2"], await BindingsAsync(new() { RealmId = realmId, RoleId = "writer" }));
        Assert.Equal(["rb"], await BindingsAsync(new() { RealmId = realmId, OrganizationId = "acme" }));
        Assert.Equal(["rb", "rb2"], await BindingsAsync(new() { RealmId = realmId, UserId = "ada" }));
        Assert.Equal(["rb"], await BindingsAsync(new() { RealmId = realmId, UserId = "ada", RoleId = "reader", OrganizationId = "acme" }));
        Assert.Empty(await BindingsAsync(new() { RealmId = realmId, UserId = "ada", RoleId = "writer", OrganizationId = "acme" }));
    }

    private async Task<IEnumerable<string>> BindingsAsync(ListRoleBindingsRequest request) =>
        (await _admin.CallAsync<ListRoleBindingsResponse>(request)).RoleBindings.Select(binding => binding.RoleBindingId);

    private async Task<IMessage> GetAsync(string kind, string field, string idField, string realmId, string id) =>
        Resource(await _admin.CallAsync(AdminCalls.Request("Get", kind, ("realm_id", realmId), (idField, id))), field);

    private static IMessage Resource(IMessage response, string field) => (IMessage)response.Descriptor.FindFieldByName(field).Accessor.GetValue(response);

    private static long Revision(IMessage response) => (long)response.Descriptor.FindFieldByName("revision").Accessor.GetValue(response);

    private static string Text(IMessage message, string field) => (string)message.Descriptor.FindFieldByName(field).Accessor.GetValue(message);

    private static IMessage Copy(IMessage message) => message.Descriptor.Parser.ParseFrom(message.ToByteArray());

    private static void Set(IMessage target, string field, IMessage source)
    {
        var accessor = target.Descriptor.FindFieldByName(field).Accessor;
        accessor.Clear(target);
        foreach (var other in source.Descriptor.Fields.InDeclarationOrder().Where(other => other.Name != field))
        {
            other.Accessor.Clear(source = Copy(source));
        }

        target.MergeFrom(source.ToByteString());
    }

    /// <summary>Without what the server sets.</summary>
    private static IMessage Without(IMessage resource)
    {
        var copy = Copy(resource);
        foreach (var name in ServerSet)
        {
            copy.Descriptor.FindFieldByName(name)?.Accessor.Clear(copy);
        }

        return copy;
    }
}

public sealed class SqliteResourceWritesTests(SqliteRealmAdminDatabase fixture) : ResourceWritesContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresResourceWritesTests(PostgresRealmAdminDatabase fixture)
    : ResourceWritesContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
