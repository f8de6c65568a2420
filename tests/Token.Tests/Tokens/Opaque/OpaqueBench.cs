using System.Text.Json;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Tokens.Opaque;

/// <summary>Two replicas and, in each realm, clients of either format that are alike in all else.</summary>
internal sealed class OpaqueBench : IAsyncDisposable
{
    public const string Inactive = """{"active":false}""";
    public const string Token = "/realms/demo/oauth2/token";
    public const string Revoke = "/realms/demo/oauth2/revoke";
    public const string Introspect = "/realms/demo/oauth2/introspect";

    public required FlowBench Flow { get; init; }

    public required IDatabase Database { get; init; }

    public TokenReplica One => Flow.One;

    public TokenReplica Two => Flow.Two;

    public static async Task<OpaqueBench> StartAsync(TestDatabase database)
    {
        var flow = await FlowBench.StartAsync(database);
        flow.Consent.KnowsTheAnswer = true;
        foreach (var realmId in new[] { "demo", "other" })
        {
            var machine = TestRealm.Client(realmId, "machine", ["invoices.read", "invoices.create"], TestRealm.ServiceSecret);
            var web = TestRealm.Client(realmId, "web", ["invoices.read"], TestRealm.WebSecret) with
            {
                ClientType = ClientType.Web,
                GrantTypes = ["authorization_code", "refresh_token"],
                RedirectUris = [FlowBench.Callback],
                AccessTokenFormat = AccessTokenFormat.Opaque,
            };
            var api = TestRealm.Client(realmId, "opaque-api", [IamPermissions.TokensIntrospect, IamPermissions.PermissionsCheck], TestRealm.ApiSecret);
            var revision = flow.Realms.Change(
                realmId,
                machine,
                machine with { ClientId = "opaque-machine", AccessTokenFormat = AccessTokenFormat.Opaque },
                web,
                api with { AccessTokenFormat = AccessTokenFormat.Opaque },
                TestRealm.Binding(realmId, "b-machine", MemberType.Client, "machine", "viewer", "acme"),
                TestRealm.Binding(realmId, "b-opaque-machine", MemberType.Client, "opaque-machine", "viewer", "acme"),
                TestRealm.Binding(realmId, "b-opaque-api", MemberType.Client, "opaque-api", IamPermissions.ResourceServerRole, null),
                TestRealm.Binding(realmId, "b-web", MemberType.Client, "web", IamPermissions.ResourceServerRole, null));
            await Task.WhenAll(flow.One.ReachAsync(realmId, revision), flow.Two.ReachAsync(realmId, revision));
        }

        return new OpaqueBench { Flow = flow, Database = database.Database };
    }

    public async Task<string> IssueAsync(string clientId, params (string Name, string Value)[] parameters) =>
        await One.IssueAsync("demo", clientId, clientId == "opaque-api" ? TestRealm.ApiSecret : TestRealm.ServiceSecret, parameters);

    public static async Task<Wire.CheckPermissionResponse> CheckAsync(TokenReplica replica, string token, string permission, string organizationId) =>
        await replica.Permissions.CheckPermissionAsync(
            new() { RealmId = "demo", AccessToken = token, Permission = permission, OrganizationId = organizationId }, TokenReplica.Operator);

    public async Task<string> CodeAsync()
    {
        using var browser = Flow.Browser();
        var page = await Flow.LogInAsync(browser, FlowBench.Parameters("web"));
        return page.Parameter("code") ?? throw new InvalidOperationException(page.Location);
    }

    public static Task<HttpResponseMessage> RedeemAsync(TokenReplica replica, string code) => replica.PostAsync(
        Token,
        TokenReplica.Basic("web", TestRealm.WebSecret),
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", FlowBench.Callback), ("code_verifier", FlowBench.Verifier));

    public async Task<JsonElement> UserTokensAsync()
    {
        using var response = await RedeemAsync(One, await CodeAsync());
        var json = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.GetRawText());
        return json;
    }

    public ValueTask DisposeAsync() => Flow.DisposeAsync();
}
