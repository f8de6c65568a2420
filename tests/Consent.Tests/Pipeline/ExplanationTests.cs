using Consent.Tests.Hosting;
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
