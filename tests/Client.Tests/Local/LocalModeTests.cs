using Pltfrms.Iam.Client;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Tokens;
using Claims = Pltfrms.Iam.Common.Tokens.AccessToken;

namespace Client.Tests.Local;

/// <summary>What is decided in this process, and what is asked for.</summary>
public sealed class LocalModeTests
{
    [Theory]
    [InlineData("invoices.create", "acme", DecisionReason.Allowed)]
    [InlineData("invoices.read", "acme", DecisionReason.Allowed)]
    [InlineData("invoices.create", "acme-retail", DecisionReason.Allowed)]
    [InlineData("invoices.create", "globex", DecisionReason.PermissionNotAssigned)]
    [InlineData("invoices.create", null, DecisionReason.PermissionNotAssigned)]
    [InlineData("invoices.create", "nowhere", DecisionReason.UnknownOrganization)]
    public async Task A_token_is_decided_about_without_asking(string permission, string? organizationId, DecisionReason reason)
    {
        await using var fixture = await LocalFixture.StartAsync();
        fixture.GoDown();
        var token = fixture.Token();

        Assert.Equal((reason, true), await fixture.AskAsync(token, permission, organizationId));
        Assert.Equal((reason, true), await fixture.AskAsync(token, permission, organizationId));
    }

    [Fact]
    public async Task Scopes_audience_and_organization_of_the_token_limit_it()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = RealmSigner.Token(fixture.Clock.True);

