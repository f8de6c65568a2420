using Envoy.Service.Auth.V3;

namespace Token.Tests.Envoy;

/// <summary>What Envoy is told to do.</summary>
internal static class EnvoyAnswers
{
    public static void AssertDenied(CheckResponse response, int status, string reason, int? code = null)
    {
        Assert.Equal((reason, CheckResponse.HttpResponseOneofCase.DeniedResponse), (response.Status.Message, response.HttpResponseCase));
        Assert.Equal((status, code ?? (status == 401 ? 16 : 7)), ((int)response.DeniedResponse.Status.Code, response.Status.Code));
        Assert.Equal(("application/json", "no-store"), (Header(response, "content-type"), Header(response, "cache-control")));
        Assert.Equal(reason, response.DynamicMetadata.Fields["reason"].StringValue);
    }

    public static string? Header(CheckResponse response, string name) =>
        response.DeniedResponse.Headers.SingleOrDefault(header => header.Header.Key == name)?.Header.Value;

    public static Dictionary<string, string> Facts(CheckResponse response) =>
        response.OkResponse.Headers.ToDictionary(header => header.Header.Key, header => header.Header.Value);
}
