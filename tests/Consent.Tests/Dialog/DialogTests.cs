using Consent.Tests.Hosting;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Dialog;

/// <summary>One user, one client: who is asked about what, and what the client gets.</summary>
public sealed class DialogTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>
{
    private string _user = "";

    private ConsentReplica Service => fixture.Service;

    [Fact]
    public async Task A_user_is_asked_once_and_the_client_gets_what_was_granted()
    {
        await AddUserAsync();
        var started = await Service.StartAsync(Request(_user, "web", "invoices.read", "invoices.create"));

        Assert.Null(started.Outcome);
        Assert.Equal(43, started.Challenge.Length);
        Assert.Equal($"{Service.HttpAddress}/realms/demo/consent/{started.Challenge}", started.RedirectTo);

        var shown = await Service.GetAsync(started.Challenge);
        Assert.Equal(["invoices.read", "invoices.create"], shown.Scopes.Select(s => s.Scope));

        var submitted = await Service.SubmitAsync(Accept(started.Challenge, _user, "invoices.read"));
        Assert.Equal(
            $"http://127.0.0.1:8080/realms/demo/oauth2/authorize/continue?x=1&consent_challenge={started.Challenge}", submitted.RedirectTo);

        var finished = await Service.FinishAsync(started.Challenge);
        Assert.Equal(["invoices.read"], finished.Outcome.Scopes);
        Assert.Equal((_user, "web", ""), (finished.Outcome.UserId, finished.Outcome.ClientId, finished.Outcome.OrganizationId));
        Assert.Equal(started.AuthorizationId, finished.AuthorizationId);

        // Both are decided now, one way or the other.
        var again = await Service.StartAsync(Request(_user, "web", "invoices.read", "invoices.create"));
        Assert.Equal(["invoices.read"], again.Outcome.Scopes);
        Assert.Equal(("", ""), (again.Challenge, again.RedirectTo));
    }

    [Fact]
    public async Task A_client_is_called_by_its_name_in_the_users_language()
    {
        await AddUserAsync();
        var challenge = (await Service.StartAsync(Request(_user, "named", "invoices.read"))).Challenge;

        foreach (var (locale, name) in new[] { ("de-CH", "Netz"), ("de-AT", "Netzerl"), ("DE", "Netz"), ("fr", "Demo web") })
        {
            Assert.Equal((locale, name), (locale, (await Service.GetAsync(challenge, locale)).Client.DisplayName));
        }
    }

    [Fact]
    public async Task The_dialog_states_who_asks_for_what_in_the_users_language()
    {
        await AddUserAsync();
        var request = Request(_user, "strict", "invoices.read", "payments.refund");
        request.UiLocales.Add("de-CH");
        request.OrganizationId = "acme-retail";
        request.OfflineAccess = true;
        var challenge = (await Service.StartAsync(request)).Challenge;

        var shown = await Service.GetAsync(challenge);

        Assert.Equal(("Demo realm", "Demo web", "Acme", true), (shown.RealmDisplayName, shown.Client.DisplayName, shown.Client.OwnerDisplayName, shown.Client.Verified));
        Assert.Equal((_user, "acme-retail", "acme-retail"), (shown.UserId, shown.OrganizationId, shown.OrganizationDisplayName));
        Assert.Equal((true, 300, "de"), (shown.OfflineAccess, shown.Lifetime.Seconds, shown.Language));
        var (read, refund) = (shown.Scopes[0], shown.Scopes[1]);
        Assert.Equal(("Rechnungen lesen", "Alle Rechnungen.", "de", false, true), (read.Title, read.Description, read.Language, read.ClientTranslates, read.Required));
        Assert.Equal(("", "", "", true, false), (refund.Title, refund.Description, refund.Language, refund.ClientTranslates, refund.Required));
        Assert.Equal(["Demo API"], read.ResourceServers);
        Assert.Equal("Read invoices", (await Service.GetAsync(challenge, "fr", "en-US")).Scopes[0].Title);
    }

    [Fact]
    public async Task Only_the_undecided_are_asked_about_and_the_rest_stays_granted()
    {
        await AddUserAsync();
        await Service.GrantAsync(Request(_user, "web", "invoices.read", "invoices.create"), "invoices.read");

        var challenge = (await Service.StartAsync(Request(_user, "web", "invoices.read", "invoices.create", "invoices.approve"))).Challenge;
        var shown = await Service.GetAsync(challenge);

        Assert.Equal(["invoices.approve"], shown.Scopes.Select(s => s.Scope));
        Assert.Equal(["invoices.read"], shown.GrantedScopes.Select(s => s.Scope));
        await Service.SubmitAsync(Accept(challenge, _user, "invoices.approve"));
        Assert.Equal(["invoices.read", "invoices.approve"], (await Service.FinishAsync(challenge)).Outcome.Scopes);
    }

    [Fact]
    public async Task What_is_not_remembered_counts_once()
    {
        await AddUserAsync();
        var challenge = (await Service.StartAsync(Request(_user, "web", "invoices.read"))).Challenge;
        var once = Accept(challenge, _user, "invoices.read");
        once.Remember = false;
        await Service.SubmitAsync(once);

        Assert.Equal(["invoices.read"], (await Service.FinishAsync(challenge)).Outcome.Scopes);
        Assert.Null((await Service.StartAsync(Request(_user, "web", "invoices.read"))).Outcome);
    }

    [Fact]
    public async Task Who_denies_all_ends_the_authorization_and_is_not_asked_again()
    {
        await AddUserAsync();
        var challenge = (await Service.StartAsync(Request(_user, "web", "invoices.read"))).Challenge;
        await Service.SubmitAsync(Deny(challenge, _user));

        await RefusesAsync("ACCESS_DENIED", () => Service.FinishAsync(challenge));
        await RefusesAsync("CHALLENGE_NOT_FOUND", () => Service.FinishAsync(challenge));
        await RefusesAsync("ACCESS_DENIED", () => Service.StartAsync(Request(_user, "web", "invoices.read")));
    }

    [Fact]
    public async Task A_client_that_asks_for_the_dialog_gets_it_for_everything()
    {
        await AddUserAsync();
        await Service.GrantAsync(Request(_user, "web", "invoices.read", "invoices.create"), "invoices.read");
        var request = Request(_user, "web", "invoices.read", "invoices.create");
        request.PromptConsent = true;

        var challenge = (await Service.StartAsync(request)).Challenge;

        Assert.Equal(["invoices.read", "invoices.create"], (await Service.GetAsync(challenge)).Scopes.Select(s => s.Scope));
    }

    [Fact]
    public async Task A_trusted_client_asks_nobody()
    {
        await AddUserAsync();

        Assert.Equal(["invoices.read"], (await Service.StartAsync(Request(_user, "first-party", "invoices.read"))).Outcome.Scopes);
    }

    [Fact]
    public async Task Where_the_user_may_not_be_asked_the_client_is_told()
    {
        await AddUserAsync();
        var request = Request(_user, "web", "invoices.read");
        request.PromptNone = true;

        await RefusesAsync("CONSENT_REQUIRED", () => Service.StartAsync(request));
    }

    private async Task AddUserAsync() => _user = await fixture.NewUserAsync();
}
