using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Hosting.DirectCalls;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>The first line of every internal gRPC method: who calls, and may they?</summary>
public sealed class CallerGate(OperatorKey operatorKey, ServiceAssertions assertions, IAccessTokenAuthorizer tokens, CallerProofs proofs)
{
    private static readonly Caller Operator = new() { Kind = CallerKind.Operator, Id = "operator" };

    /// <summary>
    /// The caller named by the call's <c>authorization</c> header: an operator key, a service assertion or an access token, the last also as <c>DPoP</c>
    /// with a proof (RFC 9449 section 7.1).
    /// </summary>
    /// <param name="context">The call.</param>
    /// <param name="realmId">The realm acted on; empty for a call that spans realms.</param>
    /// <param name="permission">One of <see cref="IamPermissions"/>.</param>
    /// <exception cref="IamException">UNAUTHENTICATED, INVALID_DPOP_PROOF, USE_DPOP_NONCE, PERMISSION_DENIED, or an outage.</exception>
    public async ValueTask<Caller> RequireAsync(ServerCallContext context, string realmId, string permission)
    {
        var (credential, type, isBound) = CredentialOf(context);
        var caller = type switch
        {
            _ when isBound => await FromTokenAsync(credential, proofs.Of(context, HttpOf(context)), realmId, permission, context.CancellationToken),
            ServiceAssertions.Type => FromService(credential.Text, realmId, permission, context),
            CallerCredential.AccessTokenType => await FromTokenAsync(credential, proof: null, realmId, permission, context.CancellationToken),
            _ when operatorKey.Matches(credential) => Operator,
            _ => await FromTokenAsync(credential, proof: null, realmId, permission, context.CancellationToken),
        };
        Note(context, caller);
        return caller;
    }

    /// <summary>The caller, whatever it may do: for services that decide that themselves.</summary>
    /// <param name="context">The call.</param>
    /// <param name="realmIds">The realms whose tokens may be good for the call, the likeliest first.</param>
    /// <exception cref="IamException">UNAUTHENTICATED, INVALID_DPOP_PROOF, USE_DPOP_NONCE, or an outage.</exception>
    public async ValueTask<Caller> IdentifyAsync(ServerCallContext context, IReadOnlyList<string> realmIds)
    {
        var (credential, type, isBound) = CredentialOf(context);
        Caller caller;
        if (!isBound && type == ServiceAssertions.Type)
        {
            var service = assertions.Verify(credential.Text);
            caller = new Caller { Kind = CallerKind.Service, Id = service.Name, Scopes = service.Permissions.Order(StringComparer.Ordinal).ToValueList() };
        }
        else if (!isBound && type != CallerCredential.AccessTokenType && operatorKey.Matches(credential))
        {
            caller = Operator;
        }
        else
        {
            var proof = isBound ? proofs.Of(context, HttpOf(context)) : null;
            caller = (await FromTokenAsync(credential, proof, realmIds, context.CancellationToken)) with { SourceAddress = SourceOf(context) };
        }

        Note(context, caller);
        return caller;
    }

    /// <summary>The realm that the call's access token claims to be of, empty where it names none; null where this is no token. Nothing of it is verified.</summary>
    public static string? ClaimedRealmOf(ServerCallContext context)
    {
        var (credential, type, _) = CredentialOf(context);
        if (type is not null)
        {
            return CompactJws.RealmOf(credential.Text) ?? "";
        }

        return OpaqueValue.IsOne(credential.Text) ? "" : null;
    }

    /// <summary>The refusal of a caller that is known and lacks a permission.</summary>
    public static IamException Denied(string realmId, string permission) =>
        new(ErrorReason.PermissionDenied, $"The call requires {permission}.")
        {
            Metadata = new Dictionary<string, string> { ["permission"] = permission, ["realm_id"] = realmId },
        };

