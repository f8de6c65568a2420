using System.Net;
using System.Text;
using Consent.Tests.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Token.V1;

namespace Consent.Tests.Delegations;

/// <summary>The JSON API for a user's own delegations, with the user's access token.</summary>
public sealed class DelegationsApiTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>, IDisposable
{
    private const string List = "/realms/demo/account/delegations";

    private readonly Browser _http = new(fixture.Service.HttpAddress);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_delegation_is_granted_listed_on_both_sides_and_ended()
    {
        var (user, other) = (await fixture.NewUserAsync(), await fixture.NewUserAsync());
        using var created = await SendAsync(
            HttpMethod.Post, List, Token(user), $$"""{"delegate_user_id":"{{other}}","scopes":["invoices.read"],"organization_id":"acme","expire_time":"2026-02-03T04:05:06Z","max_depth":"1","reason":"Ferien"}""");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var delegation = await Browser.ReadJsonAsync(created);
        var id = delegation.GetProperty("delegation_id").GetString();
        Assert.Equal(
            $$"""{"delegation_id":"{{id}}","delegator_id":"{{user}}","delegate_user_id":"{{other}}","scopes":["invoices.read"],"organization_id":"acme","expire_time":"2026-02-03T04:05:06Z","max_depth":1,"reason":"Ferien","create_time":"2025-12-29T09:20:00Z","self_granted":true}""",
            delegation.GetRawText());
        var sent = fixture.Peers.Delegated.Last();
        Assert.Equal(("demo", user, "", other), (sent.RealmId, sent.UserId, sent.Delegation.DelegatorId, sent.Delegation.DelegateUserId));
        Assert.Equal([id], await IdsAsync(user, "granted"));
        Assert.Equal([id], await IdsAsync(other, "received"));
        Assert.Empty(await IdsAsync(other, "granted"));

        using var deleted = await SendAsync(HttpMethod.Delete, $"{List}/{id}", Token(user));

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(await IdsAsync(user, "granted"));
    }

    [Theory]
    [InlineData("""{"scopes":["invoices.read"]}""")]
    [InlineData("""{"delegate_user_id":"a","delegate_client_id":"b","scopes":["invoices.read"]}""")]
    [InlineData("""{"delegate_user_id":"a","scopes":"invoices.read"}""")]
    [InlineData("""{"delegate_user_id":"a","scopes":["invoices.read"],"max_depth":"10"}""")]
    [InlineData("""{"delegate_user_id":"a","scopes":["invoices.read"],"max_depth":"-1"}""")]
    [InlineData("""{"delegate_user_id":"a","scopes":["invoices.read"],"expire_time":"tomorrow"}""")]
    [InlineData("""["delegate_user_id"]""")]
    [InlineData("")]
    public async Task What_is_no_delegation_is_sent_to_nobody(string body)
    {
        var user = await fixture.NewUserAsync();

        using var answer = await SendAsync(HttpMethod.Post, List, Token(user), body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(fixture.Peers.Delegated, request => request.UserId == user);
    }

    public static TheoryData<string, Action<IntrospectTokenResponse>> ForeignTokens => new()
    {
        { "a client's own", t => { t.SubjectType = SubjectType.Client; t.UserId = ""; } },
        { "one for other things of the user's own", t => { t.Scopes.Clear(); t.Scopes.Add(IamPermissions.ConsentsSelf); } },
        { "one that is tied to an organization", t => t.OrganizationId = "acme" },
        { "one of somebody who acts for the user", t => t.Actors.Add(new Actor { Subject = "service", SubjectType = SubjectType.Client }) },
    };

    [Theory]
    [MemberData(nameof(ForeignTokens))]
    public async Task Who_does_not_speak_for_the_user_lets_nobody_act(string what, Action<IntrospectTokenResponse> change)
    {
        var user = await fixture.NewUserAsync();
        var token = Token(user, change);

        foreach (var (method, address, body) in new[] { (HttpMethod.Get, List, ""), (HttpMethod.Delete, $"{List}/x", ""), (HttpMethod.Post, List, """{"delegate_client_id":"web","scopes":["invoices.read"]}""") })
        {
            using var answer = await SendAsync(method, address, token, body);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, what);
        }

        Assert.DoesNotContain(fixture.Peers.Delegated, request => request.UserId == user);
    }

    [Fact]
    public async Task Without_realm_admin_nothing_is_said_to_be_done()
    {
        var user = await fixture.NewUserAsync();
        using var stranger = await _http.JsonAsync(List);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);

        fixture.Peers.IsDown = true;
        try
        {
            using var answer = await SendAsync(HttpMethod.Post, List, Token(user), """{"delegate_client_id":"web","scopes":["invoices.read"]}""");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
        finally
        {
            fixture.Peers.IsDown = false;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, string token, string body = "")
    {
        var request = new HttpRequestMessage(method, address);
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await _http.SendAsync(request, ("Authorization", token));
    }

    private async Task<IEnumerable<string?>> IdsAsync(string userId, string list)
    {
        using var answer = await SendAsync(HttpMethod.Get, List, Token(userId));
        var json = await Browser.ReadJsonAsync(answer);
        return [.. json.GetProperty(list).EnumerateArray().Select(one => one.GetProperty("delegation_id").GetString())];
    }

    private string Token(string userId, Action<IntrospectTokenResponse>? change = null)
    {
        var token = UnsignedToken.Of("https://iam.example/realms/demo", userId);
        var answer = new IntrospectTokenResponse
        {
            Active = true,
            UserId = userId,
            Subject = userId,
            SubjectType = SubjectType.User,
            Issuer = "https://iam.example/realms/demo",
            Scopes = { IamPermissions.DelegationsSelf },
            Audiences = { IamPermissions.Audience },
        };
        change?.Invoke(answer);
        fixture.Peers.Tokens[token] = answer;
        return $"Bearer {token}";
    }
}
