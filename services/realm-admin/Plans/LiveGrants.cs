using System.Runtime.CompilerServices;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>Asks the token service for the grants that are in use.</summary>
public sealed class LiveGrants(PeerChannels peers)
{
    private const int PageSize = 1_000;

    private readonly GrantService.GrantServiceClient _grants = new(peers.Invoker(ServiceNames.Token));

    /// <param name="realmId">The realm.</param>
    /// <param name="principal">Of a user, or of a client; null: all of the realm.</param>
    /// <param name="cancellationToken">Of the call.</param>
    /// <exception cref="IamException">SERVICE_UNAVAILABLE: no answer is not the answer that there are none.</exception>
    public async IAsyncEnumerable<Grant> ListAsync(
        string realmId, Principal? principal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListGrantsRequest
        {
            RealmId = realmId,
            UserId = principal is { Type: Common.Realms.Model.MemberType.User, Id: var userId } ? userId : "",
            ClientId = principal is { Type: Common.Realms.Model.MemberType.Client, Id: var clientId } ? clientId : "",
            PageSize = PageSize,
        };
        do
        {
            var page = await AskAsync(request, cancellationToken);
            foreach (var grant in page.Grants)
            {
                yield return grant;
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    private async Task<ListGrantsResponse> AskAsync(ListGrantsRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _grants.ListGrantsAsync(request, cancellationToken: cancellationToken);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IamException(ErrorReason.ServiceUnavailable, "The token service does not say which grants are in use.", exception)
            {
                Metadata = new Dictionary<string, string> { ["service"] = ServiceNames.Token },
            };
        }
        catch (RpcException exception)
        {
            throw new OperationCanceledException("The caller is gone.", exception, cancellationToken);
        }
    }
}
