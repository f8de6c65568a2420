using Consent.Tests.Hosting;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.V1;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Pipeline;

/// <summary>Why a scope is in a token or not, of the past and of what would be.</summary>
public sealed class ExplanationTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>
{
    private ConsentReplica Service => fixture.Service;

    [Fact]
    public async Task A_past_authorization_is_explained_as_it_was()
    {
        var user = await fixture.NewUserAsync();
        var finished = await Service.GrantAsync(Request(user, "web", "invoices.read", "invoices.create", "x.y"), "invoices.read");

        var explained = await ExplainAsync(new() { RealmId = "demo", AuthorizationId = finished.AuthorizationId });

        Assert.Equal(["invoices.read", "invoices.create"], explained.OfferedScopes);
        Assert.Equal(["invoices.read"], explained.GrantedScopes);
        Assert.Contains(explained.Steps, s => s is
        { Step: "registration", Scope: "x.y", Effect: ScopeEffect.Dropped, Explanation: "the realm has no such scope" });
        Assert.Equal(
            [
                ("invoices.read", ScopeEffect.Kept, "answer", "the user granted it when asked"),
                ("invoices.create", ScopeEffect.Dropped, "answer", "the user denied it when asked"),
            ],
            explained.Steps.Where(s => s.Step == "consent").Select(s => (s.Scope, s.Effect, s.Rule, s.Explanation)));
        Assert.Contains(explained.Steps, s => s is { Step: "granted_scopes_processors", Scope: "invoices.read", Effect: ScopeEffect.Kept });
    }

    [Fact]
    public async Task An_authorization_that_is_not_answered_says_so()
    {
        var user = await fixture.NewUserAsync();
        var started = await Service.StartAsync(Request(user, "web", "invoices.read"));

        var explained = await ExplainAsync(new() { RealmId = "demo", AuthorizationId = started.AuthorizationId });

        Assert.Empty(explained.GrantedScopes);
        Assert.Equal(["the user is asked: there is no decision yet"], explained.Steps.Where(s => s.Step == "consent").Select(s => s.Explanation));
    }

    [Fact]
    public async Task Recorded_decisions_explain_what_nobody_was_asked_about()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read", "invoices.create"), "invoices.read");
        var started = await Service.StartAsync(Request(user, "web", "invoices.read", "invoices.create"));
        var day = fixture.Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        (string, ScopeEffect, string)[] expected =
        [
            ("invoices.read", ScopeEffect.Kept, $"the user granted it on {day}"),
            ("invoices.create", ScopeEffect.Dropped, $"the user denied it on {day}"),
        ];

        var past = await ExplainAsync(new() { RealmId = "demo", AuthorizationId = started.AuthorizationId });
        var would = await ExplainAsync(new()
        {
            RealmId = "demo",
            ClientId = "web",
            UserId = user,
            Scopes = { "invoices.read", "invoices.create" },
        });

