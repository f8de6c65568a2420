using System.Text.Json.Nodes;
using Grpc.Core;
using Pltfrms.Iam.Token.V1;
using Token.Tests.Hosting;

namespace Token.Tests.Dpop;

/// <summary>Calls over gRPC that are made with a token that is bound to a key: each proves it, for itself (RFC 9449 section 7.1).</summary>
public sealed class DpopCallerTests(DpopFixture fixture) : IClassFixture<DpopFixture>
{
    private static readonly (StatusCode, string) NotKnown = (StatusCode.Unauthenticated, "UNAUTHENTICATED");
    private static readonly (StatusCode, string) BadProof = (StatusCode.InvalidArgument, "INVALID_DPOP_PROOF");

    private readonly DpopBench _bench = fixture.Bench;

    [Theory]
    [InlineData(DpopBench.Free)]
    [InlineData(DpopBench.Strict)]
    public async Task The_owner_of_the_key_introspects_checks_and_lists(string realmId)
    {
        var token = await _bench.CallerTokenAsync(realmId);
        IntrospectTokenRequest introspect = new() { RealmId = realmId, Token = token };
        CheckPermissionRequest check = new() { RealmId = realmId, UserId = "bob", OrganizationId = "globex", Permission = "invoices.read" };
        BatchCheckPermissionsRequest batch = new() { RealmId = realmId, Checks = { check } };
        ListPermissionsRequest list = new() { RealmId = realmId, UserId = "bob", OrganizationId = "globex" };

        var introspection = await _bench.One.Tokens.IntrospectTokenAsync(introspect, Proven("TokenService/IntrospectToken"));
        var decision = await _bench.One.Permissions.CheckPermissionAsync(check, Proven("PermissionService/CheckPermission"));
        var decisions = await _bench.One.Permissions.BatchCheckPermissionsAsync(batch, Proven("PermissionService/BatchCheckPermissions"));
        var listed = await _bench.One.Permissions.ListPermissionsAsync(list, Proven("PermissionService/ListPermissions"));

        Assert.Equal((true, DpopBench.Thumbprint), (introspection.Active, introspection.Confirmation.JwkThumbprint));
        Assert.Equal((DecisionReason.Allowed, DecisionReason.Allowed), (decision.Reason, Assert.Single(decisions.Results).Reason));
        Assert.Equal(["invoices.read"], listed.Permissions);

        Metadata Proven(string method) => DpopBench.Bound(token, _bench.CallProofs(token, method).Make());
    }

    [Fact]
    public async Task A_stolen_token_is_worth_nothing_without_the_key()
    {
        var token = await _bench.CallerTokenAsync();
        var proofs = _bench.CallProofs(token);

        Assert.Equal(NotKnown, await RefusalAsync(TokenReplica.Bearer(token)));
        Assert.Equal(NotKnown, await RefusalAsync([.. TokenReplica.Bearer(token), new("dpop", proofs.Make())]));
        Assert.Equal(BadProof, await RefusalAsync(new Metadata { { "authorization", $"DPoP {token}" } }));
        Assert.Equal(BadProof, await RefusalAsync(DpopBench.Bound(token, "")));
        Assert.Equal(BadProof, await RefusalAsync([.. DpopBench.Bound(token, proofs.Make()), new("dpop", proofs.Make())]));
        Assert.Equal(BadProof, await RefusalAsync(DpopBench.Bound(token, _bench.CallProofs(token, key: DpopBench.OtherKey).Make())));
        Assert.Equal(BadProof, await RefusalAsync(DpopBench.Bound(token, proofs.With("ath", ProofMaker.HashOf("another")))));
        Assert.Equal(BadProof, await RefusalAsync(DpopBench.Bound(token, proofs.With("ath", null))));
    }

    [Theory]
    [InlineData("another method of the service", "htu", "/pltfrms.iam.token.v1.TokenService/RevokeToken")]
    [InlineData("another address", "htu", null)]
    [InlineData("another method of HTTP", "htm", "GET")]
    public async Task A_proof_for_another_call_is_refused(string what, string claim, string? value)
    {
        var token = await _bench.CallerTokenAsync();
        var proofs = _bench.CallProofs(token);
        var other = value is null ? "https://elsewhere.example" + new Uri(proofs.Address).AbsolutePath
            : claim == "htu" ? _bench.One.GrpcAddress + value
            : value;

        var refusal = await RefusalAsync(DpopBench.Bound(token, proofs.With(claim, JsonValue.Create(other))));

        Assert.Equal((what, BadProof), (what, refusal));
    }

    [Fact]
    public async Task A_proof_counts_once_at_whichever_replica_and_for_whichever_method_first()
    {
        var token = await _bench.CallerTokenAsync();
        var seen = DpopBench.Bound(token, _bench.CallProofs(token).Make());

        Assert.True((await _bench.One.Tokens.IntrospectTokenAsync(Introspect(token), seen)).Active);

        Assert.Equal(BadProof, await RefusalAsync(seen));
        // The other replica listens elsewhere, and takes the address that the call says it is for.
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(_bench.Two.GrpcAddress);
        var call = channel.CreateCallInvoker().AsyncUnaryCall(MethodTo("IntrospectToken"), new Uri(_bench.One.GrpcAddress).Authority, new CallOptions(seen), Introspect(token));
        Assert.Equal(BadProof, await Refusals.OfAsync(call));
    }

