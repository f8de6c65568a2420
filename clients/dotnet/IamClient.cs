using Pltfrms.Iam.Client.Decisions;
using Pltfrms.Iam.Client.Feeds;
using Pltfrms.Iam.Client.Local;
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
    private readonly IamCalls _calls;
    private readonly RemoteDecisions _remote;
    private readonly CachedDecisions _cached;
    private readonly LocalDecisions _local;
    private readonly IamMode _mode;
    private readonly IamTelemetry _telemetry;
    private string? _issuer;

    internal IamClient(IamCalls calls, RemoteDecisions remote, CachedDecisions cached, LocalDecisions local, IamMode mode, IamTelemetry telemetry)
    {
        _calls = calls;
        _remote = remote;
        _cached = cached;
        _local = local;
        _mode = mode;
        _telemetry = telemetry;
    }

    internal DecisionFeeds Feeds => _local.Feeds;

    internal IamClientOptions Options => _calls.Options;

    /// <summary>Tells whether a token is active and what it stands for (RFC 7662). A token that is none is not an error.</summary>
    public Task<Introspection> IntrospectAsync(string token, CancellationToken cancellationToken) =>
        IntrospectAsync(token, minRevision: 0, cancellationToken);

    /// <summary>As the other overload, at the realm revision that an admin write returned, or later.</summary>
    public Task<Introspection> IntrospectAsync(string token, long minRevision, CancellationToken cancellationToken) =>
        IntrospectAsync(token, minRevision, IamMode.Configured, cancellationToken);

    /// <summary>As the other overloads, in a mode of the caller's choice.</summary>
    public Task<Introspection> IntrospectAsync(string token, long minRevision, IamMode mode, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Source(mode).IntrospectAsync(token, minRevision, cancellationToken);
    }

    /// <summary>Decides one check; for an access token it is introspected in the same call.</summary>
    public Task<PermissionDecision> CheckPermissionAsync(PermissionCheck check, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(check);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromException<PermissionDecision>(new OperationCanceledException(cancellationToken));
        }
        var mode = Mode(check.Mode);
        return Counted(Source(mode).CheckAsync(check, cancellationToken), mode);
    }

    /// <summary>
    /// Whether the bearer of an access token may do something, in the organization or, where there is none, in the token's own. The short
    /// form of the other overload; in the mode <see cref="IamMode.Local"/> the answer to a question that was asked before costs no memory.
    /// </summary>
    public Task<PermissionDecision> CheckPermissionAsync(
        string accessToken, string permission, string? organizationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(accessToken);
        ArgumentNullException.ThrowIfNull(permission);
        if (_mode == IamMode.Local && !cancellationToken.IsCancellationRequested)
        {
            return Counted(_local.CheckAsync(accessToken, permission, organizationId, cancellationToken), IamMode.Local);
        }
        var subject = PermissionSubject.AccessToken(accessToken);
        return CheckPermissionAsync(new() { Subject = subject, Permission = permission, OrganizationId = organizationId }, cancellationToken);
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
        // All are decided at one revision, so at the latest that one of them asks for.
        var revision = Math.Max(minRevision, checks.Max(static check => check.MinRevision));
        var request = new Wire.BatchCheckPermissionsRequest { RealmId = _calls.RealmId, MinRevision = revision };
        request.Checks.AddRange(checks.Select(static check => check.ToWire(realmId: "")));
        var response = await _calls.CallAsync(
            "check_batch",
            static (clients, message, options) => clients.Permissions.BatchCheckPermissionsAsync(message, options),
            request,
            _calls.Deadline(),
            cancellationToken);
        RpcFault.RequireAnswers(checks.Count, response.Results.Count);
        return [.. response.Results.Select(static result => result.FromWire())];
    }

    /// <summary>Lists every permission that a check with the same subject and context would allow.</summary>
    public async Task<PermissionList> ListPermissionsAsync(PermissionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var response = await _calls.CallAsync(
            "list_permissions",
            static (clients, message, options) => clients.Permissions.ListPermissionsAsync(message, options),
            query.ToWire(_calls.RealmId),
            _calls.Deadline(),
            cancellationToken);
        return response.FromWire();
    }

    /// <summary>The realm's issuer (<c>iss</c>), as this application's own token names it.</summary>
    public async Task<string> GetIssuerAsync(CancellationToken cancellationToken)
    {
        if (_issuer is { } known)
        {
            return known;
        }
        var own = await _remote.IntrospectAsync(await _calls.OwnTokenAsync(cancellationToken), minRevision: 0, cancellationToken);
        return _issuer = own.Issuer ?? throw RpcFault.Protocol("the token service does not name its issuer");
    }

    private IamMode Mode(IamMode asked) => asked == IamMode.Configured ? _mode : asked;

    private Task<PermissionDecision> Counted(Task<PermissionDecision> decision, IamMode mode)
    {
        if (!decision.IsCompletedSuccessfully)
        {
            return CountedAsync(decision, mode);
        }
        _telemetry.CountDecision(decision.Result, mode);
        return decision;
    }

    private async Task<PermissionDecision> CountedAsync(Task<PermissionDecision> deciding, IamMode mode)
    {
        var decision = await deciding;
        _telemetry.CountDecision(decision, mode);
        return decision;
    }

    private DecisionSource Source(IamMode mode) =>
        Mode(mode) switch
        {
            IamMode.Remote => _remote,
            IamMode.Cached => _cached,
            IamMode.Local => _local,
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "no such mode"),
        };
}
