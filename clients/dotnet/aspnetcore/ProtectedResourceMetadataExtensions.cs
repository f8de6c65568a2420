using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;
using Pltfrms.Iam.Client.AspNetCore.Dpop;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Says what this service is as a resource server, and whom it trusts.</summary>
public static class ProtectedResourceMetadataExtensions
{
    /// <summary>
    /// Maps <c>/.well-known/oauth-protected-resource</c> (RFC 9728), which needs no token; challenges then name it. The issuer
    /// comes from the token service, so that there is nothing to configure: while that cannot be reached, the answer is 503.
    /// </summary>
    public static IEndpointConventionBuilder MapProtectedResourceMetadata(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var address = endpoints.ServiceProvider.GetRequiredService<ResourceMetadataAddress>();
        address.Mapped = true;
        return endpoints.MapGet(address.Path, AnswerAsync).AllowAnonymous();
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, IamClient iam, IOptionsMonitor<IamAuthenticationOptions> monitor)
    {
        var options = monitor.Get(IamAuthenticationOptions.DefaultScheme);
        try
        {
            return Results.Json(Metadata(options, await iam.GetIssuerAsync(http.RequestAborted)));
        }
        catch (IamClientException)
        {
            http.Response.Headers.RetryAfter = "1";
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>RFC 9728 section 2.</summary>
    private static Dictionary<string, object> Metadata(IamAuthenticationOptions options, string issuer)
    {
        Dictionary<string, object> metadata = new()
        {
            ["resource"] = options.Audience,
            ["authorization_servers"] = new[] { issuer },
            ["bearer_methods_supported"] = new[] { "header" },
            ["dpop_signing_alg_values_supported"] = DpopProof.Algorithms.Split(' '),
            ["dpop_bound_access_tokens_required"] = options.RequireDpop,
        };
        if (options.ResourceName is not "")
        {
            metadata["resource_name"] = options.ResourceName;
        }
        if (options.ScopesSupported.Count > 0)
        {
            metadata["scopes_supported"] = options.ScopesSupported;
        }
        return metadata;
    }
}
