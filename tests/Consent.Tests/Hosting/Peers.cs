using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token.V1;

namespace Consent.Tests.Hosting;

/// <summary>
/// The other two services as far as the contract goes: tokens are what a test says, grants are kept in memory, anchors are written down.
/// </summary>
internal sealed class Peers : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Peers(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>What introspection answers, by token; a token that is not here is not active.</summary>
    public ConcurrentDictionary<string, IntrospectTokenResponse> Tokens => State.Tokens;

    /// <summary>The permissions that each token's holder has.</summary>
    public ConcurrentDictionary<string, string[]> Permissions => State.Permissions;

    public ConcurrentDictionary<string, Grant> Grants => State.Grants;

    public ConcurrentQueue<RevokeGrantsRequest> Revocations => State.Revocations;

    public ConcurrentQueue<AnchorChainRequest> Anchors => State.Anchors;

    /// <summary>What users asked to grant, in their order; each gets the id <c>dg-1</c>, <c>dg-2</c> and so on.</summary>
    public ConcurrentQueue<GrantOwnDelegationRequest> Delegated => State.Delegated;

    /// <summary>The delegations that there are, by id.</summary>
    public ConcurrentDictionary<string, Delegation> Delegations => State.Delegations;

    /// <summary>Whether it is out of reach.</summary>
    public bool IsDown
    {
        get => State.IsDown;
        set => State.IsDown = value;
    }

    /// <summary>Whether it can be asked about tokens, and told nothing about grants.</summary>
    public bool RefusesRevocations
    {
        get => State.RefusesRevocations;
        set => State.RefusesRevocations = value;
    }

    private PeerState State => _app.Services.GetRequiredService<PeerState>();

    public static async Task<Peers> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<PeerState>();
        var app = builder.Build();
        app.MapGrpcService<TokenStandIn>();
        app.MapGrpcService<PermissionStandIn>();
        app.MapGrpcService<GrantStandIn>();
        app.MapGrpcService<AuditStandIn>();
        app.MapGrpcService<DelegationStandIn>();
        await app.StartAsync();
        return new Peers(app);
    }

    /// <summary>Settings of a consent service that has these peers.</summary>
    public (string Key, string? Value)[] Settings => [("Peers:Token:Address", Address), ("Peers:RealmAdmin:Address", Address)];

    public Grant AddGrant(string userId, string clientId, string organizationId, params string[] scopes)
    {
        var grant = new Grant
        {
            RealmId = "demo",
            GrantId = Guid.CreateVersion7().ToString(),
            UserId = userId,
            ClientId = clientId,
            OrganizationId = organizationId,
            Scopes = { scopes },
            LastUseTime = new() { Seconds = 1_767_000_000 },
        };
        Grants[grant.GrantId] = grant;
        return grant;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class PeerState
    {
        public ConcurrentDictionary<string, IntrospectTokenResponse> Tokens { get; } = new();

        public ConcurrentDictionary<string, string[]> Permissions { get; } = new();

        public ConcurrentDictionary<string, Grant> Grants { get; } = new();

        public ConcurrentQueue<RevokeGrantsRequest> Revocations { get; } = new();

        public ConcurrentQueue<AnchorChainRequest> Anchors { get; } = new();

        public ConcurrentQueue<GrantOwnDelegationRequest> Delegated { get; } = new();

        public ConcurrentDictionary<string, Delegation> Delegations { get; } = new();

        public volatile bool IsDown;

        public volatile bool RefusesRevocations;

        public void Answer()
        {
            if (IsDown)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "down"));
            }
        }
    }

    private sealed class TokenStandIn(PeerState state) : TokenService.TokenServiceBase
    {
        public override Task<IntrospectTokenResponse> IntrospectToken(IntrospectTokenRequest request, ServerCallContext context)
        {
            state.Answer();
            var found = state.Tokens.GetValueOrDefault(request.Token);
            return Task.FromResult(found is not null && found.Issuer.EndsWith($"/{request.RealmId}", StringComparison.Ordinal)
                ? found
                : new IntrospectTokenResponse());
        }
    }

    private sealed class PermissionStandIn(PeerState state) : PermissionService.PermissionServiceBase
    {
        public override Task<CheckPermissionResponse> CheckPermission(CheckPermissionRequest request, ServerCallContext context)
        {
            state.Answer();
            var isActive = state.Tokens.TryGetValue(request.AccessToken, out var token)
                && token.Issuer.EndsWith($"/{request.RealmId}", StringComparison.Ordinal);
            var isAllowed = isActive && state.Permissions.GetValueOrDefault(request.AccessToken, []).Contains(request.Permission);
            return Task.FromResult(new CheckPermissionResponse
            {
                Allowed = isAllowed,
                Reason = !isActive ? DecisionReason.TokenInactive : isAllowed ? DecisionReason.Allowed : DecisionReason.ScopeNotGranted,
            });
        }
    }

    private sealed class GrantStandIn(PeerState state) : GrantService.GrantServiceBase
    {
        public override Task<ListGrantsResponse> ListGrants(ListGrantsRequest request, ServerCallContext context)
        {
            state.Answer();
            return Task.FromResult(new ListGrantsResponse
            {
                Grants = { state.Grants.Values.Where(grant => grant.RealmId == request.RealmId && grant.UserId == request.UserId) },
            });
        }

        public override Task<RevokeGrantsResponse> RevokeGrants(RevokeGrantsRequest request, ServerCallContext context)
        {
            state.Answer();
            if (state.RefusesRevocations)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "down"));
            }

            state.Revocations.Enqueue(request);
            var revoked = state.Grants.Values.Where(grant => Fits(grant, request)).Count(grant => state.Grants.TryRemove(grant.GrantId, out _));
            return Task.FromResult(new RevokeGrantsResponse { RevokedCount = revoked });
        }

        private static bool Fits(Grant grant, RevokeGrantsRequest request) =>
            grant.RealmId == request.RealmId
            && (request.UserId.Length == 0 || grant.UserId == request.UserId)
            && (request.ClientId.Length == 0 || grant.ClientId == request.ClientId)
            && (!request.HasOrganizationId || grant.OrganizationId == request.OrganizationId)
            && (request.Scopes.Count == 0 || grant.Scopes.Intersect(request.Scopes).Any());
    }

    private sealed class AuditStandIn(PeerState state) : AuditService.AuditServiceBase
    {
        public override Task<AnchorChainResponse> AnchorChain(AnchorChainRequest request, ServerCallContext context)
        {
            state.Answer();
            state.Anchors.Enqueue(request);
            return Task.FromResult(new AnchorChainResponse { Revision = 1 });
        }
    }

    private sealed class DelegationStandIn(PeerState state) : DelegationService.DelegationServiceBase
    {
        public override Task<ListOwnDelegationsResponse> ListOwnDelegations(ListOwnDelegationsRequest request, ServerCallContext context)
        {
            state.Answer();
            return Task.FromResult(new ListOwnDelegationsResponse
            {
                Granted = { state.Delegations.Values.Where(one => one.DelegatorId == request.UserId).OrderBy(one => one.DelegationId) },
                Received = { state.Delegations.Values.Where(one => one.DelegateUserId == request.UserId).OrderBy(one => one.DelegationId) },
            });
        }

        public override Task<GrantOwnDelegationResponse> GrantOwnDelegation(GrantOwnDelegationRequest request, ServerCallContext context)
        {
            state.Answer();
            state.Delegated.Enqueue(request);
            var granted = request.Delegation.Clone();
            (granted.RealmId, granted.DelegationId, granted.DelegatorId, granted.SelfGranted) =
                (request.RealmId, $"dg-{state.Delegated.Count}", request.UserId, true);
            granted.CreateTime = new() { Seconds = 1_767_000_000 };
            state.Delegations[granted.DelegationId] = granted;
            return Task.FromResult(new GrantOwnDelegationResponse { Delegation = granted, Revision = 1 });
        }

        public override Task<RevokeOwnDelegationResponse> RevokeOwnDelegation(RevokeOwnDelegationRequest request, ServerCallContext context)
        {
            state.Answer();
            state.Delegations.TryRemove(request.DelegationId, out _);
            return Task.FromResult(new RevokeOwnDelegationResponse { Revision = 1 });
        }
    }
}
