using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Tokens;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Token.Exchange;

/// <summary>realm-admin's audit over gRPC.</summary>
/// <param name="realmAdmin">The channel, with the credentials and a deadline.</param>
public sealed class GrpcImpersonationAudit(CallInvoker realmAdmin) : IImpersonationAudit
{
    private readonly Wire.AuditService.AuditServiceClient _client = new(realmAdmin);

    public async Task RecordAsync(ExchangeRequest exchange, TokenExchangeRule rule, IssuedToken issued, CancellationToken cancellationToken)
    {
        var request = new Wire.RecordImpersonationRequest
        {
            RealmId = exchange.Realm.RealmId,
            TokenId = issued.TokenId,
            ClientId = exchange.Client.ClientId,
            ActorId = exchange.Actor?.Subject.Id ?? "",
            SubjectId = exchange.Subject.Subject.Id,
            SubjectTokenId = exchange.Subject.TokenId,
            Rule = rule.Name,
            Scopes = { issued.Scopes },
            OrganizationId = issued.OrganizationId ?? "",
        };
        try
        {
            await _client.RecordImpersonationAsync(request, cancellationToken: cancellationToken);
        }
        catch (RpcException failure)
        {
            throw new IamException(ErrorReason.ServiceUnavailable, "The audit cannot be written, so nobody acts as somebody else.", failure)
            {
                Metadata = new Dictionary<string, string> { ["service"] = ServiceNames.RealmAdmin },
            };
        }
    }
}
