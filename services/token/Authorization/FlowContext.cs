using System.Net;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>A request, the realm as it is now, and who is in front of the browser.</summary>
public sealed record FlowContext
{
    public required RealmSnapshot Realm { get; init; }

    public required OpenAuthorization Open { get; init; }

    /// <summary>Null: nobody is logged in.</summary>
    public LoginSession? Session { get; init; }

    public IPAddress? SourceAddress { get; init; }

    /// <summary>The realm's issuer.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where the browser is, and so its cookies: below the address that all realms share, or on the realm's own host.</summary>
    public required string BaseAddress { get; init; }

    public PendingAuthorization Pending => Open.Pending;

    public AuthorizationRequest Request => Open.Request;

    public AuthorizationTarget Target => AuthorizationTarget.Of(Open.Request, Issuer);

    /// <summary>The grant type that tokens will come from.</summary>
    public string GrantType => Request.DeviceHash is null ? AuthorizationCodeGrant.Name : DeviceCodeGrant.Name;

    /// <summary>A refusal for whoever can be told: the client or, where there is no way back to it, the user.</summary>
    public Exception Refused(IamException refusal) => Request.RedirectUri.Length > 0 ? new AuthorizationRefusedException(Target, refusal) : refusal;

    /// <summary>What the user logs in for, by name; null: for own pages.</summary>
    /// <exception cref="IamException">As <see cref="RequireClient"/>.</exception>
    public string? ClientName() => Request.IsForAccount ? null : RequireClient() is { DisplayName.Length: > 0 } named ? named.DisplayName : Request.ClientId;

    /// <summary>That whoever waits for the answer may still have it. The user's own pages always may.</summary>
    /// <exception cref="IamException">As <see cref="RequireClient"/>.</exception>
    public void RequireAsker()
    {
        if (!Request.IsForAccount)
        {
            RequireClient();
        }
    }

    /// <summary>The client, which may have changed since the request began.</summary>
    /// <exception cref="IamException">INVALID_CLIENT or INVALID_REQUEST, for the user: the redirect URI may be good no longer.</exception>
    public Client RequireClient()
    {
        if (Realm.FindClient(Request.ClientId) is not { Disabled: false } client || !client.GrantTypes.AsSpan().Contains(GrantType))
        {
            throw new IamException(ErrorReason.InvalidClient, "The application is not registered here.");
        }

        return Request.DeviceHash is not null || RedirectUris.IsRegistered(client.RedirectUris.AsSpan(), Request.RedirectUri)
            ? client
            : throw new IamException(ErrorReason.InvalidRequest, "The redirect_uri is not registered for the application.");
    }
}
