using Common.Tests.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Token.V1;
using Testing;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Common.Tests.Authentication;

/// <summary>Access tokens at a service that asks the token service, over a real channel with a real assertion.</summary>
public sealed class RemoteAccessTokenTests : IAsyncLifetime, IDisposable
{
    private readonly AssertionForge _consentKey = new();
    private readonly TemporaryFolder _folder = new();
    private readonly PermissionAnswer _answer = new();
    private WebApplication? _tokenService;
    private SampleServer? _server;

    public async Task InitializeAsync()
    {
        var builder = ServiceHost.CreateBuilder(ServiceNames.Token, [], new Dictionary<string, string?>
        {
            ["Listen:Grpc"] = "http://127.0.0.1:0",
            ["Database:Engine"] = "sqlite",
            ["Database:File"] = _folder.File("token.db"),
            ["Logging:LogLevel:Default"] = "None",
            ["TrustedServices:consent:PublicKey"] = _consentKey.PublicKey,
            ["TrustedServices:consent:Permissions:0"] = "iam.permissions.check",
        });
        builder.Services.AddSingleton(_answer);
        builder.Services.AddSingleton<IAccessTokenAuthorizer, NoAccessTokens>();
        _tokenService = builder.Build();
        ServiceHost.MapWellknown(_tokenService);
        _tokenService.MapGrpcService<AnsweringPermissionService>();
        _tokenService.MapGrpcService<AnsweringTokenService>();
        await ServiceHost.StartAsync(_tokenService);

        _server = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _tokenService!.DisposeAsync();
    }

