using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;

namespace Suite.Tests;

/// <summary>What tests do with the demo realm.</summary>
internal static class Demo
{
    public const string ServiceSecret = "demo-service-secret-0123456789abcdef";
    public const string ApiSecret = "demo-api-secret-0123456789abcdefgh";
    public const string OperatorSecret = "demo-operator-secret-0123456789abc";

    public const string ServiceBinding = "  - client_id: demo-service\n    role_id: accountant\n    organization_id: acme\n";

    public static async Task<string> TokenAsync(SuiteProcess suite, string clientId, string secret, string organizationId = "")
    {
        var request = new IssueTokenRequest
        {
            RealmId = "demo",
            ClientId = clientId,
            ClientSecret = secret,
            ClientCredentials = new ClientCredentialsGrant { OrganizationId = organizationId },
        };
        return (await new TokenService.TokenServiceClient(suite.Token).IssueTokenAsync(request)).AccessToken;
    }

    /// <summary>Imports the demo realm as changed; returns the acknowledged revision.</summary>
    public static async Task<long> ImportAsync(SuiteProcess suite, Metadata caller, Func<string, string> change)
    {
        var document = change(await File.ReadAllTextAsync(SuiteProcess.DemoRealmFile));
        var request = new ImportRealmRequest { RealmId = "demo", Document = document };
        return (await new RealmService.RealmServiceClient(suite.RealmAdmin).ImportRealmAsync(request, caller)).Revision;
    }

    /// <summary>The same as an operator; when it returns, the token service goes by it, too.</summary>
    public static async Task<long> ImportEverywhereAsync(SuiteProcess suite, Func<string, string> change)
    {
        var revision = await ImportAsync(suite, suite.Operator, change);
        await new PermissionService.PermissionServiceClient(suite.Token).CheckPermissionAsync(
            new() { RealmId = "demo", UserId = "carol", Permission = "invoices.read", MinRevision = revision }, suite.Operator);
        return revision;
    }

    public static async Task<CheckPermissionResponse> CheckAsync(
        SuiteProcess suite, Metadata caller, string token, string permission, string organizationId, long minRevision) =>
        await new PermissionService.PermissionServiceClient(suite.Token).CheckPermissionAsync(
            new CheckPermissionRequest
            {
                RealmId = "demo",
                AccessToken = token,
                Permission = permission,
                OrganizationId = organizationId,
                MinRevision = minRevision,
            },
            caller);
}
