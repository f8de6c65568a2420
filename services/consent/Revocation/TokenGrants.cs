using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Consent.Revocation;

/// <summary>The grants that the token service keeps.</summary>
public sealed class TokenGrants(PeerChannels peers)
{
    private const int PageSize = 1000;

    private readonly GrantService.GrantServiceClient _grants = new(peers.Invoker(ServiceNames.Token));

    /// <summary>Revokes what fits; how many there were.</summary>
    /// <param name="revocation">What fits.</param>
    /// <param name="givenBefore">Grants that were given later stay; null: none stays.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="IamException">SERVICE_UNAVAILABLE; asking again does the rest.</exception>
    public async Task<int> RevokeAsync(GrantRevocation revocation, DateTimeOffset? givenBefore, CancellationToken cancellationToken)
    {
        var request = new RevokeGrantsRequest
        {
            RealmId = revocation.RealmId,
            UserId = revocation.UserId,
            ClientId = revocation.ClientId,
            Scopes = { revocation.Scopes },
            GivenBefore = givenBefore?.ToTimestamp(),
        };
        if (revocation.OrganizationId is { } organizationId)
        {
            request.OrganizationId = organizationId;
        }

        try
        {
            return (await _grants.RevokeGrantsAsync(request, cancellationToken: cancellationToken)).RevokedCount;
        }
        catch (RpcException exception) when (RichStatus.ReasonOf(exception) == RichStatus.NameOf(ErrorReason.RealmNotFound))
        {
            // Where there is no realm, no token of it is good.
            return 0;
        }
        catch (RpcException exception)
        {
            throw Unavailable(exception, cancellationToken);
        }
    }

    /// <summary>The live grants of a user.</summary>
    /// <exception cref="IamException">SERVICE_UNAVAILABLE.</exception>
    public async Task<IReadOnlyList<Grant>> ListAsync(string realmId, string userId, CancellationToken cancellationToken)
    {
        List<Grant> grants = [];
        var request = new ListGrantsRequest { RealmId = realmId, UserId = userId, PageSize = PageSize };
        try
        {
            do
            {
                var page = await _grants.ListGrantsAsync(request, cancellationToken: cancellationToken);
                grants.AddRange(page.Grants);
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken.Length > 0);
        }
        catch (RpcException exception)
        {
            throw Unavailable(exception, cancellationToken);
        }

        return grants;
    }

    private static Exception Unavailable(RpcException exception, CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested
        ? new OperationCanceledException("The caller is gone.", exception, cancellationToken)
        : new IamException(ErrorReason.ServiceUnavailable, "The token service does not answer.", exception)
        {
            Metadata = new Dictionary<string, string> { ["service"] = ServiceNames.Token },
        };
}
