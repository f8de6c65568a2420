using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting.DirectCalls;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Audit;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.MutualTls;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Permissions;
using Pltfrms.Iam.Token.SenderConstraints;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>TokenService over gRPC: who calls, and messages to records and back.</summary>
public sealed class TokenGrpcService(CallerGate gate, LocalAccessTokenAuthorizer callers, RecordedIssue issue, IntrospectToken introspect, RevokeToken revoke, ClientCertificates certificates)
    : Wire.TokenService.TokenServiceBase
{
    // Goes with the verified token. Nobody changes an answer once it is made.
    private readonly ConditionalWeakTable<AccessToken, KeptAnswer<Wire.IntrospectTokenResponse>> _answers = [];

    public override async Task<Wire.IssueTokenResponse> IssueToken(Wire.IssueTokenRequest request, ServerCallContext context)
    {
        var issued = await issue.ExecuteAsync(ToRequest(request, context), context.CancellationToken);
        var response = new Wire.IssueTokenResponse
        {
            AccessToken = issued.AccessToken,
            TokenType = issued.TokenType,
            ExpiresIn = Duration.FromTimeSpan(issued.ExpiresIn),
            OrganizationId = issued.OrganizationId ?? "",
            Revision = issued.Revision,
            RefreshToken = issued.RefreshToken ?? "",
            GrantId = issued.GrantId ?? "",
            AuthorizationDetails = AuthorizationDetailList.Write(issued.AuthorizationDetails),
            DpopNonce = issued.DpopNonce ?? "",
        };
        response.Scopes.Add(issued.Scopes);
        return response;
    }

    public override async Task<Wire.IntrospectTokenResponse> IntrospectToken(Wire.IntrospectTokenRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.TokensIntrospect);
        PresentationMapping.RequireValid(request.Presentation);
        var (token, revision) = await introspect.ExecuteAsync(
            request.RealmId, request.Token, request.Presentation.ToRecord(), request.MinRevision, context.CancellationToken);
        return token is null ? new Wire.IntrospectTokenResponse { Revision = revision } : AnswerFor(token, revision).For(context);
    }

    public override async Task<Wire.RevokeTokenResponse> RevokeToken(Wire.RevokeTokenRequest request, ServerCallContext context)
    {
        var (by, onlyOfClientId) = await RevokerAsync(request.RealmId, context);
        if (request.Token.Length == 0)
        {
            throw new IamException(ErrorReason.InvalidArgument, "The request has no token.") { Violations = [new("token", "is required")] };
        }

        var outcome = await revoke.ExecuteAsync(request.RealmId, request.Token, onlyOfClientId, by, context.CancellationToken);
        return outcome == RevocationOutcome.NotTheirs
            ? throw LocalAccessTokenAuthorizer.Denied(IamPermissions.TokensRevoke, request.RealmId)
            : new Wire.RevokeTokenResponse();
    }

    /// <summary>Who calls, with null where the caller may revoke any token, else the client whose tokens it may revoke: itself.</summary>
    private async ValueTask<(Revoker By, string? OnlyOfClientId)> RevokerAsync(string realmId, ServerCallContext context)
    {
        try
        {
            return (Revoker.Of(await gate.RequireAsync(context, realmId, IamPermissions.TokensRevoke), context.GetHttpContext()), null);
        }
        catch (IamException exception) when (exception.Reason == ErrorReason.PermissionDenied)
        {
            var (credential, proof) = gate.PresentedIn(context);
            var token = await callers.AuthenticateAsync(credential, proof, realmId, context.CancellationToken);
            return (Revoker.Client(token.ClientId, context.GetHttpContext()), token.ClientId);
        }
    }

    private TokenRequest ToRequest(Wire.IssueTokenRequest request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var asked = TokenRequestMapping.ToRequest(request, CredentialsOf(request) with { Certificate = certificates.Of(http) }, SourceAddress.Of(http));
        return asked with { CorrelationId = TraceId.Of(http) };
    }

    private static ClientCredentials CredentialsOf(Wire.IssueTokenRequest request) =>
        request.ClientAssertion.Length == 0 ? new ClientCredentials(request.ClientId, request.ClientSecret)
            : request.ClientSecret.Length == 0 ? PrivateKeyJwt.Read(request.ClientId, request.ClientAssertion)
            : throw new IamException(ErrorReason.InvalidRequest, "The request uses more than one client authentication method.");

    /// <summary>The answer about an active token, made once for each revision that it is asked for at.</summary>
    private KeptAnswer<Wire.IntrospectTokenResponse> AnswerFor(AccessToken token, long revision)
    {
        if (_answers.TryGetValue(token, out var known) && known.Message.Revision == revision)
        {
            return known;
        }

        var answer = new KeptAnswer<Wire.IntrospectTokenResponse>(ToWire(token, revision));
        _answers.AddOrUpdate(token, answer);
        return answer;
    }

    private static Wire.SubjectType TypeOf(Principal principal) =>
        principal.Type == MemberType.User ? Wire.SubjectType.User : Wire.SubjectType.Client;

    private static Wire.Confirmation ToWire(Confirmation confirmation) => new()
    {
        JwkThumbprint = confirmation.JwkThumbprint ?? "",
        CertificateThumbprint = confirmation.CertificateThumbprint ?? "",
    };

    private static Wire.AssertionSource? ToWire(AssertionSource? source) => source is null ? null : new()
    {
        Name = source.Name,
        Issuer = source.Issuer ?? "",
        RealmId = source.Token?.RealmId ?? "",
        ClientId = source.ClientId,
        RoleIds = { source.RoleIds },
        AssertsRoles = source.AssertsRoles,
    };

    private static Wire.IntrospectTokenResponse ToWire(AccessToken token, long revision)
    {
        var response = new Wire.IntrospectTokenResponse
        {
            Active = true,
            Revision = revision,
            ClientId = token.ClientId,
            UserId = token.UserId ?? "",
            Subject = token.Subject.Id,
            SubjectType = TypeOf(token.Subject),
            OrganizationId = token.OrganizationId ?? "",
            Issuer = token.Issuer,
            TokenId = token.TokenId,
            IssueTime = Timestamp.FromDateTimeOffset(token.IssuedAt),
            ExpireTime = Timestamp.FromDateTimeOffset(token.ExpiresAt),
            TokenType = Confirmation.TokenTypeOf(token.Confirmation),
            Confirmation = token.Confirmation is { } confirmation ? ToWire(confirmation) : null,
            Acr = token.Acr ?? "",
            GrantId = token.GrantId ?? "",
            DelegationId = token.DelegationId ?? "",
            MayAct = token.MayAct is { } mayAct ? new() { Subject = mayAct.Id, SubjectType = TypeOf(mayAct) } : null,
            AuthorizationDetails = AuthorizationDetailList.Write(token.AuthorizationDetails),
            AuthenticationTime = token.AuthenticatedAt is { } time ? Timestamp.FromDateTimeOffset(time) : null,
        };
        response.Scopes.Add(token.Scopes);
        response.Assertion = ToWire(token.Assertion);
        response.Audiences.Add(token.Audiences);
        response.Actors.Add(token.Actors.Select(actor => new Wire.Actor { Subject = actor.Id, SubjectType = TypeOf(actor) }));
        return response;
    }
}
