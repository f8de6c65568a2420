using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client;

/// <summary>
/// Asks the token service about tokens and permissions, as this application. Every call ends within
/// <see cref="IamClientOptions.Timeout"/>: with an answer, or with an exception that is never to be read as one.
/// </summary>
/// <remarks>
/// All methods throw <see cref="IamUnavailableException"/> where nobody could decide, <see cref="IamClientException"/> where
/// the call was refused, and <see cref="OperationCanceledException"/> where the caller stopped waiting.
/// </remarks>
public sealed class IamClient
{
    /// <summary>The suite's own API as a resource server, and what this library needs of it.</summary>
    private const string SuiteAudience = "urn:pltfrms:iam";
    private static readonly string[] SuiteScopes = ["iam.permissions.check", "iam.tokens.introspect"];

    private readonly Wire.TokenService.TokenServiceClient _tokenService;
    private readonly Wire.PermissionService.PermissionServiceClient _permissionService;
    private readonly IamTokens _tokens;
    private readonly TokenRequest _ownToken;
    private readonly IamClientOptions _options;
    private readonly ILogger<IamClient> _log;

    internal IamClient(IamChannel channel, IamTokens tokens, IOptions<IamClientOptions> options, ILogger<IamClient> log)
    {
        _tokenService = new(channel.Invoker);
        _permissionService = new(channel.Invoker);
        _tokens = tokens;
        _options = options.Value;
        _ownToken = new(_options.CallScopes.Count > 0 ? _options.CallScopes : SuiteScopes) { Audience = SuiteAudience };
        _log = log;
    }

    /// <summary>Tells whether a token is active and what it stands for (RFC 7662). A token that is none is not an error.</summary>
    public Task<Introspection> IntrospectAsync(string token, CancellationToken cancellationToken) =>
        IntrospectAsync(token, minRevision: 0, cancellationToken);

    /// <summary>As the other overload, at the realm revision that an admin write returned, or later.</summary>
    public async Task<Introspection> IntrospectAsync(string token, long minRevision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        var request = new Wire.IntrospectTokenRequest { RealmId = _options.RealmId, Token = token, MinRevision = minRevision };
        var response = await CallAsync(
            static (client, message, options) => client._tokenService.IntrospectTokenAsync(message, options), request, cancellationToken);
        return response.FromWire();
    }

    /// <summary>Decides one check; for an access token it is introspected in the same call.</summary>
    public async Task<PermissionDecision> CheckPermissionAsync(PermissionCheck check, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(check);
        var response = await CallAsync(
            static (client, message, options) => client._permissionService.CheckPermissionAsync(message, options),
            check.ToWire(_options.RealmId),
            cancellationToken);
        return response.FromWire();
    }

    /// <summary>Decides up to 1,000 checks at one revision; the answers come in the order of the checks.</summary>
    public Task<IReadOnlyList<PermissionDecision>> BatchCheckPermissionsAsync(
        IReadOnlyCollection<PermissionCheck> checks, CancellationToken cancellationToken) =>
        BatchCheckPermissionsAsync(checks, minRevision: 0, cancellationToken);

    /// <summary>As the other overload, at the realm revision that an admin write returned, or later.</summary>
    public async Task<IReadOnlyList<PermissionDecision>> BatchCheckPermissionsAsync(
        IReadOnlyCollection<PermissionCheck> checks, long minRevision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checks);
        if (checks.Count == 0)
        {
            return [];
        }
        var request = new Wire.BatchCheckPermissionsRequest { RealmId = _options.RealmId, MinRevision = minRevision };
        request.Checks.AddRange(checks.Select(static check => check.ToWire(realmId: "")));
        var response = await CallAsync(
            static (client, message, options) => client._permissionService.BatchCheckPermissionsAsync(message, options),
            request,
            cancellationToken);
        if (response.Results.Count != checks.Count)
        {
            throw RpcFault.Protocol($"{checks.Count} checks were answered with {response.Results.Count} decisions");
        }
        return [.. response.Results.Select(static result => result.FromWire())];
    }

    /// <summary>Lists every permission that a check with the same subject and context would allow.</summary>
    public async Task<PermissionList> ListPermissionsAsync(PermissionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var response = await CallAsync(
            static (client, message, options) => client._permissionService.ListPermissionsAsync(message, options),
            query.ToWire(_options.RealmId),
            cancellationToken);
        return response.FromWire();
    }

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        Func<IamClient, TRequest, CallOptions, AsyncUnaryCall<TResponse>> call, TRequest request, CancellationToken cancellationToken)
    {
        var deadline = CallDeadline.After(_options.Timeout);
        for (var again = false; ; again = true)
        {
            var token = await OwnTokenAsync(deadline, cancellationToken);
            try
            {
                using var running = call(this, request, new CallOptions(token.Headers, deadline.Utc, cancellationToken));
                return await running.ResponseAsync;
            }
            catch (RpcException fault) when (
                fault.StatusCode == StatusCode.Unauthenticated && !again && _tokens.TryReplace(_ownToken, token))
            {
                Log.TokenReplaced(_log);
            }
            catch (RpcException fault)
            {
                throw RpcFault.ToException(fault, cancellationToken);
            }
        }
    }

    private ValueTask<AccessToken> OwnTokenAsync(CallDeadline deadline, CancellationToken cancellationToken)
    {
        var token = _tokens.GetAsync(_ownToken, cancellationToken);
        return token.IsCompleted ? token : new(WaitAsync(token.AsTask(), deadline, cancellationToken));
    }

    private static async Task<AccessToken> WaitAsync(Task<AccessToken> token, CallDeadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await token.WaitAsync(deadline.Remaining, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw RpcFault.DeadlineExceeded(late);
        }
    }
}
