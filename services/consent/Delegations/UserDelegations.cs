using System.Collections.Frozen;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Consent.Delegations;

/// <summary>The delegations of users, which realm-admin keeps.</summary>
public sealed class UserDelegations(PeerChannels peers)
{
    // What the user can do something about; everything else is not the user's doing.
    private static readonly FrozenDictionary<string, ErrorReason> Refusals = new[]
    {
        ErrorReason.GrantExceedsOwn, ErrorReason.DanglingReference, ErrorReason.InvalidArgument, ErrorReason.InvalidName, ErrorReason.TextTooLong,
        ErrorReason.TooManyDelegations, ErrorReason.NotOffered, ErrorReason.ResourceNotFound, ErrorReason.RealmNotFound,
    }.ToFrozenDictionary(RichStatus.NameOf);

    private readonly Wire.DelegationService.DelegationServiceClient _delegations = new(peers.Invoker(ServiceNames.RealmAdmin));

    /// <summary>Who may act for a user, and for whom the user may act.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, SERVICE_UNAVAILABLE.</exception>
    public Task<OwnDelegations> ListAsync(string realmId, string userId, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            var answer = await _delegations.ListOwnDelegationsAsync(new() { RealmId = realmId, UserId = userId }, cancellationToken: cancellationToken);
            return new OwnDelegations([.. answer.Granted.Select(one => one.ToRecord())], [.. answer.Received.Select(one => one.ToRecord())]);
        },
        cancellationToken);

    /// <summary>Lets somebody act for a user, who is there and says so.</summary>
    /// <exception cref="IamException">What <c>DelegationService.GrantOwnDelegation</c> lists; SERVICE_UNAVAILABLE.</exception>
    public Task<DelegationRecord> GrantAsync(string realmId, string userId, NewDelegation delegation, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            var request = new Wire.GrantOwnDelegationRequest { RealmId = realmId, UserId = userId, Delegation = ToWire(delegation) };
            return (await _delegations.GrantOwnDelegationAsync(request, cancellationToken: cancellationToken)).Delegation.ToRecord();
        },
        cancellationToken);

    /// <summary>Ends a delegation that a user gave or was given.</summary>
    /// <exception cref="IamException">RESOURCE_NOT_FOUND also where it is somebody else's; SERVICE_UNAVAILABLE.</exception>
    public Task RevokeAsync(string realmId, string userId, string delegationId, CancellationToken cancellationToken) => AskAsync(
        async () => await _delegations.RevokeOwnDelegationAsync(
            new() { RealmId = realmId, UserId = userId, DelegationId = delegationId }, cancellationToken: cancellationToken),
        cancellationToken);

    private static Wire.Delegation ToWire(NewDelegation delegation)
    {
        var wire = new Wire.Delegation
        {
            Scopes = { delegation.Scopes },
            OrganizationId = delegation.OrganizationId,
            ExpireTime = delegation.ExpiresAt?.ToTimestamp(),
            MaxDepth = delegation.MaxDepth,
            Reason = delegation.Reason,
        };
        if (delegation.DelegateUserId.Length > 0)
        {
            wire.DelegateUserId = delegation.DelegateUserId;
        }

        if (delegation.DelegateClientId.Length > 0)
        {
            wire.DelegateClientId = delegation.DelegateClientId;
        }

        return wire;
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (RpcException exception) when (RichStatus.ReasonOf(exception) is { } reason && Refusals.TryGetValue(reason, out var refusal))
        {
            throw new IamException(refusal, exception.Status.Detail, exception);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IamException(ErrorReason.ServiceUnavailable, "The service that keeps delegations does not answer.", exception)
            {
                Metadata = new Dictionary<string, string> { ["service"] = ServiceNames.RealmAdmin },
            };
        }
        catch (RpcException exception)
        {
            throw new OperationCanceledException("The caller is gone.", exception, cancellationToken);
        }
    }
}

/// <summary>The delegations of one user, expired ones among them.</summary>
public sealed record OwnDelegations(IReadOnlyList<DelegationRecord> Granted, IReadOnlyList<DelegationRecord> Received);