    [Fact]
    public async Task Of_many_calls_with_one_proof_at_once_one_is_answered()
    {
        var token = await _bench.CallerTokenAsync();
        var headers = DpopBench.Bound(token, _bench.CallProofs(token).Make());
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calling = Enumerable.Range(0, 32).Select(async _ =>
        {
            await start.Task;
            try
            {
                return (await _bench.One.Tokens.IntrospectTokenAsync(Introspect(token), headers)).Active ? "answered" : "inactive";
            }
            catch (RpcException refusal)
            {
                return Refusals.ReasonOf(refusal);
            }
        }).ToList();

        start.SetResult();
        var answers = await Task.WhenAll(calling);

        Assert.Single(answers, "answered");
        Assert.Equal(31, answers.Count(answer => answer == "INVALID_DPOP_PROOF"));
    }

    [Fact]
    public async Task A_token_that_is_bound_to_no_key_is_not_taken_with_a_proof()
    {
        var token = await _bench.One.IssueAsync(DpopBench.Free, "demo-api", TestRealm.ApiSecret);

        Assert.Equal(NotKnown, await RefusalAsync(DpopBench.Bound(token, _bench.CallProofs(token).Make())));
    }

    [Fact]
    public async Task What_is_no_access_token_gets_nobody_in_as_one_that_is_bound()
    {
        const string key = TokenReplica.OperatorKey;

        Assert.Equal(NotKnown, await RefusalAsync(DpopBench.Bound(key, _bench.CallProofs(key).Make())));
    }

    [Fact]
    public async Task A_proof_is_not_used_up_by_what_it_was_refused_for_and_a_denied_call_uses_it()
    {
        var token = await _bench.CallerTokenAsync();
        var headers = DpopBench.Bound(token, _bench.CallProofs(token, "KeyService/ListKeys").Make());

        Assert.Equal(BadProof, await RefusalAsync(headers));
        Assert.Equal(
            (StatusCode.PermissionDenied, "PERMISSION_DENIED"),
            await Refusals.OfAsync(_bench.One.Keys.ListKeysAsync(new() { RealmId = DpopBench.Free }, headers)));
        Assert.Equal(BadProof, await Refusals.OfAsync(_bench.One.Keys.ListKeysAsync(new() { RealmId = DpopBench.Free }, headers)));
    }

    [Fact]
    public async Task A_client_revokes_its_own_token_with_one_proof()
    {
        // It may not revoke others', which is asked first.
        var token = await _bench.CallerTokenAsync();
        var headers = DpopBench.Bound(token, _bench.CallProofs(token, "TokenService/RevokeToken").Make());

        await _bench.One.Tokens.RevokeTokenAsync(new() { RealmId = DpopBench.Free, Token = token }, headers);

        Assert.Equal(NotKnown, await RefusalAsync(DpopBench.Bound(token, _bench.CallProofs(token).Make())));
    }

    [Fact]
    public async Task Where_the_realm_demands_nonces_calls_must_have_them_too()
    {
        var token = await _bench.CallerTokenAsync(DpopBench.Nonces);
        var proofs = _bench.CallProofs(token);
        var request = new IntrospectTokenRequest { RealmId = DpopBench.Nonces, Token = token };

        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await _bench.One.Tokens.IntrospectTokenAsync(request, DpopBench.Bound(token, proofs.Make())));
        var nonce = Pltfrms.Iam.Client.IamClientException.From(refusal)!.Metadata["dpop_nonce"];
        var answer = await _bench.One.Tokens.IntrospectTokenAsync(request, DpopBench.Bound(token, proofs.With("nonce", nonce)));

        Assert.Equal((StatusCode.FailedPrecondition, "USE_DPOP_NONCE", true), (refusal.StatusCode, Refusals.ReasonOf(refusal), answer.Active));
    }

    private static IntrospectTokenRequest Introspect(string token) => new() { RealmId = DpopBench.Free, Token = token };

    private Task<(StatusCode, string)> RefusalAsync(Metadata headers) =>
        Refusals.OfAsync(_bench.One.Tokens.IntrospectTokenAsync(Introspect("a-token"), headers));

    private static Method<IntrospectTokenRequest, IntrospectTokenResponse> MethodTo(string name) => new(
        MethodType.Unary,
        "pltfrms.iam.token.v1.TokenService",
        name,
        Marshallers.Create(request => Google.Protobuf.MessageExtensions.ToByteArray(request), IntrospectTokenRequest.Parser.ParseFrom),
        Marshallers.Create(answer => Google.Protobuf.MessageExtensions.ToByteArray(answer), IntrospectTokenResponse.Parser.ParseFrom));
}
