using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>Realm-admin over gRPC.</summary>
/// <param name="realmAdmin">The channel, with the credentials.</param>
public sealed class GrpcUpstreamUsers(CallInvoker realmAdmin) : IUpstreamUsers
{
    private readonly Wire.UserService.UserServiceClient _client = new(realmAdmin);

    public async Task<UpstreamUser> ResolveAsync(string realmId, UpstreamSubject subject, CancellationToken cancellationToken)
    {
        var request = new Wire.ResolveUserRequest
        {
            RealmId = realmId,
            ExternalIdentity = new() { Issuer = subject.Issuer, Subject = subject.Subject },
            DisplayName = subject.DisplayName,
            AssertionIssuer = subject.AssertionIssuer,
        };
        try
        {
            var resolved = await _client.ResolveUserAsync(request, cancellationToken: cancellationToken);
            return new UpstreamUser(resolved.UserId, resolved.Revision);
        }
        catch (RpcException failure) when (IsDecision(failure))
        {
            throw new IamException(ErrorReason.AccessDenied, "The user is not known here.", failure);
        }
        catch (RpcException failure)
        {
            throw new IamException(ErrorReason.ServiceUnavailable, "The realm's users cannot be looked up.", failure)
            {
                Metadata = new Dictionary<string, string> { ["service"] = ServiceNames.RealmAdmin },
            };
        }
    }

    /// <summary>Nobody's, or somebody whom no user can be.</summary>
    private static bool IsDecision(RpcException failure) =>
        RichStatus.ReasonOf(failure) is { } name
        && (name == RichStatus.NameOf(ErrorReason.ResourceNotFound) || name == RichStatus.NameOf(ErrorReason.InvalidArgument));
}
