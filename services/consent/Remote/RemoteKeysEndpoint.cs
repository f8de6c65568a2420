using Pltfrms.Iam.Consent.Pages;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary><c>GET /realms/{realm}/consent/jwks</c>: what a remote consent server verifies requests with and encrypts answers for.</summary>
public sealed class RemoteKeysEndpoint(RemoteConsentKeys keys)
{
    public const string Path = "/consent/jwks";

    private const string Caching = "public, max-age=300";

    public Task HandleAsync(HttpContext context) =>
        PageResponse.WriteJsonAsync(context, writer => keys.WritePublic(writer, PageRoutes.RealmOf(context)), Caching);
}
