using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.OAuth;

/// <summary>What a connection remembers of its last credential must never stand in for another, nor for the same one once it is good no more.</summary>
public sealed class RepeatedCredentialTests : IAsyncLifetime
{
    private readonly TokenServiceFixture _fixture = new();
    private readonly HttpClient _one = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false });

    public Task InitializeAsync() => _fixture.InitializeAsync();

    public Task DisposeAsync()
    {
        _one.Dispose();
        return _fixture.DisposeAsync();
    }

    [Fact]
    public async Task Another_secret_on_the_same_connection_is_looked_at()
    {
        Assert.Equal(HttpStatusCode.OK, await IssueAsync("demo-service", TestRealm.ServiceSecret));
        Assert.Equal(HttpStatusCode.OK, await IssueAsync("demo-service", TestRealm.ServiceSecret));
        Assert.Equal(HttpStatusCode.Unauthorized, await IssueAsync("demo-service", TestRealm.ServiceSecret[..^1] + "0"));
        Assert.Equal(HttpStatusCode.Unauthorized, await IssueAsync("demo-operator", TestRealm.ServiceSecret));
        Assert.Equal(HttpStatusCode.OK, await IssueAsync("demo-service", TestRealm.ServiceSecret));
    }

    [Fact]
    public async Task A_secret_that_was_removed_is_refused_on_the_connection_that_used_it()
    {
        Assert.Equal(HttpStatusCode.OK, await IssueAsync("demo-service", TestRealm.ServiceSecret));

        var revision = _fixture.Realms.Change(TestRealm.Id, TestRealm.Client(TestRealm.Id, "demo-service", ["invoices.read"], "another-secret-0123456789abcdefgh"));
        await _fixture.Service.ReachAsync(TestRealm.Id, revision);

        Assert.Equal(HttpStatusCode.Unauthorized, await IssueAsync("demo-service", TestRealm.ServiceSecret));
    }

    [Fact]
    public async Task Each_call_of_a_grpc_connection_is_its_own_callers()
    {
        var may = await _fixture.Service.IssueAsync(TestRealm.Id, "demo-api", TestRealm.ApiSecret);
        var mayNot = await _fixture.Service.IssueAsync(TestRealm.Id, "demo-service", TestRealm.ServiceSecret);
        using var channel = GrpcChannel.ForAddress(_fixture.Service.GrpcAddress);
        var tokens = new Wire.TokenService.TokenServiceClient(channel);
        var request = new Wire.IntrospectTokenRequest { RealmId = TestRealm.Id, Token = mayNot };

        Assert.True((await tokens.IntrospectTokenAsync(request, TokenReplica.Bearer(may))).Active);
        Assert.Equal(StatusCode.PermissionDenied, (await RefusalAsync(tokens, request, mayNot)).StatusCode);
        Assert.Equal(StatusCode.Unauthenticated, (await RefusalAsync(tokens, request, may[..^4] + "AAAA")).StatusCode);
        Assert.True((await tokens.IntrospectTokenAsync(request, TokenReplica.Bearer(may))).Active);

        _fixture.Realms.Remove(TestRealm.Id, ResourceKind.RoleBinding, "b-api");
        var revision = _fixture.Realms.Change(TestRealm.Id, TestRealm.Client(TestRealm.Id, "unrelated", []));
        await _fixture.Service.ReachAsync(TestRealm.Id, revision);
        Assert.Equal(StatusCode.PermissionDenied, (await RefusalAsync(tokens, request, may)).StatusCode);
    }

    private static async Task<RpcException> RefusalAsync(Wire.TokenService.TokenServiceClient tokens, Wire.IntrospectTokenRequest request, string credential) =>
        await Assert.ThrowsAsync<RpcException>(async () => await tokens.IntrospectTokenAsync(request, TokenReplica.Bearer(credential)));

    private async Task<HttpStatusCode> IssueAsync(string clientId, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_fixture.Service.Http.BaseAddress!, $"/realms/{TestRealm.Id}/oauth2/token"));
        request.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        request.Headers.Authorization = TokenReplica.Basic(clientId, secret);
        using var response = await _one.SendAsync(request);
        return response.StatusCode;
    }
}