    /// <summary>Sensitive: what the call presents, for a service that asks more about it; with the proof that came with it.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED, INVALID_DPOP_PROOF.</exception>
    public (PresentedToken Token, CallerProof? Proof) PresentedIn(ServerCallContext context)
    {
        var (token, _, isBound) = CredentialOf(context);
        return (token, isBound ? proofs.Of(context, HttpOf(context)) : null);
    }

    /// <summary>The caller that <see cref="RequireAsync"/> found, also where it then refused a service; null before that.</summary>
    internal static Caller? CallerOf(ServerCallContext context) =>
        context is DirectCallContext direct ? direct.Caller
            : context.UserState.TryGetValue(typeof(Caller), out var caller) ? (Caller)caller
            : null;

    private static void Note(ServerCallContext context, Caller caller)
    {
        if (context is DirectCallContext direct)
        {
            direct.Caller = caller;
        }
        else
        {
            context.UserState[typeof(Caller)] = caller;
        }
    }

    private static HttpContext HttpOf(ServerCallContext context) => context is DirectCallContext direct ? direct.Http : context.GetHttpContext();

    /// <summary>The peer's address; an IPv4 peer of a dual-stack socket as IPv4, which is what operators write down.</summary>
    private static IPAddress? SourceOf(ServerCallContext context) =>
        HttpOf(context).Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : HttpOf(context).Connection.RemoteIpAddress;

    private static CallerCredential CredentialOf(ServerCallContext context)
    {
        // Not context.RequestHeaders, which copies every header of the call.
        var http = HttpOf(context);
        var headers = http.Request.Headers.Authorization;
        if (headers.Count > 1)
        {
            throw Unauthenticated("The call carries more than one authorization header.");
        }

        return (string?)headers is { } header && CallerCredential.IsIn(header)
            ? ConnectionMemory.Of(http).Read(header, CallerCredential.Read)
            : throw Unauthenticated($"The call needs the header authorization: Bearer, or DPoP, of {CallerCredential.MaxLength} characters at the most.");
    }

    private Caller FromService(string assertion, string realmId, string permission, ServerCallContext context)
    {
        var service = assertions.Verify(assertion);
        var caller = new Caller { Kind = CallerKind.Service, Id = service.Name };
        Note(context, caller);
        return service.Permissions.Contains(permission) ? caller : throw Denied(realmId, permission);
    }

    private ValueTask<Caller> FromTokenAsync(PresentedToken token, CallerProof? proof, string realmId, string permission, CancellationToken cancellationToken) =>
        realmId.Length > 0
            ? tokens.AuthorizeAsync(token, proof, realmId, permission, cancellationToken)
            : new(RefuseAsync(token, proof, permission, cancellationToken));

    /// <summary>
    /// A token is of one realm, so it is never good for a call that spans realms or names none. Whether it is good at all
    /// still decides which error its holder sees.
    /// </summary>
    private async Task<Caller> RefuseAsync(PresentedToken token, CallerProof? proof, string permission, CancellationToken cancellationToken)
    {
        if (CompactJws.RealmOf(token.Text) is { Length: > 0 } own)
        {
            await tokens.AuthorizeAsync(token, proof, own, permission, cancellationToken);
            throw Denied(realmId: "", permission);
        }

        throw Unauthenticated("The credential is not known.");
    }

    private async Task<Caller> FromTokenAsync(PresentedToken token, CallerProof? proof, IReadOnlyList<string> realmIds, CancellationToken cancellationToken)
    {
        foreach (var realmId in realmIds)
        {
            try
            {
                return await tokens.IdentifyAsync(token, proof, realmId, cancellationToken);
            }
            catch (IamException exception) when (exception.Reason == ErrorReason.Unauthenticated)
            {
                // Perhaps it is one of the next realm's.
            }
        }

        throw Unauthenticated("The credential is not known.");
    }

    private static IamException Unauthenticated(string message) => new(ErrorReason.Unauthenticated, message);
}
