using Microsoft.AspNetCore.Authentication;

namespace Pltfrms.Iam.Client.AspNetCore;

/// <summary>Which access tokens this service accepts, and how they are presented. Bound from the configuration section <c>Iam</c>, too.</summary>
public sealed class IamAuthenticationOptions : AuthenticationSchemeOptions
{
    /// <summary>The name of the authentication scheme, which takes both <c>Authorization: Bearer</c> and <c>Authorization: DPoP</c>.</summary>
    public const string DefaultScheme = "PltfrmsIam";

    /// <summary>This service as a resource server: tokens must be for it (<c>aud</c>, RFC 9068 section 4), and its metadata name it (RFC 9728).</summary>
    public string Audience { get; set => field = value ?? ""; } = "";

    /// <summary>Whether tokens that are not bound to a DPoP key are refused.</summary>
    public bool RequireDpop { get; set; }

    /// <summary>Whether DPoP proofs must carry a nonce of this service's (RFC 9449 section 9). All its instances know each other's.</summary>
    public bool RequireDpopNonce { get; set; }

    /// <summary>How old a DPoP proof may be; for as long it is remembered, so that it counts once on each instance. 60 s unless told.</summary>
    public TimeSpan DpopProofLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many DPoP proofs are remembered; when there are more, requests are answered 503. 100,000 unless told.</summary>
    public int MaxRememberedProofs { get; set; } = 100_000;

    /// <summary>
    /// The header in which a proxy that terminates TLS passes the client's certificate on, as <c>Client-Cert</c> (RFC 9440) or URL-encoded PEM;
    /// believed from <see cref="TrustedProxies"/> only. Empty: certificates come from the connection itself.
    /// </summary>
    public string ClientCertificateHeader { get; set => field = value ?? ""; } = "";

    /// <summary>The networks of proxies that set <see cref="ClientCertificateHeader"/>, and remove it from what they receive: <c>10.0.0.0/8</c>.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>A name for people in this service's metadata (RFC 9728 section 2); empty: none.</summary>
    public string ResourceName { get; set => field = value ?? ""; } = "";

    /// <summary>The scopes that this service's metadata name (RFC 9728 section 2).</summary>
    public IList<string> ScopesSupported { get; } = [];
}
