using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>RFC 7592 section 2: a client reads, replaces or removes its own registration.</summary>
public sealed class RegisteredClientEndpoint(RegisteringRealms realms, IClientRegistrations registrations, Issuers issuers)
{
    /// <summary>The one address whose end is not fixed.</summary>
    public const string Path = $"{RegistrationEndpoint.Path}/{{{RouteValue}}}";

    private const string RouteValue = "clientId";
    private const int MaxIdLength = 128;

    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.RequireAsync(context);
        var token = RegistrationToken.Require(context.Request);
        var clientId = ClientOf(context);
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            await DeleteAsync(context, realm, clientId, token);
            return;
        }

        var issuer = issuers.Of(realm);
        var registered = HttpMethods.IsPut(context.Request.Method)
            ? await registrations.UpdateAsync(
                new()
                {
                    RealmId = realm.RealmId,
                    ClientId = clientId,
                    RegistrationAccessToken = token,
                    Metadata = await RegistrationBody.ReadAsync(context.Request, context.RequestAborted),
                    Issuer = issuer,
                },
                context.RequestAborted)
            : await registrations.ReadAsync(
                new() { RealmId = realm.RealmId, ClientId = clientId, RegistrationAccessToken = token }, context.RequestAborted);
        await realms.ReachAsync(realm, registered.Revision, context.RequestAborted);
        await RegistrationAnswer.WriteAsync(context, StatusCodes.Status200OK, registered, issuer);
    }

    private async Task DeleteAsync(HttpContext context, Realm realm, string clientId, string token)
    {
        var revision = await registrations.DeleteAsync(
            new() { RealmId = realm.RealmId, ClientId = clientId, RegistrationAccessToken = token }, context.RequestAborted);
        await realms.ReachAsync(realm, revision, context.RequestAborted);
        OAuthJson.NoStore(context.Response);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <remarks>Routes match in any case, and whoever guards addresses before us may not.</remarks>
    private static string ClientOf(HttpContext context) =>
        context.Request.RouteValues[RouteValue] is string { Length: > 0 and <= MaxIdLength } clientId
        && clientId.All(char.IsAscii)
        && context.Request.Path.Value!.EndsWith($"{RegistrationEndpoint.Path}/{clientId}", StringComparison.Ordinal)
            ? clientId
            : throw new IamException(ErrorReason.NotOffered, "There is nothing at this address.");
}
