using System.Text.Json.Nodes;
using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.V1;
using Token.Tests.Hosting;

namespace Token.Tests.Dpop;

/// <summary>Bound tokens at the permission decision: whoever presents one must be shown to have its key.</summary>
public sealed class DpopCheckTests(DpopFixture fixture) : IClassFixture<DpopFixture>
{
    private readonly DpopBench _bench = fixture.Bench;

    public static TheoryData<string> Bad => [.. BadProofs.All.Keys];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_proof_is_a_denial(string what)
    {
        var token = await _bench.BoundTokenAsync();
        var (why, make) = BadProofs.All[what];

        var decision = await CheckAsync(Check(token, make(_bench.ApiProofs(token))));

        Assert.Equal((false, DecisionReason.SenderConstraintFailed), (decision.Allowed, decision.Reason));
        Assert.Equal($"The DPoP proof {why}.", decision.Trace.Steps[^1]);
    }

    public static TheoryData<string, string?> BadHashes => new()
    {
        { "none", null },
        { "an empty one", "\"\"" },
        { "of another token", $"\"{ProofMaker.HashOf("another")}\"" },
        { "in base64", "\"qUHyZ0mQ1p/+yUPR0ZmNcGyWHHQ3Bzl0CpB1hDEaZZk=\"" },
        { "a number", "1" },
    };

    [Theory]
    [MemberData(nameof(BadHashes))]
    public async Task A_proof_with_a_bad_hash_of_the_token_is_a_denial(string what, string? hash)
    {
        var token = await _bench.BoundTokenAsync();

        var decision = await CheckAsync(Check(token, _bench.ApiProofs(token).With("ath", hash is null ? null : JsonNode.Parse(hash))));

        Assert.True(decision.Reason == DecisionReason.SenderConstraintFailed, what);
        Assert.Equal("The DPoP proof is not for this access token (ath).", decision.Trace.Steps[^1]);
    }

    [Fact]
    public async Task The_owner_of_the_key_is_allowed_and_nobody_else()
    {
        var token = await _bench.BoundTokenAsync();

        var owner = await CheckAsync(Check(token, _bench.ApiProofs(token).Make()));
        var thief = await CheckAsync(Check(token, _bench.ApiProofs(token, DpopBench.OtherKey).Make()));
        var bare = await CheckAsync(Check(token, proof: null));
        var silent = await CheckAsync(new() { RealmId = "demo", AccessToken = token, Permission = "invoices.read", IncludeTrace = true });
        var certificate = Check(token, proof: null);
        certificate.Presentation.ClientCertificateThumbprint = DpopBench.Thumbprint;

        Assert.Equal((true, DecisionReason.Allowed), (owner.Allowed, owner.Reason));
        foreach (var denied in new[] { thief, bare, silent, await CheckAsync(certificate) })
        {
            Assert.Equal((false, DecisionReason.SenderConstraintFailed), (denied.Allowed, denied.Reason));
        }
    }

    [Fact]
    public async Task A_resource_server_may_verify_the_constraint_itself()
    {
        var token = await _bench.BoundTokenAsync();
        var request = Check(token, proof: null);
        request.Presentation.SenderConstraintVerified = true;

        Assert.True((await CheckAsync(request)).Allowed);
    }

    [Fact]
    public async Task A_proof_counts_once_and_a_batch_is_one_presentation()
    {
        var token = await _bench.BoundTokenAsync();
        var proof = _bench.ApiProofs(token).Make();
        var batch = new BatchCheckPermissionsRequest
        {
            RealmId = "demo",
            Checks = { Check(token, proof), Check(token, proof), new CheckPermissionRequest { AccessToken = token, Permission = "invoices.read" } },
        };

        var first = await _bench.One.Permissions.BatchCheckPermissionsAsync(batch, TokenReplica.Operator);
        var again = await _bench.Two.Permissions.BatchCheckPermissionsAsync(batch, TokenReplica.Operator);
        var single = await CheckAsync(Check(token, proof));

        Assert.Equal([DecisionReason.Allowed, DecisionReason.Allowed, DecisionReason.SenderConstraintFailed], first.Results.Select(result => result.Reason));
        Assert.All(again.Results, result => Assert.Equal(DecisionReason.SenderConstraintFailed, result.Reason));
        Assert.Equal("The DPoP proof was used before.", single.Trace.Steps[^1]);
    }

    [Fact]
    public async Task A_proof_for_a_token_that_is_bound_to_no_key_is_a_denial()
    {
        var free = await _bench.One.IssueAsync("demo", "machine", TestRealm.ServiceSecret);

        var proven = await CheckAsync(Check(free, _bench.ApiProofs(free).Make()));
        var plain = await CheckAsync(Check(free, proof: null));

        Assert.Equal(DecisionReason.SenderConstraintFailed, proven.Reason);
        Assert.True(plain.Allowed);
    }

