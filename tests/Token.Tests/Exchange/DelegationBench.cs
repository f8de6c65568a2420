using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Exchange;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Exchange;

/// <summary>What tests of delegations do with the bench: it has a rule for tokens and one for delegations.</summary>
internal sealed class DelegationBench(ExchangeBench bench)
{
    public static TokenExchangeSettings Rules { get; } = new()
    {
        MaxActors = 10,
        Rules = [new() { Name = "anything" }, new() { Name = "by-delegation", Source = TokenExchangeSource.Delegation }],
    };

    /// <summary>Carol, who may everything there is of invoices, lets service-a read and create them.</summary>
    public DelegationRecord Carols { get; } = new()
    {
        RealmId = TestRealm.Id,
        DelegationId = "carols",
        DelegatorId = "carol",
        DelegateType = MemberType.Client,
        DelegateId = "service-a",
        Scopes = ["invoices.create", "invoices.read"],
        CreatedAt = bench.Clock.GetUtcNow(),
    };

    public Task SetAsync(params IRealmResource[] changes) => bench.SetAsync(Rules, changes);

    public Task<JsonElement> TryAsync(string clientId, string delegationId, params (string Name, string Value)[] parameters) =>
        bench.TryAsync(clientId, delegationId, [("subject_token_type", TokenTypes.Delegation), .. parameters]);

    public Task<string> UseAsync(string clientId, string delegationId, params (string Name, string Value)[] parameters) =>
        bench.ExchangeAsync(clientId, delegationId, [("subject_token_type", TokenTypes.Delegation), .. parameters]);

    public Task<string> RefusalAsync(string clientId, string delegationId, params (string Name, string Value)[] parameters) =>
        bench.RefusalAsync(clientId, delegationId, [("subject_token_type", TokenTypes.Delegation), .. parameters]);

    /// <summary>The parameters that name a user who acts through demo-web.</summary>
    public async Task<(string Name, string Value)[]> ActingAsync(string userId) =>
        [("actor_token", await bench.UserTokenAsync(userId, null, "files.read")), ("actor_token_type", ExchangeBench.AccessTokenType)];

    public async Task<Wire.DecisionReason> CheckAsync(string token, string permission, string organizationId) =>
        (await bench.Service.Permissions.CheckPermissionAsync(
            new() { RealmId = TestRealm.Id, AccessToken = token, Permission = permission, OrganizationId = organizationId }, TokenReplica.Operator)).Reason;
}
