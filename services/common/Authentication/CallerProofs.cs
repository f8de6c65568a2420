using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Reads what a call carries to prove the key that its access token is bound to.</summary>
public sealed class CallerProofs(IOptions<ListenSettings> listen)
{
    private const string Header = "DPoP";

    private readonly string? _address = listen.Value.PublicGrpc?.TrimEnd('/');

    /// <summary>The same object each time that one call is asked about.</summary>
    /// <exception cref="IamException">INVALID_DPOP_PROOF where there is none, or more than one (RFC 9449 section 4.3).</exception>
    internal CallerProof Of(ServerCallContext context, HttpContext http)
    {
        if (context.UserState.TryGetValue(typeof(CallerProof), out var known))
        {
            return (CallerProof)known;
        }

        var proof = http.Request.Headers[Header] switch
        {
            [] => throw Refused("is missing"),
            [{ Length: > 0 } text] => new CallerProof(text, $"{_address ?? AddressOf(http.Request)}{http.Request.Path}"),
            [_] => throw Refused("is empty"),
            _ => throw Refused("comes more than once"),
        };
        context.UserState[typeof(CallerProof)] = proof;
        return proof;
    }

    private string AddressOf(HttpRequest request)
    {
        var isHttps = request.IsHttps || listen.Value.BehindTlsProxy;
        return $"{(isHttps ? "https" : "http")}://{RequestHost.Of(request, isHttps, listen.Value.BehindTlsProxy) ?? request.Host.Value}";
    }

    private static IamException Refused(string why) => new(ErrorReason.InvalidDpopProof, $"The DPoP proof {why}.");
}
