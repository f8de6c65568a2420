using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Token.V1;

namespace RealmAdmin.Tests.Audit;

/// <summary>A token service that believes every token, so that a test can be whoever it wants, and has the grants that a test gives it.</summary>
internal sealed class TokenServiceStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TokenServiceStandIn(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public KnownGrants Grants => _app.Services.GetRequiredService<KnownGrants>();

    public static async Task<TokenServiceStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<KnownGrants>();
        var app = builder.Build();
        app.MapGrpcService<Credulous>();
        app.MapGrpcService<GrantLists>();
        await app.StartAsync();
        return new TokenServiceStandIn(app);
    }

    /// <summary>A token with these claims; <c>realm</c> is the only one it is good in, where it is set, and <c>user</c> makes its subject one.</summary>
    public static string Token(string claims) => $"{Encode("""{"alg":"none","typ":"at+jwt"}""")}.{Encode(claims)}.";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private sealed class Credulous : TokenService.TokenServiceBase
    {
        public override Task<IntrospectTokenResponse> IntrospectToken(IntrospectTokenRequest request, ServerCallContext context)
        {
            var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(request.Token.Split('.')[1])).RootElement;
            string Claim(string name, string otherwise) => claims.TryGetProperty(name, out var value) ? value.GetString()! : otherwise;
            return Task.FromResult(Claim("realm", request.RealmId) != request.RealmId ? new() : new IntrospectTokenResponse
            {
                Active = true,
                Subject = Claim("sub", ""),
                SubjectType = claims.TryGetProperty("user", out _) ? SubjectType.User : SubjectType.Client,
                ClientId = Claim("client_id", ""),
                TokenId = Claim("jti", ""),
                OrganizationId = Claim("organization_id", ""),
                Acr = Claim("acr", ""),
                Scopes = { Claim("scope", "iam.realms.write").Split(' ') },
                Actors = { ActorsOf(claims) },
            });
        }

        private static IEnumerable<Actor> ActorsOf(JsonElement claims)
        {
            while (claims.TryGetProperty("act", out claims))
            {
                yield return new()
                {
                    Subject = claims.GetProperty("sub").GetString(),
                    SubjectType = claims.TryGetProperty("sub_type", out _) ? SubjectType.User : SubjectType.Client,
                };
            }
        }
    }

    /// <summary>Pages of two at the most, so that whoever lists must go on.</summary>
    private sealed class GrantLists(KnownGrants known) : GrantService.GrantServiceBase
    {
        public override Task<ListGrantsResponse> ListGrants(ListGrantsRequest request, ServerCallContext context)
        {
            known.Asked.Enqueue($"{request.UserId}/{request.ClientId}");
            known.Callers.Enqueue(context.RequestHeaders.GetValue("authorization") ?? "");
            var fitting = known.Grants
                .Where(grant => grant.RealmId == request.RealmId
                    && (request.UserId.Length == 0 || grant.UserId == request.UserId) && (request.ClientId.Length == 0 || grant.ClientId == request.ClientId)
                    && string.CompareOrdinal(grant.GrantId, request.PageToken) > 0)
                .OrderBy(grant => grant.GrantId, StringComparer.Ordinal)
                .ToList();
            return Task.FromResult(new ListGrantsResponse
            {
                Grants = { fitting.Take(2) },
                NextPageToken = fitting.Count > 2 ? fitting[1].GrantId : "",
            });
        }
    }
}

/// <summary>The grants that a stand-in has, and whose it was asked for: <c>user/client</c>.</summary>
internal sealed class KnownGrants
{
    public List<Grant> Grants { get; } = [];

    public ConcurrentQueue<string> Asked { get; } = [];

    public ConcurrentQueue<string> Callers { get; } = [];
}
