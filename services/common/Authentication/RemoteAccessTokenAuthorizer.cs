using System.Text.Json;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Asks the token service, in one call, whether an access token is active and covers a permission of this suite, or who its holder is.</summary>
public sealed class RemoteAccessTokenAuthorizer(PeerChannels peers) : IAccessTokenAuthorizer
{
    private readonly PermissionService.PermissionServiceClient _permissions = new(peers.Invoker(ServiceNames.Token));
    private readonly TokenService.TokenServiceClient _tokens = new(peers.Invoker(ServiceNames.Token));

    public async ValueTask<Caller> AuthorizeAsync(
        PresentedToken accessToken, CallerProof? proof, string realmId, string permission, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(accessToken.Text, proof, realmId, permission, cancellationToken);
        if (answer.Reason == DecisionReason.TokenInactive)
        {
            throw NotKnown();
        }

        if (answer.Reason == DecisionReason.SenderConstraintFailed)
        {
            throw proof is null ? NotKnown() : new IamException(ErrorReason.InvalidDpopProof, answer.Trace?.Steps.LastOrDefault() ?? "The DPoP proof is not good.");
        }

        // Before these two nobody looks at the proof.
        if (answer.Reason is not (DecisionReason.UnknownPermission or DecisionReason.AudienceMismatch))
        {
            proof?.Proven();
        }

        // The token service has verified a JWT's bytes, so what they say is true. An opaque token says nothing.
        var caller = CompactJws.Payload(accessToken.Text) is { } claims
            ? CallerOf(claims, realmId)
            : await IdentifyAsync(accessToken, proof, realmId, cancellationToken);
        return RequireAllowed(answer.Allowed, caller, permission);
    }

    public async ValueTask<Caller> IdentifyAsync(PresentedToken accessToken, CallerProof? proof, string realmId, CancellationToken cancellationToken)
    {
        var request = new IntrospectTokenRequest { RealmId = realmId, Token = accessToken.Text, Presentation = PresentationOf(proof) };
        var answer = await AskAsync(() => _tokens.IntrospectTokenAsync(request, cancellationToken: cancellationToken), cancellationToken);
        // What is bound to a key is not taken as if it were not (RFC 9449 section 7.1).
        if (!answer.Active || (answer.Confirmation is null) != (proof is null))
        {
            throw NotKnown();
        }

        proof?.Proven();
        return new Caller
        {
            Kind = CallerKind.Token,
            Id = answer.Subject,
            RealmId = realmId,
            ClientId = answer.ClientId,
            TokenId = answer.TokenId,
            ActChain = answer.Actors.Select(actor => actor.Subject).ToValueList(),
            Actors = answer.Actors.Select(actor => PrincipalOf(actor.SubjectType, actor.Subject)).ToValueList(),
            DelegationId = answer.DelegationId.Length > 0 ? answer.DelegationId : null,
            Principal = PrincipalOf(answer.SubjectType, answer.Subject),
            Scopes = [.. answer.Scopes],
            OrganizationId = answer.OrganizationId.Length > 0 ? answer.OrganizationId : null,
            Acr = answer.Acr.Length > 0 ? answer.Acr : null,
        };
    }

    private static Caller CallerOf(JsonElement claims, string realmId) => new()
    {
        Kind = CallerKind.Token,
        Id = CompactJws.StringOf(claims, "sub") ?? throw NotKnown(),
        RealmId = realmId,
        ClientId = CompactJws.StringOf(claims, "client_id"),
        TokenId = CompactJws.StringOf(claims, "jti"),
        ActChain = CompactJws.ActorsOf(claims),
        OrganizationId = CompactJws.StringOf(claims, "organization_id"),
    };

    private static Principal PrincipalOf(SubjectType type, string id) => type == SubjectType.User ? Principal.User(id) : Principal.Client(id);

    /// <summary>The permissions of this suite are about a whole realm; a token that is tied to an organization is good in that one only.</summary>
    private static Caller RequireAllowed(bool isAllowed, Caller caller, string permission) => isAllowed && caller.OrganizationId is null
        ? caller
        : throw new IamException(ErrorReason.PermissionDenied, $"The call requires {permission} in the realm.")
        {
            Metadata = new Dictionary<string, string> { ["permission"] = permission, ["realm_id"] = caller.RealmId! },
        };

    /// <summary>The token service says whether it is good, and sees to it that it counts once. What it said once is so for the rest of the call.</summary>
    private static SenderPresentation? PresentationOf(CallerProof? proof) => proof switch
    {
        null => null,
        { IsProven: true } => new() { SenderConstraintVerified = true },
        _ => new() { DpopProof = proof.Text, HttpMethod = CallerProof.Method, HttpUri = proof.Address },
    };

    private Task<CheckPermissionResponse> AskAsync(
        string accessToken, CallerProof? proof, string realmId, string permission, CancellationToken cancellationToken)
    {
        var request = new CheckPermissionRequest
        {
            RealmId = realmId,
            AccessToken = accessToken,
            Permission = permission,
            Presentation = PresentationOf(proof),
            IncludeTrace = proof is not null,
        };
        return AskAsync(() => _permissions.CheckPermissionAsync(request, cancellationToken: cancellationToken), cancellationToken);
    }

    private static async Task<T> AskAsync<T>(Func<AsyncUnaryCall<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound
            || RichStatus.ReasonOf(exception) == RichStatus.NameOf(ErrorReason.InvalidArgument))
        {
            // No such realm, or nothing that could be a token: either way nobody whom this realm knows.
            throw NotKnown();
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IamException(ErrorReason.ServiceUnavailable, "The token service does not answer.", exception)
            {
                Metadata = new Dictionary<string, string> { ["service"] = ServiceNames.Token },
            };
        }
        catch (RpcException exception)
        {
            throw new OperationCanceledException("The caller is gone.", exception, cancellationToken);
        }
    }

    private static IamException NotKnown() => new(ErrorReason.Unauthenticated, "The access token is not an active one of this realm.");
}