    [Fact]
    public async Task Listing_and_introspection_look_at_the_presentation_too()
    {
        var token = await _bench.BoundTokenAsync();
        ListPermissionsRequest list = new() { RealmId = "demo", AccessToken = token, Presentation = Presentation(_bench.ApiProofs(token).Make()) };
        IntrospectTokenRequest introspect = new() { RealmId = "demo", Token = token, Presentation = Presentation(_bench.ApiProofs(token).Make()) };

        var listed = await _bench.One.Permissions.ListPermissionsAsync(list, TokenReplica.Operator);
        var replayed = await _bench.Two.Permissions.ListPermissionsAsync(list, TokenReplica.Operator);
        var silent = await _bench.One.Permissions.ListPermissionsAsync(new() { RealmId = "demo", AccessToken = token }, TokenReplica.Operator);
        var active = await _bench.One.Tokens.IntrospectTokenAsync(introspect, TokenReplica.Operator);
        var used = await _bench.Two.Tokens.IntrospectTokenAsync(introspect, TokenReplica.Operator);
        var shown = await _bench.One.Tokens.IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, TokenReplica.Operator);

        Assert.Equal((DecisionReason.Allowed, "invoices.read"), (listed.Reason, Assert.Single(listed.Permissions)));
        Assert.All([replayed, silent], denied => Assert.Equal((DecisionReason.SenderConstraintFailed, 0), (denied.Reason, denied.Permissions.Count)));
        Assert.Equal((true, false), (active.Active, used.Active));
        Assert.Null(used.Confirmation);
        Assert.Equal((true, DpopBench.Thumbprint), (shown.Active, shown.Confirmation.JwkThumbprint));
    }

    [Fact]
    public async Task A_token_that_is_not_active_or_not_for_the_asker_stays_that()
    {
        var token = await _bench.BoundTokenAsync();
        var files = Check(token, _bench.ApiProofs(token).Make());
        files.Audience = TestRealm.Files;
        var garbage = Check("garbage", _bench.ApiProofs("garbage").Make());

        Assert.Equal(DecisionReason.UnknownPermission, (await CheckAsync(files)).Reason);
        Assert.Equal(DecisionReason.TokenInactive, (await CheckAsync(garbage)).Reason);
    }

    [Fact]
    public async Task An_opaque_token_is_bound_like_any_other()
    {
        using var response = await DpopBench.PostAsync(
            _bench.One, "demo", "/oauth2/token", TokenReplica.Basic("opaque", TestRealm.ServiceSecret), [_bench.Proofs().Make()], ("grant_type", "client_credentials"));
        var token = (await DpopBench.SuccessAsync(response)).GetProperty("access_token").GetString()!;
        await _bench.Two.ReachAsync("demo", _bench.Flow.Realms.Change("demo", TestRealm.Binding("demo", "b-opaque", MemberType.Client, "opaque", "viewer", null)));

        var owner = await _bench.Two.Permissions.CheckPermissionAsync(Check(token, _bench.ApiProofs(token).Make()), TokenReplica.Operator);
        var thief = await _bench.Two.Permissions.CheckPermissionAsync(Check(token, _bench.ApiProofs(token, DpopBench.OtherKey).Make()), TokenReplica.Operator);

        Assert.Equal((DecisionReason.Allowed, DecisionReason.SenderConstraintFailed), (owner.Reason, thief.Reason));
    }

    [Theory]
    [InlineData("", "http://api.demo.example/", "presentation.http_method")]
    [InlineData("GET", "", "presentation.http_uri")]
    [InlineData("GET", "/invoices", "presentation.http_uri")]
    public async Task What_a_proof_is_for_must_be_said(string method, string uri, string field)
    {
        var token = await _bench.BoundTokenAsync();
        var request = Check(token, _bench.ApiProofs(token).Make());
        (request.Presentation.HttpMethod, request.Presentation.HttpUri) = (method, uri);

        Assert.Equal([field], await Refusals.FieldsOfAsync(_bench.One.Permissions.CheckPermissionAsync(request, TokenReplica.Operator)));
        var introspect = new IntrospectTokenRequest { RealmId = "demo", Token = token, Presentation = request.Presentation };
        Assert.Equal((StatusCode.InvalidArgument, "INVALID_ARGUMENT"), await Refusals.OfAsync(_bench.One.Tokens.IntrospectTokenAsync(introspect, TokenReplica.Operator)));
    }

    internal static CheckPermissionRequest Check(string token, string? proof) => new()
    {
        RealmId = "demo",
        AccessToken = token,
        Permission = "invoices.read",
        IncludeTrace = true,
        Presentation = Presentation(proof),
    };

    private static SenderPresentation Presentation(string? proof) =>
        new() { DpopProof = proof ?? "", HttpMethod = "GET", HttpUri = "HTTP://API.demo.example:80/invoices/1?page=2" };

    private async Task<CheckPermissionResponse> CheckAsync(CheckPermissionRequest request) =>
        await _bench.One.Permissions.CheckPermissionAsync(request, TokenReplica.Operator);
}
