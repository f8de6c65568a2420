using Google.Rpc;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Consent.V1;
using StatusCode = Grpc.Core.StatusCode;

namespace Suite.Tests;

/// <summary>The consent service in its place: fed by realm-admin, its callers checked by token.</summary>
public sealed class ConsentTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>, IAsyncLifetime
{
    private readonly SuiteProcess _suite = fixture.Suite;
    private Metadata? _caller;

    private ConsentService.ConsentServiceClient Consents => new(_suite.Consent);

    public async Task InitializeAsync() =>
        _caller = SuiteProcess.Bearer(await Demo.TokenAsync(_suite, "demo-operator", Demo.OperatorSecret));

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_user_without_decisions_has_none() =>
        Assert.Empty((await Consents.ListConsentsAsync(new ListConsentsRequest { RealmId = "demo", UserId = "alice" }, _caller)).Consents);

    [Fact]
    public async Task An_unknown_realm_is_not_found_for_an_operator()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Consents.ListConsentsAsync(
            new ListConsentsRequest { RealmId = "nowhere", UserId = "alice" }, _suite.Operator));

        Assert.Equal((StatusCode.NotFound, "REALM_NOT_FOUND"), (refusal.StatusCode, RichStatus.ReasonOf(refusal)));
    }

    [Theory]
    [InlineData("alice", "acme", "invoices.create invoices.read")]
    [InlineData("alice", "globex", "")]
    [InlineData("bob", "globex", "invoices.read")]
    [InlineData("carol", "acme", "invoices.approve invoices.create invoices.read")]
    public async Task A_user_is_offered_what_their_roles_allow_in_the_organization(string userId, string organizationId, string offered)
    {
        var answer = await Consents.ExplainScopesAsync(
            new ExplainScopesRequest
            {
                RealmId = "demo",
                ClientId = "demo-web",
                UserId = userId,
                OrganizationId = organizationId,
                Scopes = { "invoices.read", "invoices.create", "invoices.approve", "payments.refund" },
            },
            _caller);

        Assert.Equal(offered, string.Join(' ', answer.OfferedScopes.Order(StringComparer.Ordinal)));
        Assert.Equal(answer.OfferedScopes, answer.GrantedScopes);
        Assert.Contains(
            answer.Steps, s => s is { Step: "conditions", Scope: "payments.refund", Effect: ScopeEffect.Dropped });
    }

    [Fact]
    public async Task Every_wrong_field_of_a_question_is_named()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Consents.ExplainScopesAsync(
            new ExplainScopesRequest { RealmId = "demo", ClientId = "x", UserId = "x", OrganizationId = "x", SourceAddress = "x" }, _caller));

        var violations = RichStatus.Read(refusal)!.Details.Single(d => d.Is(BadRequest.Descriptor)).Unpack<BadRequest>().FieldViolations;
        Assert.Equal(["client_id", "user_id", "organization_id", "source_address"], violations.Select(v => v.Field));
    }
}