        Assert.Equal(expected, past.Steps.Where(s => s.Step == "consent").Select(s => (s.Scope, s.Effect, s.Explanation)));
        Assert.Equal(expected, would.Steps.Where(s => s.Step == "consent").Select(s => (s.Scope, s.Effect, s.Explanation)));
        Assert.Equal(["invoices.read"], would.GrantedScopes);
    }

    public static TheoryData<string, string, string[], string, string> Refusals => new()
    {
        { "only what does not exist", "web", ["x.y"], "INVALID_SCOPE", "registration x.y Dropped: the realm has no such scope" },
        { "what was denied before", "web", ["invoices.create"], "ACCESS_DENIED", "consent invoices.create Dropped: the user denied it on {0}" },
        { "what the client requires was denied before", "strict", ["invoices.read", "invoices.create"], "ACCESS_DENIED", "consent invoices.read Dropped: the user denied it on {0}" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_names_the_authorization_that_tells_why(string what, string clientId, string[] scopes, string reason, string because)
    {
        var user = await fixture.NewUserAsync();
        foreach (var (client, scope) in new[] { ("web", "invoices.create"), ("strict", "invoices.read") })
        {
            var denied = (await Service.StartAsync(Request(user, client, scope))).Challenge;
            await Service.SubmitAsync(Deny(denied, user));
        }

        var refusal = await Assert.ThrowsAsync<RpcException>(() => Service.StartAsync(Request(user, clientId, scopes)));
        Assert.True(RichStatus.ReasonOf(refusal) == reason, what);
        var explained = await ExplainAsync(new() { RealmId = "demo", AuthorizationId = RichStatus.MetadataOf(refusal)["authorization_id"] });

        Assert.Empty(explained.GrantedScopes);
        var day = fixture.Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(because.Replace("{0}", day, StringComparison.Ordinal), explained.Steps.Select(s => $"{s.Step} {s.Scope} {s.Effect}: {s.Explanation}"));
    }

    [Fact]
    public async Task A_request_that_the_scope_policy_refuses_as_a_whole_is_explained_too()
    {
        fixture.Realms.Set(
            "mandatory",
            [
                .. ConsentRealm.Resources("mandatory").Where(resource => resource is not Realm),
                new Realm { RealmId = "mandatory", ScopePipeline = new() { ScopePolicies = [new() { Mode = ScopePolicyMode.Mandatory }] } },
            ]);
        var request = Request("alice", "web");
        request.RealmId = "mandatory";

        var refusal = await Assert.ThrowsAsync<RpcException>(() => Service.StartAsync(request));
        var explained = await ExplainAsync(new() { RealmId = "mandatory", AuthorizationId = RichStatus.MetadataOf(refusal)["authorization_id"] });

        Assert.Equal("INVALID_SCOPE", RichStatus.ReasonOf(refusal));
        Assert.Equal(("scope_policy", "", ScopeEffect.Dropped, "mandatory"), explained.Steps.Select(s => (s.Step, s.Scope, s.Effect, s.Rule)).Single());
    }

    [Fact]
    public async Task A_refused_answer_names_its_authorization()
    {
        var user = await fixture.NewUserAsync();
        var started = await Service.StartAsync(Request(user, "web", "invoices.read"));
        await Service.SubmitAsync(Deny(started.Challenge, user));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => Service.FinishAsync(started.Challenge));

        Assert.Equal(("ACCESS_DENIED", started.AuthorizationId), (RichStatus.ReasonOf(refusal), RichStatus.MetadataOf(refusal)["authorization_id"]));
    }

    [Fact]
    public async Task A_refusal_is_explained_for_90_days_in_its_realm()
    {
        var user = await fixture.NewUserAsync();
        var refusal = await Assert.ThrowsAsync<RpcException>(() => Service.StartAsync(Request(user, "web", "x.y")));
        var request = new ExplainScopesRequest { RealmId = "demo", AuthorizationId = RichStatus.MetadataOf(refusal)["authorization_id"] };

        await RefusesAsync("RESOURCE_NOT_FOUND", () => ExplainAsync(new() { RealmId = "other", AuthorizationId = request.AuthorizationId }));
        fixture.Clock.Advance(TimeSpan.FromDays(89));
        await ExplainAsync(request);
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        await RefusesAsync("RESOURCE_NOT_FOUND", () => ExplainAsync(request));
    }

    [Fact]
    public async Task An_authorization_is_explained_for_90_days()
    {
        var user = await fixture.NewUserAsync();
        var finished = await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
        fixture.Clock.Advance(TimeSpan.FromDays(89));
        Assert.Equal(["invoices.read"], (await ExplainAsync(new() { RealmId = "demo", AuthorizationId = finished.AuthorizationId })).GrantedScopes);
        fixture.Clock.Advance(TimeSpan.FromDays(1));

        await RefusesAsync("RESOURCE_NOT_FOUND", () => ExplainAsync(new() { RealmId = "demo", AuthorizationId = finished.AuthorizationId }));
    }

    [Fact]
    public async Task An_authorization_of_another_realm_is_not_found_and_nothing_else_goes_with_it()
    {
        var user = await fixture.NewUserAsync();
        var finished = await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");

        await RefusesAsync("RESOURCE_NOT_FOUND", () => ExplainAsync(new() { RealmId = "other", AuthorizationId = finished.AuthorizationId }));
        await RefusesAsync("INVALID_ARGUMENT", () => ExplainAsync(
            new() { RealmId = "demo", AuthorizationId = finished.AuthorizationId, ClientId = "web" }));
    }

    private async Task<ExplainScopesResponse> ExplainAsync(ExplainScopesRequest request) =>
        await Service.Consents.ExplainScopesAsync(request, ConsentReplica.Operator);
}
