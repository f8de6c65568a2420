using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Delegation;

/// <summary>Nobody grants more than they hold.</summary>
public abstract class GrantLimitContract(TestDatabase fixture) : IAsyncLifetime
{
    private DelegationServer _server = null!;

    private AdminCalls Calls => _server.Calls;

    public async Task InitializeAsync() => _server = await DelegationServer.SharedAsync(fixture);

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageTheory]
    [MemberData(nameof(GrantAttacks.Names), MemberType = typeof(GrantAttacks))]
    public async Task A_write_that_gives_more_than_its_caller_holds_is_refused_and_changes_nothing(string attack)
    {
        var (request, permission, caller) = GrantAttacks.All[attack];
        var before = await Calls.RevisionAsync(_server.RealmId);

        var refusal = await Calls.RefusalAsync(_server.InRealm(request), caller);

        Assert.Equal((StatusCode.PermissionDenied, "GRANT_EXCEEDS_OWN"), (refusal.Code, refusal.Reason));
        Assert.Equal(new Dictionary<string, string> { ["permission"] = permission, ["realm_id"] = _server.RealmId }, refusal.Metadata);
        Assert.Equal(before, await Calls.RevisionAsync(_server.RealmId));
    }

    /// <summary>The same writes are nothing that an operator, or who may write the realm, could not do.</summary>
    [StorageTheory]
    [MemberData(nameof(GrantAttacks.Names), MemberType = typeof(GrantAttacks))]
    public async Task The_same_write_is_open_to_who_may_do_everything(string attack)
    {
        var root = DelegationRealm.Client("root", $"{DelegationRealm.Writes} iam.realms.write");

        await Calls.CallAsync(_server.InRealm(GrantAttacks.All[attack].Request), root);
    }

    [StorageTheory]
    [MemberData(nameof(AllowedGrants.Names), MemberType = typeof(AllowedGrants))]
    public async Task A_write_that_gives_no_more_than_its_caller_holds_is_done(string grant)
    {
        var (request, caller) = AllowedGrants.All[grant];

        await Calls.CallAsync(_server.InRealm(request), caller);
    }

    /// <summary>The answer may name what the other caller was allowed to see, and nobody else.</summary>
    [StorageFact]
    public async Task What_one_caller_was_answered_is_not_for_another_who_knows_the_request_id()
    {
        var request = new CreateUserRequest { User = new() { UserId = "new", OrganizationIds = { "acme" } }, RequestId = "r1" };
        var first = await Calls.CallAsync<CreateUserResponse>(_server.InRealm(request), DelegationRealm.User("mallory"));

        var again = await Calls.CallAsync<CreateUserResponse>(_server.InRealm(request), DelegationRealm.User("mallory"));
        var stolen = await Calls.RefusalAsync(_server.InRealm(request), DelegationRealm.User("org"));

        Assert.Equal(first, again);
        Assert.Equal("REQUEST_ID_REUSED", stolen.Reason);
    }

    [StorageFact]
    public async Task A_right_that_is_taken_away_is_given_on_by_nobody_from_then_on()
    {
        var give = new CreateRoleBindingRequest { RoleBinding = new() { UserId = "nobody", RoleId = "reader" } };
        await Calls.CallAsync(_server.InRealm(new DeleteRoleBindingRequest { RoleBindingId = "mallory-reader" }));

        var refusal = await Calls.RefusalAsync(_server.InRealm(give), DelegationRealm.User("mallory"));

        Assert.Equal("GRANT_EXCEEDS_OWN", refusal.Reason);
    }

    [StorageFact]
    public async Task Of_one_who_gives_and_one_who_takes_away_at_once_whoever_comes_first_decides()
    {
        for (var round = 0; round < 5; round++)
        {
            var mallory = $"mallory-{round}";
            await Calls.CallAsync(_server.InRealm(new BatchWriteRequest
            {
                Operations =
                {
                    new WriteOperation { CreateUser = new() { User = new() { UserId = mallory } } },
                    new WriteOperation { CreateRoleBinding = new() { RoleBinding = new() { RoleBindingId = $"{mallory}-clerk", UserId = mallory, RoleId = "clerk" } } },
                    new WriteOperation { CreateRoleBinding = new() { RoleBinding = new() { RoleBindingId = $"{mallory}-reader", UserId = mallory, RoleId = "reader" } } },
                },
            }));
            var give = new CreateRoleBindingRequest { RoleBinding = new() { RoleBindingId = $"given-{round}", UserId = "nobody", RoleId = "reader" } };

            var taken = Calls.CallAsync<DeleteRoleBindingResponse>(_server.InRealm(new DeleteRoleBindingRequest { RoleBindingId = $"{mallory}-reader" }));
            var given = await EndAsync(Calls.CallAsync<CreateRoleBindingResponse>(_server.InRealm(give), DelegationRealm.User(mallory)));

            var takenAt = (await taken).Revision;
            Assert.True(given is null ? !await ExistsAsync($"given-{round}") : given.Revision < takenAt);
            await Calls.CallAsync(_server.InRealm(new DeleteUserRequest { UserId = mallory, Cascade = true }));
        }
    }

    private static async Task<CreateRoleBindingResponse?> EndAsync(Task<CreateRoleBindingResponse> given)
    {
        try
        {
            return await given;
        }
        catch (RpcException refusal) when (RichStatus.ReasonOf(refusal) == "GRANT_EXCEEDS_OWN")
        {
            return null;
        }
    }

    private async Task<bool> ExistsAsync(string roleBindingId)
    {
        var list = await Calls.CallAsync<ListRoleBindingsResponse>(_server.InRealm(new ListRoleBindingsRequest()));
        return list.RoleBindings.Any(binding => binding.RoleBindingId == roleBindingId);
    }
}

public sealed class SqliteGrantLimitTests(SqliteRealmAdminDatabase fixture) : GrantLimitContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresGrantLimitTests(PostgresRealmAdminDatabase fixture) : GrantLimitContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
