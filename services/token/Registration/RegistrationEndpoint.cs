using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>RFC 7591 section 3: a client registers itself.</summary>
public sealed class RegistrationEndpoint(RegisteringRealms realms, IClientRegistrations registrations, Issuers issuers, RateLimits limits)
{
    public const string Path = "/oauth2/register";

    public async Task HandleAsync(HttpContext context)
    {
        limits.RequireRegistration(context);
        var realm = await realms.RequireAsync(context);
        var token = RegistrationToken.Find(context.Request);
        var issuer = issuers.Of(realm);
        var registered = await registrations.RegisterAsync(
            new()
            {
                RealmId = realm.RealmId,
                Metadata = await RegistrationBody.ReadAsync(context.Request, context.RequestAborted),
                InitialAccessToken = token,
                Issuer = issuer,
                SourceAddress = SourceAddress.Of(context)?.ToString() ?? "",
            },
            context.RequestAborted);
        await realms.ReachAsync(realm, registered.Revision, context.RequestAborted);
        await RegistrationAnswer.WriteAsync(context, StatusCodes.Status201Created, registered, issuer);
    }
}
