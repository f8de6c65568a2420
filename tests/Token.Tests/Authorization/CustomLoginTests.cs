using System.Net;
using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.Hosting;

namespace Token.Tests.Authorization;

/// <summary>A realm with a login application of its own, and clients that want an organization.</summary>
public sealed class CustomLoginTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IAsyncLifetime, IDisposable
{
    private const string LoginApp = "https://login.example/start?tenant=1";

    private readonly TestBrowser _browser = fixture.Bench.Browser();

    private FlowBench Bench => fixture.Bench;

    public async Task InitializeAsync()
    {
        var realm = (Realm)TestRealm.Resources("demo").First(resource => resource is Realm);
        var web = TestRealm.Client("demo", "choosy", ["invoices.read"], TestRealm.WebSecret) with
        {
            ClientType = ClientType.Web,
            GrantTypes = ["authorization_code"],
            RedirectUris = [FlowBench.Callback],
            AsksForOrganization = true,
        };
        var revision = Bench.Realms.Change(
            "demo",
            realm with { LoginSettings = new() { CustomLoginUri = LoginApp } },
            web,
            web with { ClientId = "pusher", AsksForOrganization = false, RequirePushedAuthorizationRequests = true },
            new Organization { RealmId = "demo", OrganizationId = "globex", DisplayName = "Globex <1>" },
            new User { RealmId = "demo", UserId = "erin", OrganizationIds = ["acme", "closed", "globex"] },
            new User { RealmId = "demo", UserId = "frank", OrganizationIds = ["acme"] });
        await Bench.One.ReachAsync("demo", revision);
        Bench.Consent.KnowsTheAnswer = true;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task The_application_says_who_the_user_is_and_the_browser_goes_on()
    {
        var parameters = FlowBench.Parameters();
        parameters["login_hint"] = "carol";
        parameters["acr_values"] = "high";
        parameters["ui_locales"] = "de en";
        var challenge = await ChallengeAsync(_browser, parameters);

        var login = await Bench.One.Interactions.GetLoginAsync(new() { RealmId = "demo", LoginChallenge = challenge }, TokenReplica.Operator);
        var accepted = await Bench.Two.Interactions.AcceptLoginAsync(
            new() { RealmId = "demo", LoginChallenge = challenge, UserId = "carol", Acr = "high", Amr = { "otp" }, RoleIds = { "viewer" } }, TokenReplica.Operator);
        var page = await _browser.FollowAsync(await _browser.GetAsync(accepted.RedirectTo));

        Assert.Equal(("demo-web", "carol", ""), (login.ClientId, login.LoginHint, login.UserId));
        Assert.Equal(["invoices.read"], login.Scopes);
        Assert.Equal(["high"], login.AcrValues);
        Assert.Equal(["de", "en"], login.UiLocales);
        var question = Bench.Consent.Questions.Last();
        Assert.Equal(("carol", "high", "otp", "viewer"), (question.UserId, question.Acr, question.Amr.Single(), question.LoginRoleIds.Single()));
        using var response = await FlowBench.RedeemAsync(Bench.One, page.Parameter("code")!);
        var claims = FlowBench.Claims(await TokenReplica.JsonAsync(response));
        Assert.Equal(("carol", "high", "otp"), (claims.GetProperty("sub").GetString(), claims.GetProperty("acr").GetString(), claims.GetProperty("amr")[0].GetString()));
        Assert.Equal(
            (StatusCode.NotFound, "RESOURCE_NOT_FOUND"),
            await Refusals.OfAsync(Bench.One.Interactions.GetLoginAsync(new() { RealmId = "demo", LoginChallenge = challenge }, TokenReplica.Operator)));
        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.GetAsync(accepted.RedirectTo)).Status);
    }

    [Fact]
    public async Task Who_wants_to_see_the_applications_with_access_logs_in_at_the_application_too()
    {
        var login = await _browser.GetAsync("/realms/demo/account/applications");
        Assert.StartsWith($"{LoginApp}&login_challenge=", login.Location);
        var challenge = login.Parameter("login_challenge")!;

        var asked = await Bench.One.Interactions.GetLoginAsync(new() { RealmId = "demo", LoginChallenge = challenge }, TokenReplica.Operator);
        var accepted = await Bench.One.Interactions.AcceptLoginAsync(
            new() { RealmId = "demo", LoginChallenge = challenge, UserId = "erin" }, TokenReplica.Operator);
        var page = await _browser.FollowAsync(await _browser.GetAsync(accepted.RedirectTo));

        Assert.Equal("", asked.ClientId);
        Assert.StartsWith(TestConsent.VisitPage, page.Location);
        Assert.Equal("erin", Bench.Consent.Visits.Last().UserId);
    }

    [Fact]
    public async Task Who_does_not_log_in_at_the_application_is_told_so_here()
    {
        var login = await _browser.GetAsync("/realms/demo/account/applications");
        var rejected = await Bench.One.Interactions.RejectLoginAsync(
            new() { RealmId = "demo", LoginChallenge = login.Parameter("login_challenge")!, ErrorDescription = "Not today." }, TokenReplica.Operator);
        var page = await _browser.GetAsync(rejected.RedirectTo);

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Contains("Not today.", page.Body);
        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.GetAsync(rejected.RedirectTo)).Status);
    }

    [Fact]
    public async Task A_user_who_is_lured_to_a_challenge_of_somebody_else_logs_nobody_in()
    {
        using var attacker = Bench.Browser();
        var challenge = await ChallengeAsync(attacker, FlowBench.Parameters());
        var accepted = await Bench.One.Interactions.AcceptLoginAsync(
            new() { RealmId = "demo", LoginChallenge = challenge, UserId = "carol" }, TokenReplica.Operator);

        var victim = await _browser.GetAsync(accepted.RedirectTo);
        var withoutVerifier = await attacker.GetAsync(accepted.RedirectTo.Split("&login_verifier")[0]);
        var guessed = await attacker.GetAsync(accepted.RedirectTo.Split("&login_verifier")[0] + "&login_verifier=guessed");

        Assert.Equal((HttpStatusCode.BadRequest, null), (victim.Status, victim.Location));
        Assert.StartsWith(LoginApp, withoutVerifier.Location);
        Assert.Equal((HttpStatusCode.BadRequest, null), (guessed.Status, guessed.Location));
        Assert.DoesNotContain(attacker.Cookies.Keys, name => name.StartsWith("iam-session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_of_the_application_is_taken_once_however_many_bring_it()
    {
        var challenge = await ChallengeAsync(_browser, FlowBench.Parameters());
        var accepted = await Bench.One.Interactions.AcceptLoginAsync(
            new() { RealmId = "demo", LoginChallenge = challenge, UserId = "carol" }, TokenReplica.Operator);

        var pages = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _browser.GetAsync(accepted.RedirectTo)));

        Assert.Single(pages, page => page.Status == HttpStatusCode.Found);
        Assert.All(pages.Where(page => page.Status != HttpStatusCode.Found), page => Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location)));
    }

    [Fact]
    public async Task A_login_that_is_older_than_asked_for_is_not_taken_for_a_new_one()
    {
        var parameters = FlowBench.Parameters();
        parameters["max_age"] = "300";
        var challenge = await ChallengeAsync(_browser, parameters);
        var accepted = await Bench.One.Interactions.AcceptLoginAsync(
            new()
            {
                RealmId = "demo",
                LoginChallenge = challenge,
                UserId = "carol",
                AuthenticationTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(Bench.Clock.GetUtcNow().AddSeconds(-400)),
            },
            TokenReplica.Operator);

        var page = await _browser.FollowAsync(await _browser.GetAsync(accepted.RedirectTo));

        Assert.Equal("unmet_authentication_requirements", page.Parameter("error"));
    }

    [Fact]
    public async Task The_application_says_no_and_the_client_is_told()
    {
        var challenge = await ChallengeAsync(_browser, FlowBench.Parameters());
        var rejected = await Bench.One.Interactions.RejectLoginAsync(
            new() { RealmId = "demo", LoginChallenge = challenge, ErrorDescription = "Too many attempts." }, TokenReplica.Operator);

        var page = await _browser.GetAsync(rejected.RedirectTo);

        Assert.Equal(("access_denied", "Too many attempts.", FlowBench.Issuer), (page.Parameter("error"), page.Parameter("error_description"), page.Parameter("iss")));
    }

    [Fact]
    public async Task Answers_that_name_nobody_or_come_from_strangers_are_refused()
    {
        var challenge = await ChallengeAsync(_browser, FlowBench.Parameters());

        Assert.Equal(["user_id"], await FieldsAsync(new() { UserId = "nobody" }));
        Assert.Equal(["user_id"], await FieldsAsync(new() { UserId = "dave" }));
        Assert.Equal(["acr"], await FieldsAsync(new() { UserId = "carol", Acr = "made-up" }));
        Assert.Equal(["role_ids"], await FieldsAsync(new() { UserId = "carol", RoleIds = { "made-up" } }));
        Assert.Equal(
            (StatusCode.NotFound, "RESOURCE_NOT_FOUND"),
            await Refusals.OfAsync(Bench.One.Interactions.GetLoginAsync(new() { RealmId = "other", LoginChallenge = challenge }, TokenReplica.Operator)));
        Assert.Equal(
            (StatusCode.NotFound, "RESOURCE_NOT_FOUND"),
            await Refusals.OfAsync(Bench.One.Interactions.GetLoginAsync(new() { RealmId = "demo", LoginChallenge = challenge.Split('.')[0] }, TokenReplica.Operator)));
        // The page of development is not there any more.
        var posted = await _browser.PostAsync($"{FlowBench.Authorize}/login", ("request", challenge.Split('.')[0]), ("username", "carol"));
        Assert.Equal(HttpStatusCode.NotFound, posted.Status);

        Task<IReadOnlyList<string>> FieldsAsync(Pltfrms.Iam.Token.V1.AcceptLoginRequest request)
        {
            (request.RealmId, request.LoginChallenge) = ("demo", challenge);
            return Refusals.FieldsOfAsync(Bench.One.Interactions.AcceptLoginAsync(request, TokenReplica.Operator));
        }
    }

    [Fact]
    public async Task A_user_of_several_organizations_chooses_one_and_the_token_is_tied_to_it()
    {
        var page = await LogInAsync("erin", "choosy");
        Assert.Contains("Globex &lt;1&gt;", page.Body);
        Assert.DoesNotContain("value=\"closed\"", page.Body);

        var foreign = await _browser.PostAsync($"{FlowBench.Authorize}/organization", ("request", page.Hidden("request")), ("organization", "closed"));
        var chosen = await _browser.PostAsync($"{FlowBench.Authorize}/organization", ("request", page.Hidden("request")), ("organization", "globex"));
        var answer = await _browser.FollowAsync(chosen);
        var none = FlowBench.Parameters("choosy");
        none["prompt"] = "none";
        var silent = await _browser.GetAsync(FlowBench.Address(none));

        Assert.Equal(HttpStatusCode.BadRequest, foreign.Status);
        Assert.Equal(HttpStatusCode.SeeOther, chosen.Status);
        Assert.NotNull(answer.Parameter("code"));
        Assert.Equal("globex", Bench.Consent.Questions.Last().OrganizationId);
        Assert.Equal("interaction_required", silent.Parameter("error"));
    }

    [Fact]
    public async Task A_user_of_one_organization_is_not_asked()
    {
        var answer = await LogInAsync("frank", "choosy");

        Assert.NotNull(answer.Parameter("code"));
        Assert.Equal("acme", Bench.Consent.Questions.Last().OrganizationId);
    }

    [Fact]
    public async Task A_client_that_must_push_gets_nothing_by_link_or_form()
    {
        var link = await _browser.GetAsync(FlowBench.Address(FlowBench.Parameters("pusher")));
        var form = await _browser.PostAsync(FlowBench.Authorize, [.. FlowBench.Parameters("pusher").Select(p => (p.Key, p.Value))]);
        using var pushed = await Bench.One.PostAsync(
            "/realms/demo/oauth2/par", TokenReplica.Basic("pusher", TestRealm.WebSecret), [.. FlowBench.Parameters("pusher").Select(p => (p.Key, p.Value))]);

        Assert.Equal(("invalid_request", "invalid_request"), (link.Parameter("error"), form.Parameter("error")));
        var uri = (await TokenReplica.JsonAsync(pushed)).GetProperty("request_uri").GetString()!;
        Assert.StartsWith(LoginApp, (await _browser.GetAsync($"{FlowBench.Authorize}?client_id=pusher&request_uri={Uri.EscapeDataString(uri)}")).Location);
    }

    private async Task<TestBrowser.Page> LogInAsync(string userId, string clientId)
    {
        var challenge = await ChallengeAsync(_browser, FlowBench.Parameters(clientId));
        var accepted = await Bench.One.Interactions.AcceptLoginAsync(new() { RealmId = "demo", LoginChallenge = challenge, UserId = userId }, TokenReplica.Operator);
        return await _browser.FollowAsync(await _browser.GetAsync(accepted.RedirectTo));
    }

    private static async Task<string> ChallengeAsync(TestBrowser browser, Dictionary<string, string> parameters)
    {
        var page = await browser.GetAsync(FlowBench.Address(parameters));
        Assert.StartsWith(LoginApp + "&login_challenge=", page.Location);
        return page.Parameter("login_challenge")!;
    }
}
