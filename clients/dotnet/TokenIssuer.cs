using Grpc.Core;
using Microsoft.Extensions.Options;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client;

/// <summary>RFC 6749 section 4.4 over gRPC: asks for an access token with this application's own credentials.</summary>
internal sealed class TokenIssuer(IamChannel channel, IOptions<IamClientOptions> options, TimeProvider clock)
{
    private readonly Wire.TokenService.TokenServiceClient _tokens = new(channel.Invoker);
    private readonly IamClientOptions _options = options.Value;

    public async Task<AccessToken> IssueAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var askedAt = clock.GetUtcNow();
        try
        {
            var issued = await _tokens.IssueTokenAsync(ToWire(request), new CallOptions(
                deadline: CallDeadline.After(_options.Timeout).Utc,
                cancellationToken: cancellationToken));
            return ToAccessToken(issued, askedAt);
        }
        catch (RpcException fault)
        {
            throw RpcFault.ToException(fault, cancellationToken);
        }
    }

    private Wire.IssueTokenRequest ToWire(TokenRequest request) => new()
    {
        RealmId = _options.RealmId,
        ClientId = _options.ClientId,
        ClientSecret = _options.ClientSecret,
        ClientCredentials = new Wire.ClientCredentialsGrant
        {
            Scopes = { request.Scopes },
            OrganizationId = request.OrganizationId ?? "",
            Audience = request.Audience ?? "",
        },
    };

    private AccessToken ToAccessToken(Wire.IssueTokenResponse issued, DateTimeOffset askedAt) =>
        new(issued.AccessToken, askedAt, issued.ExpiresIn?.ToTimeSpan() ?? TimeSpan.Zero, _options.RenewAhead)
        {
            Scopes = [.. issued.Scopes],
            OrganizationId = issued.OrganizationId is "" ? null : issued.OrganizationId,
        };
}
