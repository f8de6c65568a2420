using System.Text.Json;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = Envoy.Service.Auth.V3;

namespace Pltfrms.Iam.Token.Envoy;

/// <summary>A verdict in Envoy's words.</summary>
internal static class VerdictMapping
{
    private static readonly string[] Credentials = ["authorization", "dpop"];

    public static Wire.CheckResponse ToWire(this Verdict verdict, ProxiedRequest request, bool forwardsCredentials)
    {
        var response = new Wire.CheckResponse
        {
            Status = new() { Code = (int)CodeOf(verdict.HttpStatus), Message = verdict.Reason },
            DynamicMetadata = new() { Fields = { ["reason"] = Value.ForString(verdict.Reason) } },
        };
        if (!verdict.IsPassedOn)
        {
            response.DeniedResponse = Denied(verdict);
            return response;
        }

        response.OkResponse = PassedOn(verdict, request, forwardsCredentials);
        foreach (var (name, value) in verdict.Facts.Where(fact => fact.Name is RequestFacts.Subject or RequestFacts.ClientId))
        {
            response.DynamicMetadata.Fields[name == RequestFacts.Subject ? "subject" : "client_id"] = Value.ForString(value);
        }

        return response;
    }

    private static Wire.OkHttpResponse PassedOn(Verdict verdict, ProxiedRequest request, bool forwardsCredentials)
    {
        var set = verdict.Facts.Select(fact => fact.Name).ToHashSet(StringComparer.Ordinal);

        // What is set takes the place of what came; what is not set must not come through.
        var foreign = request.HeaderNames.Where(RequestFacts.IsNamedLikeOne);
        var removed = RequestFacts.Names.Concat(foreign).Where(name => !set.Contains(name)).Concat(forwardsCredentials ? [] : Credentials);
        return new Wire.OkHttpResponse
        {
            Headers = { verdict.Facts.Select(fact => Header(fact.Name, fact.Value)) },
            HeadersToRemove = { removed.Distinct(StringComparer.Ordinal) },
        };
    }

    private static Wire.DeniedHttpResponse Denied(Verdict verdict)
    {
        var response = new Wire.DeniedHttpResponse
        {
            Status = new() { Code = (global::Envoy.Type.V3.StatusCode)verdict.HttpStatus },
            Headers = { Header("content-type", "application/json"), Header("cache-control", "no-store") },
            Body = JsonSerializer.Serialize(new Dictionary<string, string?> { ["error"] = verdict.Error, ["error_description"] = verdict.Description }),
        };
        if (verdict.Challenge is { } challenge)
        {
            response.Headers.Add(Header("www-authenticate", challenge));
        }

        if (verdict.HttpStatus == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.Add(Header("retry-after", "1"));
        }

        return response;
    }

    private static HeaderValueOption Header(string name, string value) => new() { Header = new() { Key = name, Value = value }, Append = false };

    private static StatusCode CodeOf(int httpStatus) => httpStatus switch
    {
        StatusCodes.Status200OK => StatusCode.OK,
        StatusCodes.Status401Unauthorized => StatusCode.Unauthenticated,
        StatusCodes.Status403Forbidden => StatusCode.PermissionDenied,
        StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };
}
