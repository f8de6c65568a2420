using Consent.Tests.Hosting;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.V1;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Dialog;

/// <summary>Whatever is wrong: a clear error, and no decision is recorded.</summary>
public sealed class DialogRefusalTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>
{
    private ConsentReplica Service => fixture.Service;

    [Fact]
    public async Task A_challenge_that_is_none_unknown_or_of_another_realm_is_not_found()
    {
        var user = await fixture.NewUserAsync();
        var challenge = (await Service.StartAsync(Request(user, "web", "invoices.read"))).Challenge;
        foreach (var (value, realm) in new[] { ("", "demo"), ("short", "demo"), (new string('A', 43), "demo"), (new string('!', 43), "demo"), (challenge, "other") })
        {
            await RefusesAsync("CHALLENGE_NOT_FOUND", async () => await Service.Consents.GetChallengeAsync(
                new GetChallengeRequest { RealmId = realm, Challenge = value }, ConsentReplica.Operator));
            var decision = Accept(value, user, "invoices.read");
            decision.RealmId = realm;
            await RefusesAsync("CHALLENGE_NOT_FOUND", () => Service.SubmitAsync(decision));
            await RefusesAsync("CHALLENGE_NOT_FOUND", () => Service.FinishAsync(value, realm));
        }

        await AssertNothingRecordedAsync(user);
    }

    [Fact]
    public async Task A_challenge_expires()
    {
        var user = await fixture.NewUserAsync();
        var challenge = (await Service.StartAsync(Request(user, "web", "invoices.read"))).Challenge;
        fixture.Clock.Advance(TimeSpan.FromMinutes(10));

        await RefusesAsync("CHALLENGE_NOT_FOUND", () => Service.GetAsync(challenge));
        await RefusesAsync("CHALLENGE_NOT_FOUND", () => Service.SubmitAsync(Accept(challenge, user, "invoices.read")));
        // For a while the flow ends with an error that the client understands.
        await RefusesAsync("ACCESS_DENIED", () => Service.FinishAsync(challenge));
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        await RefusesAsync("CHALLENGE_NOT_FOUND", () => Service.FinishAsync(challenge));
        await AssertNothingRecordedAsync(user);
    }

    [Fact]
    public async Task An_answer_that_is_fetched_too_late_is_none()
    {
        var user = await fixture.NewUserAsync();
        var challenge = (await Service.StartAsync(Request(user, "web", "invoices.read"))).Challenge;
        fixture.Clock.Advance(TimeSpan.FromSeconds(599));
        await Service.SubmitAsync(Accept(challenge, user, "invoices.read"));
        fixture.Clock.Advance(TimeSpan.FromSeconds(61));

        await RefusesAsync("ACCESS_DENIED", () => Service.FinishAsync(challenge));
    }

    [Fact]
    public async Task Who_answers_in_the_last_second_still_gets_back()
    {
        var user = await fixture.NewUserAsync();
        var challenge = (await Service.StartAsync(Request(user, "web", "invoices.read"))).Challenge;
        fixture.Clock.Advance(TimeSpan.FromSeconds(599));
        await Service.SubmitAsync(Accept(challenge, user, "invoices.read"));
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(["invoices.read"], (await Service.FinishAsync(challenge)).Outcome.Scopes);
    }

    [Fact]
    public async Task A_challenge_is_answered_once_and_fetched_once()
    {
        var user = await fixture.NewUserAsync();
        var challenge = (await Service.StartAsync(Request(user, "web", "invoices.read"))).Challenge;
        await RefusesAsync("CHALLENGE_NOT_ANSWERED", () => Service.FinishAsync(challenge));
        await Service.SubmitAsync(Deny(challenge, user));

        await RefusesAsync("CHALLENGE_ANSWERED", () => Service.GetAsync(challenge));
        await RefusesAsync("CHALLENGE_ANSWERED", () => Service.SubmitAsync(Accept(challenge, user, "invoices.read")));
        await RefusesAsync("ACCESS_DENIED", () => Service.FinishAsync(challenge));
        await RefusesAsync("CHALLENGE_NOT_FOUND", () => Service.FinishAsync(challenge));
    }

