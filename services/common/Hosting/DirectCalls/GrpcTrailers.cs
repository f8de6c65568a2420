using System.Globalization;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Common.Hosting.DirectCalls;

/// <summary>How a call's status travels (gRPC over HTTP/2, "Responses").</summary>
internal static class GrpcTrailers
{
    private const string StatusName = "grpc-status";

    private static readonly StringValues Success = "0";

    public static void Succeed(HttpResponse response) => response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers[StatusName] = Success;

    /// <summary>The error as the only thing that is sent; nothing where the answer is on its way already.</summary>
    public static void Refuse(HttpResponse response, RpcException refusal)
    {
        if (response.HasStarted)
        {
            response.HttpContext.Abort();
            return;
        }

        response.ContentType = "application/grpc";
        var headers = response.Headers;
        headers[StatusName] = ((int)refusal.StatusCode).ToString(CultureInfo.InvariantCulture);
        headers["grpc-message"] = PercentEncode(refusal.Status.Detail);
        foreach (var entry in refusal.Trailers)
        {
            headers[entry.Key] = entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;
        }
    }

    /// <summary>Whether an answer that has not started is one of these errors, and nothing of ours: what refuses here says why in details.</summary>
    public static bool IsWithoutDetails(HttpResponse response, params ReadOnlySpan<StatusCode> errors) =>
        int.TryParse(response.Headers[StatusName], CultureInfo.InvariantCulture, out var status)
        && errors.Contains((StatusCode)status)
        && !response.Headers.ContainsKey(RichStatus.Trailer);

    /// <summary>UTF-8 with everything but printable ASCII, and %, percent-encoded.</summary>
    private static string PercentEncode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return encoded.ToString();
    }
}
