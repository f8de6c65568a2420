using Consent.Tests.Hosting;
using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Consent.V1;
using Pltfrms.Iam.Token.V1;
using static Consent.Tests.Hosting.DialogCalls;

namespace Consent.Tests.Consents;

/// <summary>Users, administrators and those who are neither: who may see and change whose decisions.</summary>
public sealed class OwnDecisionsTests(ConsentServiceFixture fixture) : IClassFixture<ConsentServiceFixture>
{
    private ConsentReplica Service => fixture.Service;

    private ConsentService.ConsentServiceClient Consents => fixture.Service.Consents;

    [Fact]
    public async Task A_user_sees_changes_and_revokes_what_is_their_own()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read", "invoices.create"), "invoices.read");
        var token = Token(user);

        var listed = await Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = user }, token);
        Assert.Equal(
            [("invoices.create", ConsentDecision.Denied, "grpc"), ("invoices.read", ConsentDecision.Granted, "grpc")],
            listed.Consents.Select(c => (c.Scope, c.Decision, c.Method)));

        var changed = await Consents.ChangeConsentAsync(Change(user, "web", "invoices.create", ConsentDecision.Granted), token);
        Assert.Equal((ConsentDecision.Granted, "self_service"), (changed.Consent.Decision, changed.Consent.Method));
        Assert.Equal(
            ["invoices.read", "invoices.create"],
            (await Service.StartAsync(Request(user, "web", "invoices.read", "invoices.create"))).Outcome.Scopes);

        var revoked = await Consents.RevokeConsentsAsync(new() { RealmId = "demo", UserId = user, ClientId = "web" }, token);
        Assert.Equal(2, revoked.RevokedCount);
        Assert.Null((await Service.StartAsync(Request(user, "web", "invoices.read"))).Outcome);

        var receipts = (await Consents.ListReceiptsAsync(new() { RealmId = "demo", UserId = user }, token)).Receipts;
        Assert.Equal(["grpc", "self_service", "self_service"], receipts.Select(r => r.Method));
        Assert.All(receipts, receipt => Assert.Equal(user, receipt.ActorId));
        Assert.Equal(
            [(2, ConsentDecision.Granted), (1, ConsentDecision.Granted), (2, ConsentDecision.Unspecified)],
            receipts.Select(r => (r.Consents.Count, r.Consents[0].Decision)));
    }

    [Fact]
    public async Task A_denied_scope_stays_denied_until_the_user_changes_it()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read", "invoices.create"), "invoices.read");

        Assert.Equal(["invoices.read"], (await Service.StartAsync(Request(user, "web", "invoices.read", "invoices.create"))).Outcome.Scopes);
        await Consents.ChangeConsentAsync(Change(user, "web", "invoices.create", ConsentDecision.Granted), Token(user));

        Assert.Equal(["invoices.create"], (await Service.StartAsync(Request(user, "web", "invoices.create"))).Outcome.Scopes);
    }

    public static TheoryData<string, Action<IntrospectTokenResponse>> ForeignTokens => new()
    {
        { "another user's", t => t.UserId = t.Subject = "mallory" },
        { "a client's own, though it is called like the user", t => { t.SubjectType = SubjectType.Client; t.ClientId = t.UserId; t.UserId = ""; } },
        { "one without the scope", t => t.Scopes.Remove(IamPermissions.ConsentsSelf) },
        { "one for another resource server", t => { t.Audiences.Clear(); t.Audiences.Add(ConsentRealm.Api); } },
        { "one that is tied to an organization", t => t.OrganizationId = "acme" },
        { "one that is not active", t => t.Active = false },
    };

    [Theory]
    [MemberData(nameof(ForeignTokens))]
    public async Task A_token_that_does_not_speak_for_the_user_is_refused(string what, Action<IntrospectTokenResponse> change)
    {
        Assert.NotEmpty(what);
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
        var token = Token(user, change);

        foreach (var call in Calls(user, token))
        {
            await RefusesAsync("PERMISSION_DENIED", call);
        }

        Assert.Single((await Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = user }, ConsentReplica.Operator)).Consents);
    }

    [Fact]
    public async Task A_token_of_another_realm_is_nobodys_here()
    {
        var user = await fixture.NewUserAsync();
        var token = Token(user, t => t.Issuer = "https://iam.example/realms/other");

        foreach (var call in Calls(user, token))
        {
            await RefusesAsync("UNAUTHENTICATED", call);
        }
    }

    [Fact]
    public async Task A_user_cannot_revoke_a_whole_client_or_explain_scopes()
    {
        var token = Token("alice");

        await RefusesAsync("PERMISSION_DENIED", async () => await Consents.RevokeConsentsAsync(new() { RealmId = "demo", ClientId = "web" }, token));
        await RefusesAsync("PERMISSION_DENIED", async () => await Consents.ExplainScopesAsync(new() { RealmId = "demo", ClientId = "web" }, token));
        await RefusesAsync("PERMISSION_DENIED", async () => await Consents.StartConsentAsync(Request("alice", "web", "invoices.read"), token));
    }

    [Fact]
    public async Task The_helpdesk_sees_with_one_permission_and_revokes_with_another()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read"), "invoices.read");
        var reader = Token("helpdesk", permissions: [IamPermissions.ConsentsRead]);
        var writer = Token("helpdesk", permissions: [IamPermissions.ConsentsWrite]);

        Assert.Single((await Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = user }, reader)).Consents);
        await RefusesAsync("PERMISSION_DENIED", async () => await Consents.RevokeConsentsAsync(new() { RealmId = "demo", UserId = user }, reader));
        await RefusesAsync("PERMISSION_DENIED", async () => await Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = user }, writer));
        Assert.Equal(1, (await Consents.RevokeConsentsAsync(new() { RealmId = "demo", UserId = user }, writer)).RevokedCount);
        var receipts = (await Consents.ListReceiptsAsync(new() { RealmId = "demo", UserId = user }, reader)).Receipts;
        Assert.Equal(("administrator", "helpdesk"), (receipts[^1].Method, receipts[^1].ActorId));
    }

    [Fact]
    public async Task A_whole_client_is_revoked_for_all_of_its_users()
    {
        var client = ConsentRealm.Web("demo", $"bulk-{Guid.NewGuid():n}");
        fixture.Realms.Change("demo", client);
        string[] users = [await fixture.NewUserAsync(), await fixture.NewUserAsync(), await fixture.NewUserAsync()];
        foreach (var user in users)
        {
            await Service.GrantAsync(Request(user, client.ClientId, "invoices.read"), "invoices.read");
            fixture.Peers.AddGrant(user, client.ClientId, "", "invoices.read");
        }

        await Service.GrantAsync(Request(users[0], "web", "invoices.read"), "invoices.read");

        var revoked = await Consents.RevokeConsentsAsync(new() { RealmId = "demo", ClientId = client.ClientId }, ConsentReplica.Operator);

        Assert.Equal((3, 3), (revoked.RevokedCount, revoked.RevokedGrantCount));
        Assert.Equal(["web"], (await Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = users[0] }, ConsentReplica.Operator)).Consents.Select(c => c.ClientId));
    }

    [Fact]
    public async Task Applications_are_listed_with_what_was_decided_and_when_they_were_last_used()
    {
        var user = await fixture.NewUserAsync();
        await Service.GrantAsync(Request(user, "web", "invoices.read", "invoices.create"), "invoices.read");
        var used = fixture.Peers.AddGrant(user, "web", "", "invoices.read");
        fixture.Peers.AddGrant(user, "spa", "", "invoices.read");
        fixture.Peers.AddGrant("bob", "strict", "", "invoices.read");

        var applications = (await Consents.ListApplicationsAsync(new() { RealmId = "demo", UserId = user }, Token(user))).Applications;

        Assert.Equal([("spa", "spa", 0), ("web", "Demo web", 2)], applications.Select(a => (a.Client.ClientId, a.Client.DisplayName, a.Consents.Count)));
        Assert.Equal(used.LastUseTime, applications[1].LastUseTime);
    }

    [Theory]
    [InlineData("", "web", "invoices.read", ConsentDecision.Granted, "INVALID_ARGUMENT")]
    [InlineData("alice", "", "invoices.read", ConsentDecision.Granted, "INVALID_ARGUMENT")]
    [InlineData("alice", "web", "", ConsentDecision.Granted, "INVALID_ARGUMENT")]
    [InlineData("alice", "web", "invoices.read", ConsentDecision.Unspecified, "INVALID_ARGUMENT")]
    [InlineData("alice", "web", "payments.refund", ConsentDecision.Granted, "RESOURCE_NOT_FOUND")]
    public async Task A_wrong_change_is_refused(string userId, string clientId, string scope, ConsentDecision decision, string reason) =>
        await RefusesAsync(reason, async () => await Consents.ChangeConsentAsync(Change(userId, clientId, scope, decision), ConsentReplica.Operator));

    [Fact]
    public async Task A_revocation_that_names_neither_user_nor_client_is_refused() => await RefusesAsync(
        "INVALID_ARGUMENT", async () => await Consents.RevokeConsentsAsync(new() { RealmId = "demo", Scope = "invoices.read" }, ConsentReplica.Operator));

    [Fact]
    public async Task Receipts_come_in_pages_and_a_foreign_page_token_is_refused()
    {
        var user = await fixture.NewUserAsync();
        for (var i = 0; i < 3; i++)
        {
            var request = Request(user, "web", "invoices.read");
            request.PromptConsent = true;
            await Service.GrantAsync(request, "invoices.read");
        }

        var first = await Consents.ListReceiptsAsync(new() { RealmId = "demo", UserId = user, PageSize = 2 }, ConsentReplica.Operator);
        var second = await Consents.ListReceiptsAsync(
            new() { RealmId = "demo", UserId = user, PageSize = 2, PageToken = first.NextPageToken }, ConsentReplica.Operator);

        Assert.Equal((2, 1, ""), (first.Receipts.Count, second.Receipts.Count, second.NextPageToken));
        Assert.True(first.Receipts[1].Sequence < second.Receipts[0].Sequence);
        await RefusesAsync("INVALID_PAGE_TOKEN", async () => await Consents.ListReceiptsAsync(
            new() { RealmId = "demo", UserId = "bob", PageToken = first.NextPageToken }, ConsentReplica.Operator));
    }

    private Func<Task>[] Calls(string user, Metadata token) =>
    [
        async () => await Consents.ListConsentsAsync(new() { RealmId = "demo", UserId = user }, token),
        async () => await Consents.ListApplicationsAsync(new() { RealmId = "demo", UserId = user }, token),
        async () => await Consents.ListReceiptsAsync(new() { RealmId = "demo", UserId = user }, token),
        async () => await Consents.ChangeConsentAsync(Change(user, "web", "invoices.read", ConsentDecision.Denied), token),
        async () => await Consents.RevokeConsentsAsync(new() { RealmId = "demo", UserId = user }, token),
    ];

    private static ChangeConsentRequest Change(string user, string client, string scope, ConsentDecision decision) =>
        new() { RealmId = "demo", UserId = user, ClientId = client, Scope = scope, Decision = decision };

    private Metadata Token(string userId, Action<IntrospectTokenResponse>? change = null, params string[] permissions)
    {
        // What is read of it without asking is its realm's business; the rest is what introspection says.
        var token = UnsignedToken.Of("https://iam.example/realms/demo", userId);
        var answer = new IntrospectTokenResponse
        {
            Active = true,
            UserId = userId,
            Subject = userId,
            SubjectType = SubjectType.User,
            ClientId = "portal",
            Scopes = { IamPermissions.ConsentsSelf },
            Audiences = { IamPermissions.Audience },
            Issuer = "https://iam.example/realms/demo",
        };
        change?.Invoke(answer);
        fixture.Peers.Tokens[token] = answer;
        fixture.Peers.Permissions[token] = permissions;
        return ConsentReplica.Bearer(token);
    }
}