    public static TheoryData<string, Action<SubmitDecisionRequest>, string, string> WrongDecisions => new()
    {
        { "another user's challenge", d => d.UserId = "bob", "user_id", "must be the user who is asked" },
        { "a scope that was not asked", d => d.GrantedScopes.Add("payments.refund"), "granted_scopes", "must be among the scopes that were asked" },
        { "no such scope", d => d.GrantedScopes.Add("x"), "granted_scopes", "must be among the scopes that were asked" },
        { "granted and denied", d => d.Accepted = false, "granted_scopes", "must be empty where nothing is accepted" },
        { "without what is required", d => d.GrantedScopes.Remove("invoices.read"), "granted_scopes", "must have the scopes that the client requires" },
        { "an unknown language", d => d.Language = "fr", "language", "must be a language that the dialog can be in" },
        { "no language at all", d => d.Language = "<script>", "language", "must be a language that the dialog can be in" },
    };

    [Theory]
    [MemberData(nameof(WrongDecisions))]
    public async Task A_wrong_decision_is_refused_by_field_and_can_be_made_right(
        string what, Action<SubmitDecisionRequest> change, string field, string description)
    {
        Assert.NotEmpty(what);
        var user = await fixture.NewUserAsync();
        var challenge = (await Service.StartAsync(Request(user, "strict", "invoices.read", "invoices.create"))).Challenge;
        var decision = Accept(challenge, user, "invoices.read", "invoices.create");
        change(decision);

        Assert.Equal([(field, description)], await ViolationsAsync(() => Service.SubmitAsync(decision)));
        await AssertNothingRecordedAsync(user);
        await Service.SubmitAsync(Accept(challenge, user, "invoices.read"));
    }

    public static TheoryData<string, Action<StartConsentRequest>, string> WrongRequests => new()
    {
        { "no user", r => r.UserId = "", "INVALID_ARGUMENT" },
        { "no client", r => r.ClientId = "", "INVALID_ARGUMENT" },
        { "no grant type", r => r.GrantType = "", "INVALID_ARGUMENT" },
        { "no way back", r => r.ReturnUri = "", "INVALID_ARGUMENT" },
        { "a way back into a script", r => r.ReturnUri = "javascript:alert(1)", "INVALID_ARGUMENT" },
        { "an address that is none", r => r.Login = new LoginFacts { SourceAddress = "10.0.0.256" }, "INVALID_ARGUMENT" },
        { "asked and not asked", r => r.PromptNone = r.PromptConsent = true, "INVALID_ARGUMENT" },
        { "a lifetime of nothing", r => r.Lifetime = new Duration(), "INVALID_ARGUMENT" },
        { "a lifetime that is none", r => r.Lifetime = new Duration { Seconds = 1, Nanos = -1 }, "INVALID_ARGUMENT" },
        { "too many scopes", r => r.Scopes.Add(Enumerable.Range(0, 201).Select(i => $"s{i}")), "INVALID_ARGUMENT" },
        { "an unknown user", r => r.UserId = "nobody", "RESOURCE_NOT_FOUND" },
        { "a disabled user", r => r.UserId = "dave", "RESOURCE_NOT_FOUND" },
        { "an unknown client", r => r.ClientId = "nothing", "RESOURCE_NOT_FOUND" },
        { "a disabled client", r => r.ClientId = "gone", "RESOURCE_NOT_FOUND" },
        { "an unknown organization", r => r.OrganizationId = "nowhere", "UNKNOWN_ORGANIZATION" },
        { "a disabled organization", r => r.OrganizationId = "closed", "UNKNOWN_ORGANIZATION" },
        { "only scopes that do not exist", r => { r.Scopes.Clear(); r.Scopes.Add("x.y"); }, "INVALID_SCOPE" },
        { "an unknown realm", r => r.RealmId = "nowhere", "REALM_NOT_FOUND" },
    };

