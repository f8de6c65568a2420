using Grpc.Core;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client.Dpop;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client;

/// <summary>RFC 6749 section 4.4 and RFC 8693 over gRPC: asks for an access token with this application's own credentials.</summary>
internal sealed class TokenIssuer(
    IamChannel channel, ClientAssertions assertions, DpopProofs proofs, IOptions<IamClientOptions> options, TimeProvider clock, IamTelemetry telemetry)
{
    private readonly Wire.TokenService.TokenServiceClient _tokens = new(channel.Invoker);
    private readonly IamClientOptions _options = options.Value;

    public async Task<AccessToken> IssueAsync(TokenRequest request, string? subjectToken, CancellationToken cancellationToken)
    {
        using var measured = telemetry.Begin(subjectToken is null ? "issue_token" : "exchange_token");
        try
        {
            return await AskAsync(request, subjectToken, cancellationToken);
        }
        catch (Exception fault)
        {
            measured.Failed(fault);
            throw;
        }
    }

    private async Task<AccessToken> AskAsync(TokenRequest request, string? subjectToken, CancellationToken cancellationToken)
    {
        var askedAt = clock.GetUtcNow();
        try
        {
            var call = new CallOptions(deadline: CallDeadline.After(_options.Timeout).Utc, cancellationToken: cancellationToken);
            var issued = proofs.AreMade && !request.Unbound
                ? await ProvenAsync(ToWire(request, subjectToken), call)
                : await _tokens.IssueTokenAsync(ToWire(request, subjectToken), call);
            // What is exchanged lives no longer than what it comes from: to renew it ahead gives the same again.
            return ToAccessToken(issued, askedAt, subjectToken is null ? _options.RenewAhead : TimeSpan.Zero);
        }
        catch (RpcException fault)
        {
            throw RpcFault.ToException(fault, _options, request, cancellationToken);
        }
    }

    /// <summary>Where a nonce is missing, once more.</summary>
    private async Task<Wire.IssueTokenResponse> ProvenAsync(Wire.IssueTokenRequest message, CallOptions call)
    {
        message.DpopProof = proofs.ForTokenRequest();
        Wire.IssueTokenResponse issued;
        try
        {
            issued = await _tokens.IssueTokenAsync(message, call);
        }
        catch (RpcException fault) when (proofs.Learn(fault))
        {
            message.DpopProof = proofs.ForTokenRequest();
            // An assertion counts once.
            message.ClientAssertion = assertions.Make() ?? "";
            issued = await _tokens.IssueTokenAsync(message, call);
        }
        proofs.Remember(issued.DpopNonce);
        return issued.TokenType == DpopProofs.Scheme ? issued : throw RpcFault.Protocol("the token is not bound to the key of the proof that it was asked for with");
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

    private AccessToken ToAccessToken(Wire.IssueTokenResponse issued, DateTimeOffset askedAt, TimeSpan renewAhead) =>
        new(issued.AccessToken, askedAt, issued.ExpiresIn?.ToTimeSpan() ?? TimeSpan.Zero, renewAhead)
        {
            Proofs = issued.TokenType == DpopProofs.Scheme ? proofs : null,
            Scopes = [.. issued.Scopes],
            OrganizationId = issued.OrganizationId is "" ? null : issued.OrganizationId,
        };
}