        Assert.Equal((DecisionReason.ScopeNotGranted, true), await fixture.AskAsync(fixture.Signer.Sign(token with { Scopes = ["invoices.read"] })));
        Assert.Equal((DecisionReason.AudienceMismatch, true), await fixture.AskAsync(fixture.Signer.Sign(token with { Audiences = [DemoRealm.OtherAudience] })));
        Assert.Equal((DecisionReason.OrganizationMismatch, true), await fixture.AskAsync(fixture.Signer.Sign(token with { OrganizationId = "globex" })));
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(fixture.Signer.Sign(token with { OrganizationId = "acme" }), organizationId: null));
    }

    [Fact]
    public async Task A_bound_token_is_refused_where_nobody_has_verified_its_key()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = fixture.Signer.Sign(RealmSigner.Token(fixture.Clock.True) with { Confirmation = Confirmation.Of("thumbprint", null) });

        Assert.Equal((DecisionReason.SenderConstraintFailed, true), await fixture.AskAsync(token));
        var verified = await fixture.Iam.CheckPermissionAsync(Check(token) with { SenderConstraintVerified = true }, CancellationToken.None);

        Assert.Equal((true, 1), (verified.Allowed, verified.Revision));
    }

    [Fact]
    public async Task Who_acts_for_a_user_is_a_ceiling_too()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = RealmSigner.TokenOf("alice", fixture.Clock.True);

        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(fixture.Signer.Sign(token with { Actors = [Principal.Client("demo-service")] })));
        Assert.Equal((DecisionReason.ActorNotAllowed, true), await fixture.AskAsync(fixture.Signer.Sign(token with { Actors = [Principal.User("bob")] })));
        Assert.Equal((DecisionReason.TokenInactive, true), await fixture.AskAsync(fixture.Signer.Sign(token with { Actors = [Principal.User("nobody")] })));
    }

    [Fact]
    public async Task Users_and_clients_are_decided_about_without_a_token()
    {
        await using var fixture = await LocalFixture.StartAsync();
        fixture.GoDown();

        Assert.True((await CheckAsync(fixture, PermissionSubject.User("alice"))).Allowed);
        Assert.Equal(DecisionReason.PermissionNotAssigned, (await CheckAsync(fixture, PermissionSubject.User("bob"))).Reason);
        Assert.Equal(DecisionReason.UnknownPrincipal, (await CheckAsync(fixture, PermissionSubject.Client("nobody"))).Reason);
    }

    [Fact]
    public async Task A_removed_role_a_disabled_client_and_a_revocation_are_effective_with_the_stream()
    {
        await using var fixture = await LocalFixture.StartAsync();
        fixture.GoDown();
        var service = fixture.Token();
        var alice = RealmSigner.TokenOf("alice", fixture.Clock.True);
        var (first, second) = (fixture.Signer.Sign(alice), fixture.Signer.Sign(alice with { TokenId = "second", GrantId = "another" }));
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(service));
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(first));
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(second));

        fixture.Feeds.Remove(ResourceKind.RoleBinding, DemoRealm.ServiceBinding.RoleBindingId);
        await BecomesAsync(fixture, service, DecisionReason.PermissionNotAssigned);
        fixture.Feeds.Change(DemoRealm.Service with { Disabled = true });
        await BecomesAsync(fixture, service, DecisionReason.TokenInactive);
        fixture.Feeds.Revoke(alice.GrantId!);
        await BecomesAsync(fixture, first, DecisionReason.TokenInactive);
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(second));
        fixture.Feeds.Change(DemoRealm.Alice with { Disabled = true });
        await BecomesAsync(fixture, second, DecisionReason.TokenInactive);
        fixture.Feeds.Change(DemoRealm.Alice, DemoRealm.Service, DemoRealm.ServiceBinding);
        await BecomesAsync(fixture, service, DecisionReason.Allowed);
        await BecomesAsync(fixture, second, DecisionReason.Allowed);
    }

    [Fact]
    public async Task Every_id_that_a_token_stands_on_revokes_it()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = RealmSigner.TokenOf("alice", fixture.Clock.True);
        Claims[] tokens = [token with { TokenId = "itself" }, token with { GrantId = "grant" }, token with { ParentIds = ["near", "parent"] }];
        var texts = tokens.Select(one => fixture.Signer.Sign(one)).ToArray();

        foreach (var (id, at) in new[] { ("itself", 0), ("grant", 1), ("parent", 2) })
        {
            Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(texts[at]));
            fixture.Feeds.Revoke(id);
            await BecomesAsync(fixture, texts[at], DecisionReason.TokenInactive);
        }
        var other = fixture.Signer.Sign(token);
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(other));
        fixture.Feeds.Revoke(fixture.Signer.KeyId);
        await BecomesAsync(fixture, other, DecisionReason.TokenInactive);
    }

    [Fact]
    public async Task Conditions_are_looked_at_every_time()
    {
        await using var fixture = await LocalFixture.StartAsync();
        fixture.Feeds.Change(
            DemoRealm.ServiceBinding with { Conditions = new() { SourceNetworks = ["10.0.0.0/8"] }, ExpiresAt = fixture.Clock.True.AddSeconds(30) });
        var check = Check(fixture.Token()) with { Context = new() { SourceAddress = "10.1.2.3" }, MinRevision = 2 };

        Assert.Equal(DecisionReason.Allowed, (await fixture.Iam.CheckPermissionAsync(check, CancellationToken.None)).Reason);
        Assert.Equal(
            DecisionReason.ConditionNotMet,
            (await fixture.Iam.CheckPermissionAsync(check with { Context = new() { SourceAddress = "192.0.2.1" } }, CancellationToken.None)).Reason);
        Assert.Equal(DecisionReason.ConditionNotMet, (await fixture.Iam.CheckPermissionAsync(check with { Context = null }, CancellationToken.None)).Reason);
        fixture.Clock.Pass(TimeSpan.FromSeconds(30));
        var after = await fixture.Iam.CheckPermissionAsync(check, CancellationToken.None);

        Assert.Equal((DecisionReason.PermissionNotAssigned, 2), (after.Reason, after.Revision));
    }

    [Fact]
    public async Task What_cannot_be_known_here_is_asked()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var token = RealmSigner.Token(fixture.Clock.True);
        string[] unknown =
        [
            "opaque", "a.b.c", "",
            fixture.Signer.Sign(token, """{"alg":"none","typ":"at+jwt","kid":"key-1"}"""),
            fixture.Signer.Sign(token, """{"alg":"ES384","typ":"at+jwt","kid":"key-1"}"""),
            fixture.Signer.Sign(token, """{"alg":"ES256","typ":"JWT","kid":"key-1"}"""),
            fixture.Signer.Sign(token, """{"alg":"ES256","typ":"at+jwt","kid":"key-9"}"""),
            fixture.Signer.Sign(token, """{"alg":"ES256","typ":"at+jwt","kid":"key-1","crit":["x"]}"""),
            fixture.Signer.Sign(token, """{"alg":"ES256","alg":"none","typ":"at+jwt","kid":"key-1"}"""),
            fixture.Signer.Sign(token with { RealmId = "other" }),
            fixture.Signer.Sign(token with { Issuer = "https://elsewhere.test" }),
            fixture.Signer.Sign(token with { DelegationId = "delegation" }),
            fixture.Signer.Sign(token with { Assertion = new() { Name = "partner", ClientId = "demo-service" } }),
            Forged(fixture.Signer.Sign(token)),
        ];

        foreach (var text in unknown.Where(text => text.Length > 0))
        {
            Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(text));
        }
        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(fixture.Token(), "payments.refund"));
        Assert.Equal((DecisionReason.PermissionNotAssigned, false), await fixture.AskAsync(fixture.Token(), "iam.realms.write"));
        var traced = await fixture.Iam.CheckPermissionAsync(Check(fixture.Token()) with { IncludeTrace = true }, CancellationToken.None);
        Assert.Equal(LocalFixture.Remote, traced.Revision);
    }

    [Fact]
    public async Task Introspection_says_what_the_token_says()
    {
        await using var fixture = await LocalFixture.StartAsync();
        fixture.GoDown();
        var claims = RealmSigner.TokenOf("alice", fixture.Clock.True) with
        {
            OrganizationId = "acme",
            Acr = "mfa",
            Actors = [Principal.Client("demo-service")],
            Confirmation = Confirmation.Of("thumbprint", null),
        };
        var token = fixture.Signer.Sign(claims);

        var found = await fixture.Iam.IntrospectAsync(token, CancellationToken.None);

        Assert.Equal(
            (true, "alice", "alice", PrincipalType.User, "demo-web", "acme", "mfa", claims.TokenId, claims.GrantId, RealmSigner.Issuer, 1L),
            (found.Active, found.UserId, found.Subject, found.SubjectType, found.ClientId, found.OrganizationId, found.Acr, found.TokenId, found.GrantId, found.Issuer, found.Revision));
        Assert.Equal((claims.IssuedAt, claims.ExpiresAt), (found.IssuedAt, found.ExpiresAt));
        Assert.Equal([new TokenActor("demo-service", PrincipalType.Client)], found.Actors);
        Assert.Equal("thumbprint", found.Confirmation?.JwkThumbprint);
        fixture.Feeds.Change(new Organization { RealmId = DemoRealm.Id, OrganizationId = "acme", Disabled = true });
        await LocalFixture.UntilAsync(async () => !(await fixture.Iam.IntrospectAsync(token, CancellationToken.None)).Active);
    }

    [Fact]
    public async Task A_check_that_was_asked_before_costs_no_memory()
    {
        await using var fixture = await LocalFixture.StartAsync();
        var (token, check) = (fixture.Token(), Check(fixture.Token()));
        AllocatedBy(fixture, token, check);

        Assert.Equal(0, AllocatedBy(fixture, token, check));
        Assert.Equal((DecisionReason.Allowed, true), await fixture.AskAsync(token));
    }

    private static long AllocatedBy(LocalFixture fixture, string token, PermissionCheck check)
    {
        var allowed = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            allowed += fixture.CheckAsync(token) is { IsCompletedSuccessfully: true, Result.Allowed: true } ? 1 : 0;
            allowed += fixture.Iam.CheckPermissionAsync(check, CancellationToken.None) is { IsCompletedSuccessfully: true, Result.Allowed: true } ? 1 : 0;
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(20_000, allowed);
        return allocated;
    }

    private static PermissionCheck Check(string token) =>
        new() { Subject = PermissionSubject.AccessToken(token), Permission = "invoices.create", OrganizationId = "acme" };

    private static Task<PermissionDecision> CheckAsync(LocalFixture fixture, PermissionSubject subject) =>
        fixture.Iam.CheckPermissionAsync(new() { Subject = subject, Permission = "invoices.create", OrganizationId = "acme" }, CancellationToken.None);

    private static Task BecomesAsync(LocalFixture fixture, string token, DecisionReason reason) =>
        LocalFixture.UntilAsync(async () => await fixture.AskAsync(token) == (reason, true));

    /// <summary>The first character of the signature is another.</summary>
    private static string Forged(string token)
    {
        var at = token.LastIndexOf('.') + 1;
        return $"{token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}";
    }
}