    [Theory]
    [MemberData(nameof(WrongRequests))]
    public async Task A_wrong_request_starts_nothing(string what, Action<StartConsentRequest> change, string reason)
    {
        Assert.NotEmpty(what);
        var request = Request("alice", "web", "invoices.read");
        change(request);

        await RefusesAsync(reason, () => Service.StartAsync(request));
    }

    [Fact]
    public async Task What_the_realm_takes_away_meanwhile_is_not_granted()
    {
        var user = await fixture.NewUserAsync();
        var client = ConsentRealm.Web("demo", $"c-{user}");
        await Service.ReachAsync("demo", fixture.Realms.Change("demo", client));
        var challenge = (await Service.StartAsync(Request(user, client.ClientId, "invoices.read", "invoices.create"))).Challenge;
        await Service.SubmitAsync(Accept(challenge, user, "invoices.read", "invoices.create"));
        await Service.ReachAsync("demo", fixture.Realms.Change("demo", client with { Scopes = ["invoices.read"] }));

        Assert.Equal(["invoices.read"], (await Service.FinishAsync(challenge)).Outcome.Scopes);
    }

    [Fact]
    public async Task What_the_user_takes_back_meanwhile_is_not_granted()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
        var challenge = (await Service.StartAsync(Request(user, "web", "invoices.read", "invoices.create", "invoices.approve"))).Challenge;
        await Service.SubmitAsync(Accept(challenge, user, "invoices.create", "invoices.approve"));
        foreach (var scope in new[] { "invoices.read", "invoices.create" })
        {
            await Service.Consents.RevokeConsentsAsync(
                new() { RealmId = "demo", UserId = user, ClientId = "web", Scope = scope }, ConsentReplica.Operator);
        }

        Assert.Equal(["invoices.approve"], (await Service.FinishAsync(challenge)).Outcome.Scopes);
    }

    [Fact]
    public async Task A_client_that_is_disabled_meanwhile_gets_nothing()
    {
        var user = await fixture.NewUserAsync();
        var client = ConsentRealm.Web("demo", $"c-{user}");
        await Service.ReachAsync("demo", fixture.Realms.Change("demo", client));
        var challenge = (await Service.StartAsync(Request(user, client.ClientId, "invoices.read"))).Challenge;
        await Service.SubmitAsync(Accept(challenge, user, "invoices.read"));
        await Service.ReachAsync("demo", fixture.Realms.Change("demo", client with { Disabled = true }));

        await RefusesAsync("ACCESS_DENIED", () => Service.FinishAsync(challenge));
        await RefusesAsync("CHALLENGE_NOT_FOUND", () => Service.FinishAsync(challenge));
    }

    [Fact]
    public async Task A_user_who_is_deleted_meanwhile_is_not_shown_the_dialog()
    {
        var user = await fixture.NewUserAsync();
        var challenge = (await Service.StartAsync(Request(user, "web", "invoices.read"))).Challenge;
        await Service.ReachAsync("demo", fixture.Realms.Remove("demo", ResourceKind.User, user));

        await RefusesAsync("CHALLENGE_NOT_FOUND", () => Service.GetAsync(challenge));
    }

    private async Task AssertNothingRecordedAsync(string userId)
    {
        Assert.Empty((await Service.Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = userId }, ConsentReplica.Operator)).Consents);
        Assert.Empty((await Service.Consents.ListReceiptsAsync(new() { RealmId = "demo", UserId = userId }, ConsentReplica.Operator)).Receipts);
    }

    private static async Task<(string, string)[]> ViolationsAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal("INVALID_ARGUMENT", RichStatus.ReasonOf(refusal));
        var request = RichStatus.Read(refusal)!.Details.Single(d => d.Is(BadRequest.Descriptor)).Unpack<BadRequest>();
        return [.. request.FieldViolations.Select(v => (v.Field, v.Description))];
    }
}
