using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Client.AspNetCore;

/// <summary>Where this service's metadata are (RFC 9728 section 3.1), once they are mapped.</summary>
internal sealed class ResourceMetadataAddress(IOptionsMonitor<IamAuthenticationOptions> options)
{
    public const string Wellknown = "/.well-known/oauth-protected-resource";

    /// <summary>The path: the well-known part, then the path of the resource's own address.</summary>
    public string Path { get; } = Uri.TryCreate(options.Get(IamAuthenticationOptions.DefaultScheme).Audience, UriKind.Absolute, out var resource)
        && resource.Scheme is "https" or "http" && resource.AbsolutePath is not "/"
            ? Wellknown + resource.AbsolutePath.TrimEnd('/')
            : Wellknown;

    public bool Mapped { get; set; }

    public string? Of(HttpRequest request) => Mapped ? $"{request.Scheme}://{request.Host}{request.PathBase}{Path}" : null;
}
