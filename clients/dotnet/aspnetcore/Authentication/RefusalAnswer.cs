using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Pltfrms.Iam.Client.AspNetCore.Dpop;

namespace Pltfrms.Iam.Client.AspNetCore.Authentication;

/// <summary>Writes why a request goes no further: the only place that does, for HTTP and for gRPC.</summary>
internal sealed class RefusalAnswer(DpopNonces nonces, ResourceMetadataAddress metadata, IOptions<IamClientOptions> client)
{
    public Task WriteAsync(HttpContext http, Refusal refusal, IamAuthenticationOptions options)
    {
        var response = http.Response;
        response.Headers.CacheControl = "no-store";
        if (refusal.Kind != RefusalKind.Outage && (refusal.HttpStatus == StatusCodes.Status401Unauthorized || refusal.Error is not null))
        {
            response.Headers.WWWAuthenticate = Challenges(http, refusal, options).ToArray();
        }
        if (options.RequireDpopNonce)
        {
            response.Headers["DPoP-Nonce"] = nonces.Next();
        }
        return IsGrpc(http.Request) ? WriteGrpcAsync(response, refusal) : WriteHttpAsync(response, refusal);
    }

    internal static bool IsGrpc(HttpRequest request) => request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    private static Task WriteHttpAsync(HttpResponse response, Refusal refusal)
    {
        response.StatusCode = refusal.HttpStatus;
        if (refusal.Kind == RefusalKind.Outage)
        {
            response.Headers.RetryAfter = "1";
        }
        return response.WriteAsJsonAsync(
            new Dictionary<string, object> { ["status"] = refusal.HttpStatus, ["title"] = refusal.Reason, ["detail"] = refusal.Description },
            options: null,
            "application/problem+json",
            response.HttpContext.RequestAborted);
    }

    /// <summary>An answer without messages: its status is in the headers, with ErrorInfo as the suite sends it.</summary>
    private static Task WriteGrpcAsync(HttpResponse response, Refusal refusal)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)refusal.GrpcStatus).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = refusal.Description;
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(Details(refusal));
        return Task.CompletedTask;
    }

    internal static byte[] Details(Refusal refusal) => new Google.Rpc.Status
    {
        Code = (int)refusal.GrpcStatus,
        Message = refusal.Description,
        // Field 1 of ErrorInfo, `reason`, is named Type in this version of Google.Api.CommonProtos.
        Details = { Any.Pack(new ErrorInfo { Type = refusal.Reason, Domain = "iam.pltfrms" }) },
    }.ToByteArray();

    private IEnumerable<string> Challenges(HttpContext http, Refusal refusal, IamAuthenticationOptions options)
    {
        var presented = Presented.Of(http.Request.Headers[HeaderNames.Authorization]);
        if (!options.RequireDpop && presented?.Dpop != true)
        {
            yield return $"Bearer {Parameters(http, refusal)}";
        }
        if (options.RequireDpop || presented?.Dpop != false)
        {
            yield return $"DPoP {Parameters(http, refusal)}, algs=\"{DpopProof.Algorithms}\"";
        }
    }

    private string Parameters(HttpContext http, Refusal refusal)
    {
        var text = new StringBuilder($"realm=\"{client.Value.RealmId}\"");
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $", {name}=\"{value}\"");
            }
        }
        Add("error", refusal.Error);
        Add("error_description", refusal.Error is null ? null : refusal.Description);
        Add("scope", refusal.Scope);
        Add("acr_values", refusal.AcrValues);
        Add("max_age", refusal.MaxAge?.ToString(CultureInfo.InvariantCulture));
        Add("resource_metadata", metadata.Of(http.Request));
        return text.ToString();
    }
}
