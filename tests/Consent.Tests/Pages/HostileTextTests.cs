using Consent.Tests.Hosting;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Http;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Pages;

/// <summary>Names and texts that want to be more than that.</summary>
public sealed class HostileTextTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>, IDisposable
{
    private const string Markup = "</bdi></h1><script>alert(1)</script><img src=x onerror=alert(1)>\"' onfocus=alert(1) autofocus x=\"&amp;";
    private const string Encoded =
        "&lt;/bdi&gt;&lt;/h1&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#x27; onfocus=alert(1) autofocus x=&quot;&amp;amp;";

    private readonly Browser _browser = new(fixture.Service.HttpAddress);

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Markup_in_any_text_stays_text()
    {
        await fixture.ChangeAsync(
            new Realm { RealmId = "demo", DisplayName = Markup },
            ConsentRealm.Web("demo", "hostile") with { DisplayName = Markup, OwnerOrganizationId = "hostile", Scopes = ["evil"], Logo = $"data:image/png;base64,{Markup}" },
            new Organization { RealmId = "demo", OrganizationId = "hostile", DisplayName = Markup },
            new User { RealmId = "demo", UserId = "mallory", DisplayName = Markup },
            new ResourceServer
            {
                RealmId = "demo",
                Audience = "https://evil.example",
                DisplayName = Markup,
                Permissions = [new() { Name = "evil", Texts = [new() { Language = "en", Title = Markup, Description = Markup }] }],
            });
        var request = Request("mallory", "hostile", "evil");
        request.OrganizationId = "hostile";
        var challenge = (await fixture.Service.StartAsync(request)).Challenge;

        using var answer = await _browser.PageAsync($"/realms/demo/consent/{challenge}");

        var page = await answer.Content.ReadAsStringAsync();
        // Title, realm, logo, client, user, owner, organization, scope title and description, resource server.
        Assert.Equal(10, page.Split(Encoded).Length - 1);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", page, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("an override of the direction", "Good\u202Egnp.exe\u202C", "Goodgnp.exe")]
    [InlineData("isolates and marks", "\u2066a\u2069\u200Eb\u200Fc\u061C", "abc")]
    [InlineData("what is not seen", "pay\u00ADpal\u200B\uFEFF", "paypal")]
    [InlineData("line breaks", "a\r\nb\u2028c\u2029d", "a  b c d")]
    [InlineData("controls", "a\0b\u0007c\u009Fd\u007F", "a b c d ")]
    [InlineData("what scripts need", "क्\u200Dष 👩\u200D💻 Zoë", "क्\u200Dष 👩\u200D💻 Zoë")]
    public void Characters_that_deceive_are_taken_out(string which, string text, string shown) =>
        Assert.True(shown == ShownText.Clean(text), which);

    [Fact]
    public void Half_a_pair_is_shown_as_something_broken() => Assert.Equal("a\uFFFDb", ShownText.Clean("a\uD83Db"));

    [Fact]
    public void A_name_that_looks_like_a_place_is_not_one() =>
        Assert.Equal("<b>{1}</b> and <i>x</i>", Html.Sentence("{0} and {1}", Html.Of($"<b>{"{1}"}</b>"), Html.Of($"<i>{"x"}</i>")).ToString());

    [Theory]
    [InlineData("http://127.0.0.1:8080/x\r\nSet-Cookie: a=b")]
    [InlineData("http://127.0.0.1:8080/ü?ü=ü")]
    public async Task The_way_back_cannot_add_headers(string returnUri)
    {
        await fixture.AddUserAsync("header");
        var request = Request("header", "spa", "invoices.read");
        request.ReturnUri = returnUri;
        request.PromptConsent = true;
        var challenge = (await fixture.Service.StartAsync(request)).Challenge;

        using var answer = await _browser.PageAsync($"/realms/demo/consent/{challenge}");
        var proof = Browser.Hidden(await answer.Content.ReadAsStringAsync(), "proof");
        using var decision = await _browser.PostFormAsync($"/realms/demo/consent/{challenge}/decision", ("proof", proof), ("decision", "deny"));

        Assert.Equal(System.Net.HttpStatusCode.SeeOther, decision.StatusCode);
        Assert.StartsWith("http://127.0.0.1:8080/", decision.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.False(decision.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("https://app.example/cb", "https://app.example")]
    [InlineData("https://app.example:8443/cb", "https://app.example:8443")]
    [InlineData("http://127.0.0.1:8765/cb", "http://127.0.0.1:*")]
    [InlineData("http://[::1]:8765/cb", "http:")]
    [InlineData("com.example.app:/cb", "com.example.app:")]
    [InlineData("https://bücher.example/cb", "https://xn--bcher-kva.example")]
    public async Task Forms_may_lead_to_the_client_and_nowhere_else(string redirectUri, string source)
    {
        await fixture.AddUserAsync("former");
        await fixture.ChangeAsync(ConsentRealm.Web("demo", "former") with { RedirectUris = [redirectUri] });
        var request = Request("former", "former", "invoices.read");
        request.ReturnUri = "https://iam.example/continue";
        var challenge = (await fixture.Service.StartAsync(request)).Challenge;

        using var answer = await _browser.PageAsync($"/realms/demo/consent/{challenge}");

        Assert.Contains(
            $"; form-action 'self' https://iam.example {source}; ",
            answer.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal);
    }
}
