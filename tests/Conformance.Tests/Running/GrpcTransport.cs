using Google.Protobuf;
using Grpc.Core;
using Pltfrms.Iam.Token.V1;

namespace Conformance.Tests.Running;

/// <summary>Over gRPC. Callers present an access token.</summary>
internal sealed class GrpcTransport(Services services) : Transport
{
    private readonly TokenService.TokenServiceClient _tokens = new(services.TokenChannel);
    private readonly PermissionService.PermissionServiceClient _permissions = new(services.TokenChannel);

    protected override Task<Answer> IssueTokenAsync(CallRequest request) => AnswerAsync(
        async () => await _tokens.IssueTokenAsync(
            Issue(request.Realm, request.Client, request.Secret ?? Callers.SecretOf(request.Realm, request.Client), request)),
        response => response.AccessToken);

    protected override Task<Answer> IntrospectTokenAsync(CallRequest request) => AnswerAsync(async () => await _tokens.IntrospectTokenAsync(
        new IntrospectTokenRequest { RealmId = request.Realm ?? "", Token = request.Token ?? "" }, await CredentialAsync(request)));

    protected override Task<Answer> RevokeTokenAsync(CallRequest request) => AnswerAsync(async () => await _tokens.RevokeTokenAsync(
        new RevokeTokenRequest { RealmId = request.Realm ?? "", Token = request.Token ?? "" }, await CredentialAsync(request)));

    protected override Task<Answer> CheckPermissionAsync(CallRequest request)
    {
        var check = new CheckPermissionRequest
        {
            RealmId = request.Realm ?? "",
            Permission = request.Permission ?? "",
            OrganizationId = request.Organization ?? "",
            Audience = request.Audience ?? "",
            IncludeTrace = true,
            Context = new DecisionContext { SourceAddress = request.SourceAddress ?? "", Acr = request.Acr ?? "" },
        };
        if (request.Dpop is not null)
        {
            const string address = "https://api.demo.example/invoices/1";
            check.Presentation = new() { DpopProof = Proofs.Named(request.Dpop, "GET", address, request.Token), HttpMethod = "GET", HttpUri = address };
        }

        if (request.Token is not null)
        {
            check.AccessToken = request.Token;
        }
        else if (request.User is not null)
        {
            check.UserId = request.User;
        }
        else if (request.Client is not null)
        {
            check.ClientId = request.Client;
        }

        return AnswerAsync(async () => await _permissions.CheckPermissionAsync(check, await CredentialAsync(request)));
    }

    private async Task<Metadata> CredentialAsync(CallRequest request)
    {
        if (request.Headers.TryGetValue("Authorization", out var header))
        {
            return new Metadata { { "authorization", header } };
        }

        if (request.Caller is null or Callers.Nobody)
        {
            return [];
        }

        var caller = Callers.Named(request.Caller);
        var token = await _tokens.IssueTokenAsync(Issue(caller.Realm, caller.Client, caller.Secret, new CallRequest { Scopes = caller.Scopes }));
        return new Metadata { { "authorization", $"Bearer {token.AccessToken}" } };
    }

    private static IssueTokenRequest Issue(string? realm, string? client, string secret, CallRequest request)
    {
        var issue = new IssueTokenRequest { RealmId = realm ?? "", ClientId = client ?? "", ClientSecret = secret };
        issue.DpopProof = request.Dpop is null ? "" : Proofs.Named(request.Dpop, "POST", $"{Services.PublicAddress}/realms/{realm}/oauth2/token", token: null);
        var (organizationId, audience) = (request.Organization ?? "", request.Audience ?? "");
        if (request.Assertion is { } assertion)
        {
            issue.JwtBearer = new JwtBearerGrant { Assertion = assertion, Scopes = { request.Scopes }, OrganizationId = organizationId, Audience = audience };
        }
        else
        {
            issue.ClientCredentials = new ClientCredentialsGrant { Scopes = { request.Scopes }, OrganizationId = organizationId, Audience = audience };
        }

        return issue;
    }

    private static async Task<Answer> AnswerAsync<T>(Func<Task<T>> call, Func<T, string>? token = null)
        where T : IMessage
    {
        try
        {
            var response = await call();
            return GrpcAnswer.Of(response, token?.Invoke(response));
        }
        catch (RpcException exception)
        {
            return GrpcAnswer.Of(exception);
        }
    }
}
