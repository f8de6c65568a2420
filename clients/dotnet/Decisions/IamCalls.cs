using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client.Dpop;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client.Decisions;

/// <summary>The generated clients that calls are made with.</summary>
internal sealed record IamClients(
    Wire.TokenService.TokenServiceClient Tokens,
    Wire.PermissionService.PermissionServiceClient Permissions,
    Wire.DecisionFeedService.DecisionFeedServiceClient Feeds);

/// <summary>Calls to the token service, with this application's own token; a refused one is replaced, once, or proven with the nonce that was demanded.</summary>
internal sealed class IamCalls
{
    private readonly IamClients _clients;
    private readonly IamTokens _tokens;
    private readonly DpopProofs _proofs;
    private readonly TokenRequest _ownToken;
    private readonly IamClientOptions _options;
    private readonly IamTelemetry _telemetry;
    private readonly ILogger<IamClient> _log;

    public IamCalls(
        IamChannel channel, IamTokens tokens, DpopProofs proofs, IOptions<IamClientOptions> options, IamTelemetry telemetry, ILogger<IamClient> log)
    {
        _options = options.Value;
        var invoker = DpopProofs.AreForCalls(_options) ? channel.Invoker.Intercept(new ProvenCalls(proofs, _options.Address!)) : channel.Invoker;
        _clients = new(new(invoker), new(invoker), new(invoker));
        _tokens = tokens;
        _proofs = proofs;
        _telemetry = telemetry;
        _ownToken = TokenRequest.ForCalls(_options);
        _log = log;
    }

    public string RealmId => _options.RealmId;

    public IamClientOptions Options => _options;

    /// <summary>For calls that this class does not make itself: streams.</summary>
    public IamClients Clients => _clients;

    /// <summary>Whether a refusal tells what a proof must have, so that the same call is good with the next one.</summary>
    public bool Learn(RpcException refusal) => _proofs.Learn(refusal);

    /// <summary>This application's token for its own calls.</summary>
    public Task<AccessToken> TokenAsync(CancellationToken cancellationToken) => OwnTokenAsync(Deadline(), cancellationToken).AsTask();

    public CallDeadline Deadline() => CallDeadline.After(_options.Timeout);

    /// <summary>Waits until calls can be made without waiting for a token, or until it is clear that they cannot.</summary>
    public async Task ReadyAsync()
    {
        try
        {
            await OwnTokenAsync(Deadline(), CancellationToken.None);
        }
        catch (Exception)
        {
            // Whatever it is, each call meets it for itself.
        }
    }

    public async Task<string> OwnTokenAsync(CancellationToken cancellationToken) =>
        (await OwnTokenAsync(Deadline(), cancellationToken)).Value;

    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        string operation,
        Func<IamClients, TRequest, CallOptions, AsyncUnaryCall<TResponse>> call,
        TRequest request,
        CallDeadline deadline,
        CancellationToken cancellationToken)
    {
        using var measured = _telemetry.Begin(operation);
        try
        {
            return await AuthorizedAsync(call, request, deadline, cancellationToken);
        }
        catch (Exception fault)
        {
            measured.Failed(fault);
            throw;
        }
    }

    private async Task<TResponse> AuthorizedAsync<TRequest, TResponse>(
        Func<IamClients, TRequest, CallOptions, AsyncUnaryCall<TResponse>> call,
        TRequest request,
        CallDeadline deadline,
        CancellationToken cancellationToken)
    {
        for (var again = false; ; again = true)
        {
            var token = await OwnTokenAsync(deadline, cancellationToken);
            try
            {
                using var running = call(_clients, request, new CallOptions(token.Headers, deadline.Utc, cancellationToken));
                return await running.ResponseAsync;
            }
            catch (RpcException fault) when (_proofs.Learn(fault) && !again)
            {
                // The same again, with a proof that has the nonce.
            }
            catch (RpcException fault) when (fault.StatusCode == StatusCode.Unauthenticated && !again && token.TryReplace())
            {
                Log.TokenReplaced(_log);
            }
            catch (RpcException fault)
            {
                throw RpcFault.ToException(fault, _options, asked: null, cancellationToken);
            }
        }
    }

    private ValueTask<AccessToken> OwnTokenAsync(CallDeadline deadline, CancellationToken cancellationToken)
    {
        var token = _tokens.GetAsync(_ownToken, cancellationToken);
        return token.IsCompleted ? token : new(WaitAsync(token.AsTask(), deadline, cancellationToken));
    }

    private async Task<AccessToken> WaitAsync(Task<AccessToken> token, CallDeadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await token.WaitAsync(deadline.Remaining, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw RpcFault.DeadlineExceeded(_options, late);
        }
    }
}
