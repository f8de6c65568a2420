using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Profiles;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Authorization requests, however they come: as parameters, signed (RFC 9101), or by the name of a pushed one (RFC 9126).</summary>
public sealed class AuthorizationRequests(PushedRequests pushed, RequestObjects objects, Issuers issuers)
{
    /// <summary>A browser's request, and the hash of the pushed one that it names; null: it names none.</summary>
    /// <exception cref="AuthorizationRefusedException">For the client.</exception>
    /// <exception cref="IamException">For the user.</exception>
    public async Task<(AuthorizationRequest Request, string? PushedHash)> ReadAsync(
        RealmSnapshot realm, OAuthForm parameters, CancellationToken cancellationToken)
    {
        var clientId = parameters.Require(OAuthParameters.ClientId);
        if (parameters.Find(OAuthParameters.RequestUri) is not { } uri)
        {
            return (Read(realm, clientId, parameters), null);
        }

        RequireNothingBeside(realm, clientId, parameters);

        // RFC 9101 section 5: "the request and request_uri parameters MUST NOT be used together".
        return parameters.Find(OAuthParameters.Request) is null
            ? await pushed.FindAsync(realm, clientId, uri, cancellationToken)
            : throw new IamException(ErrorReason.InvalidRequest, "There must not be both request and request_uri.");
    }

    /// <summary>Keeps a browser's request for when it comes with its cookies; the client, and the request's URI.</summary>
    /// <exception cref="AuthorizationRefusedException">For the client.</exception>
    /// <exception cref="IamException">For the user.</exception>
    public async Task<(string ClientId, string Uri)> KeepAsync(RealmSnapshot realm, OAuthForm parameters, CancellationToken cancellationToken)
    {
        var (request, pushedHash) = await ReadAsync(realm, parameters, cancellationToken);

        // A pushed request is kept already. A copy of it would be spent on its own, and the request could be answered twice.
        var uri = pushedHash is null
            ? await pushed.AddAsync(realm.RealmId, request, cancellationToken)
            : parameters.Require(OAuthParameters.RequestUri);
        return (request.ClientId, uri);
    }

    /// <summary>Keeps what a client pushes; the request's URI.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="client">Authenticated.</param>
    /// <param name="form">What it pushes.</param>
    /// <param name="thumbprint">Of the key that it proved to have; null: none.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="IamException">For the client.</exception>
    public Task<string> PushAsync(RealmSnapshot realm, Client client, OAuthForm form, string? thumbprint, CancellationToken cancellationToken)
    {
        if (form.Find(OAuthParameters.RequestUri) is not null)
        {
            throw new IamException(ErrorReason.InvalidRequest, "A pushed request must not have a request_uri (RFC 9126 section 2.1).");
        }

        var (parameters, isSigned) = Open(realm, client.ClientId, form);
        var (_, target) = ReadAuthorizationRequest.Target(realm, issuers.Of(realm.Realm), parameters);
        RequestObjects.RequireWhereDue(realm, client, isSigned);
        var request = ReadAuthorizationRequest.Request(realm, client, target, parameters);
        if (thumbprint is not null && request.DpopThumbprint is not null && request.DpopThumbprint != thumbprint)
        {
            // RFC 9449 section 10.1.
            throw new IamException(ErrorReason.InvalidRequest, "dpop_jkt is not the thumbprint of the DPoP proof's key.");
        }

        return pushed.AddAsync(realm.RealmId, request with { DpopThumbprint = request.DpopThumbprint ?? thumbprint }, cancellationToken);
    }

    /// <summary>What a browser adds to a pushed request is not looked at; FAPI 2.0 section 5.3.2.2 has it refused.</summary>
    private static void RequireNothingBeside(RealmSnapshot realm, string clientId, OAuthForm parameters)
    {
        if (realm.FindClient(clientId) is { } client
            && SecurityProfiles.IsFapi2(realm.Realm, client)
            && parameters.Names.Any(name => name is not (OAuthParameters.ClientId or OAuthParameters.RequestUri)))
        {
            throw new IamException(ErrorReason.InvalidRequest, "Beside a request_uri there must be the client_id and nothing else.");
        }
    }

    private AuthorizationRequest Read(RealmSnapshot realm, string clientId, OAuthForm parameters)
    {
        var (opened, isSigned) = Open(realm, clientId, parameters);
        var (client, target) = ReadAuthorizationRequest.Target(realm, issuers.Of(realm.Realm), opened);
        try
        {
            if (SecurityProfiles.RequiresPushedRequests(realm.Realm, client))
            {
                throw new IamException(ErrorReason.InvalidRequest, "The client must push its authorization requests.");
            }

            RequestObjects.RequireWhereDue(realm, client, isSigned);
            return ReadAuthorizationRequest.Request(realm, client, target, opened);
        }
        catch (IamException refusal)
        {
            throw new AuthorizationRefusedException(target, refusal);
        }
    }

    private (OAuthForm Parameters, bool IsSigned) Open(RealmSnapshot realm, string clientId, OAuthForm parameters) =>
        parameters.Find(OAuthParameters.Request) is { } requestObject
            ? (objects.Open(realm, issuers.Of(realm.Realm), clientId, requestObject), true)
            : (parameters, false);
}