    public void Dispose()
    {
        _consentKey.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_whose_holder_has_the_permission_in_the_realm_gets_in()
    {
        var token = Token("""{"iss":"http://127.0.0.1:8080/realms/demo","sub":"demo-operator","client_id":"demo-operator","jti":"1"}""");

        Assert.Equal("Token demo-operator", await CallerAsync(token, "demo"));

        var (caller, asked) = Assert.Single(_answer.Asked);
        Assert.Equal("Service consent", caller);
        Assert.Equal(
            new CheckPermissionRequest { RealmId = "demo", AccessToken = token, Permission = "iam.scopes.explain" }, asked);
    }

    [Theory]
    [InlineData(DecisionReason.TokenInactive, StatusCode.Unauthenticated, "UNAUTHENTICATED")]
    [InlineData(DecisionReason.AudienceMismatch, StatusCode.PermissionDenied, "PERMISSION_DENIED")]
    [InlineData(DecisionReason.ScopeNotGranted, StatusCode.PermissionDenied, "PERMISSION_DENIED")]
    [InlineData(DecisionReason.PermissionNotAssigned, StatusCode.PermissionDenied, "PERMISSION_DENIED")]
    [InlineData(DecisionReason.UnknownPermission, StatusCode.PermissionDenied, "PERMISSION_DENIED")]
    public async Task A_denial_is_a_refusal(DecisionReason decision, StatusCode code, string reason)
    {
        _answer.Decision = decision;

        var refusal = await RefusalAsync(Token("""{"sub":"demo-service"}"""), "demo");

        Assert.Equal((code, reason), (refusal.StatusCode, RichStatus.ReasonOf(refusal)));
    }

    [Fact]
    public async Task A_token_that_is_tied_to_an_organization_is_no_good_for_the_whole_realm()
    {
        var refusal = await RefusalAsync(Token("""{"sub":"demo-operator","organization_id":"acme"}"""), "demo");

        Assert.Equal("PERMISSION_DENIED", RichStatus.ReasonOf(refusal));
    }

    [Fact]
    public async Task A_token_is_no_good_where_no_realm_is_named_even_with_the_permission_in_its_own()
    {
        var refusal = await RefusalAsync(Token("""{"iss":"http://127.0.0.1:8080/realms/demo","sub":"demo-operator"}"""), "");

        Assert.Equal("PERMISSION_DENIED", RichStatus.ReasonOf(refusal));
    }

    [Fact]
    public async Task A_realm_that_does_not_exist_cannot_be_told_from_one_that_does()
    {
        _answer.Error = new IamException(Pltfrms.Iam.Errors.V1.ErrorReason.RealmNotFound, "no realm");

        Assert.Equal("UNAUTHENTICATED", RichStatus.ReasonOf(await RefusalAsync(Token("""{"sub":"x"}"""), "nowhere")));
    }

    [Theory]
    [InlineData(Pltfrms.Iam.Errors.V1.ErrorReason.StorageUnavailable)]
    [InlineData(Pltfrms.Iam.Errors.V1.ErrorReason.Internal)]
    public async Task An_outage_is_never_an_answer(Pltfrms.Iam.Errors.V1.ErrorReason outage)
    {
        _answer.Error = new IamException(outage, "broken");

        var refusal = await RefusalAsync(Token("""{"sub":"x"}"""), "demo");

        Assert.Equal((StatusCode.Unavailable, "SERVICE_UNAVAILABLE"), (refusal.StatusCode, RichStatus.ReasonOf(refusal)));
    }

    [Fact]
    public async Task A_token_service_that_is_gone_is_an_outage()
    {
        await _tokenService!.StopAsync();

        var refusal = await RefusalAsync(Token("""{"sub":"x"}"""), "demo");

        Assert.Equal((StatusCode.Unavailable, "SERVICE_UNAVAILABLE"), (refusal.StatusCode, RichStatus.ReasonOf(refusal)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://consent.example")]
    public async Task A_token_that_is_bound_to_a_key_is_asked_about_with_its_proof_and_the_address_it_is_for(string? publicAddress)
    {
        var token = Token("""{"sub":"demo-operator"}""");
        await using var server = await StartAsync(("Listen:PublicGrpc", publicAddress));

        Assert.Equal("Token demo-operator", await CallerAsync(server, Bound(token), "demo"));

        var presentation = new SenderPresentation
        {
            DpopProof = "a-proof",
            HttpMethod = "POST",
            HttpUri = $"{publicAddress ?? ServiceHost.GrpcAddress(server.App)}/pltfrms.iam.consent.v1.ConsentService/ExplainScopes",
        };
        Assert.Equal(
            new() { RealmId = "demo", AccessToken = token, Permission = "iam.scopes.explain", Presentation = presentation, IncludeTrace = true },
            Assert.Single(_answer.Asked).Request);
    }

    [Fact]
    public async Task A_bad_proof_is_refused_with_what_is_wrong_with_it()
    {
        (_answer.Decision, _answer.Step) = (DecisionReason.SenderConstraintFailed, "The DPoP proof was used before.");
        var token = Token("""{"sub":"demo-operator"}""");

        var bound = await Assert.ThrowsAsync<RpcException>(() => CallerAsync(_server!, Bound(token), "demo"));
        var bearer = await RefusalAsync(token, "demo");

        Assert.Equal(("INVALID_DPOP_PROOF", "The DPoP proof was used before."), (RichStatus.ReasonOf(bound), bound.Status.Detail));
        Assert.Equal("UNAUTHENTICATED", RichStatus.ReasonOf(bearer));
    }

    [Fact]
    public async Task Of_an_opaque_token_the_proof_is_sent_once()
    {
        var confirmation = new Confirmation { JwkThumbprint = "a-key" };
        _answer.Introspection = new() { Active = true, Subject = "machine", ClientId = "machine", SubjectType = SubjectType.Client, Confirmation = confirmation };

        Assert.Equal("Token machine", await CallerAsync(_server!, Bound("opaque"), "demo"));

        Assert.Equal("a-proof", Assert.Single(_answer.Asked).Request.Presentation.DpopProof);
        Assert.Equal(
            new() { RealmId = "demo", Token = "opaque", Presentation = new() { SenderConstraintVerified = true } },
            Assert.Single(_answer.Introspected));
    }

    [Fact]
    public async Task An_opaque_token_that_is_bound_to_no_key_gets_nobody_in_as_if_it_were()
    {
        _answer.Introspection = new() { Active = true, Subject = "machine", ClientId = "machine", SubjectType = SubjectType.Client };

        var refusal = await Assert.ThrowsAsync<RpcException>(() => CallerAsync(_server!, Bound("opaque"), "demo"));

        Assert.Equal("UNAUTHENTICATED", RichStatus.ReasonOf(refusal));
    }

    private static Metadata Bound(string token) => new() { { "authorization", $"DPoP {token}" }, { "dpop", "a-proof" } };

    private Task<SampleServer> StartAsync(params IEnumerable<(string Name, string? Value)> more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Peers:Token:Address"] = ServiceHost.GrpcAddress(_tokenService!),
            ["ServiceKey:PrivateKey"] = _consentKey.PrivateKey,
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return SampleServer.StartAsync(new SampleBehaviour(), settings, host => host.AddRemoteAccessTokens());
    }

    private static string Token(string claims)
    {
        using var anyKey = new AssertionForge();
        return anyKey.Sign(claims, """{"alg":"ES256","typ":"at+jwt"}""");
    }

    private Task<string> CallerAsync(string token, string realmId) =>
        CallerAsync(_server!, new Metadata { { "authorization", $"Bearer {token}" } }, realmId);

    private static async Task<string> CallerAsync(SampleServer server, Metadata headers, string realmId)
    {
        var answer = await server.Client.ExplainScopesAsync(new Wire.ExplainScopesRequest { RealmId = realmId }, headers);
        return Assert.Single(answer.OfferedScopes);
    }

    private async Task<RpcException> RefusalAsync(string token, string realmId) =>
        await Assert.ThrowsAsync<RpcException>(() => CallerAsync(token, realmId));
}

/// <summary>What <see cref="AnsweringPermissionService"/> and <see cref="AnsweringTokenService"/> say, and what they were asked.</summary>
internal sealed class PermissionAnswer
{
    public DecisionReason Decision { get; set; } = DecisionReason.Allowed;

    public IamException? Error { get; set; }

    /// <summary>The last step of the trace.</summary>
    public string? Step { get; set; }

    public IntrospectTokenResponse Introspection { get; set; } = new();

    public List<(string Caller, CheckPermissionRequest Request)> Asked { get; } = [];

    public List<IntrospectTokenRequest> Introspected { get; } = [];
}

internal sealed class AnsweringPermissionService(PermissionAnswer answer, CallerGate gate) : PermissionService.PermissionServiceBase
{
    public override async Task<CheckPermissionResponse> CheckPermission(CheckPermissionRequest request, ServerCallContext context)
    {
        var caller = await gate.RequireAsync(context, request.RealmId, "iam.permissions.check");
        answer.Asked.Add(($"{caller.Kind} {caller.Id}", request));
        return answer.Error is { } error
            ? throw error
            : new CheckPermissionResponse
            {
                Allowed = answer.Decision == DecisionReason.Allowed,
                Reason = answer.Decision,
                Trace = request.IncludeTrace && answer.Step is { } step ? new() { Steps = { "The token is active.", step } } : null,
            };
    }
}

internal sealed class AnsweringTokenService(PermissionAnswer answer) : TokenService.TokenServiceBase
{
    public override Task<IntrospectTokenResponse> IntrospectToken(IntrospectTokenRequest request, ServerCallContext context)
    {
        answer.Introspected.Add(request);
        return Task.FromResult(answer.Introspection);
    }
}
