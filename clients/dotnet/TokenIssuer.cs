using Grpc.Core;
using Microsoft.Extensions.Options;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client;

/// <summary>RFC 6749 section 4.4 and RFC 8693 over gRPC: asks for an access token with this application's own credentials.</summary>
internal sealed class TokenIssuer(IamChannel channel, ClientAssertions assertions, IOptions<IamClientOptions> options, TimeProvider clock)
{
    private readonly Wire.TokenService.TokenServiceClient _tokens = new(channel.Invoker);
    private readonly IamClientOptions _options = options.Value;

    public async Task<AccessToken> IssueAsync(TokenRequest request, string? subjectToken, CancellationToken cancellationToken)
    {
        var askedAt = clock.GetUtcNow();
        try
        {
            var issued = await _tokens.IssueTokenAsync(ToWire(request, subjectToken), new CallOptions(
                deadline: CallDeadline.After(_options.Timeout).Utc,
                cancellationToken: cancellationToken));
            // What is exchanged lives no longer than what it comes from: to renew it ahead gives the same again.
            return ToAccessToken(issued, askedAt, subjectToken is null ? _options.RenewAhead : TimeSpan.Zero);
        }
        catch (RpcException fault)
        {
            throw RpcFault.ToException(fault, _options, cancellationToken);
        }
    }

    private Wire.IssueTokenRequest ToWire(TokenRequest request, string? subjectToken)
    {
        var message = new Wire.IssueTokenRequest
        {
            RealmId = _options.RealmId,
            ClientId = _options.ClientId,
            ClientSecret = _options.ClientSecret,
            ClientAssertion = assertions.Make() ?? "",
        };
        if (subjectToken is null)
        {
            message.ClientCredentials = new()
            {
                Scopes = { request.Scopes },
                OrganizationId = request.OrganizationId ?? "",
                Audience = request.Audience ?? "",
            };
        }
        else
        {
            message.TokenExchange = new()
            {
                SubjectToken = subjectToken,
                Scopes = { request.Scopes },
                OrganizationId = request.OrganizationId ?? "",
                Audience = request.Audience ?? "",
            };
        }
        return message;
    }

    private static AccessToken ToAccessToken(Wire.IssueTokenResponse issued, DateTimeOffset askedAt, TimeSpan renewAhead) =>
        new(issued.AccessToken, askedAt, issued.ExpiresIn?.ToTimeSpan() ?? TimeSpan.Zero, renewAhead)
        {
            Scopes = [.. issued.Scopes],
            OrganizationId = issued.OrganizationId is "" ? null : issued.OrganizationId,
        };
}
