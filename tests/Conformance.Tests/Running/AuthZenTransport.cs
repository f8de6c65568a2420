using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Conformance.Tests.Running;

/// <summary>Checks over AuthZEN's Access Evaluation API: what a case expects over gRPC holds there too, in that API's words. Callers authenticate with their secret.</summary>
internal sealed class AuthZenTransport(Services services) : Transport
{
    /// <summary>What has another meaning over REST, or none, has cases of its own.</summary>
    private static readonly string[] Codes = ["OK", "UNAUTHENTICATED", "PERMISSION_DENIED"];

    private readonly RestTransport _rest = new(services, inBody: false);

    public static bool Runs(ConformanceCase conformanceCase) =>
        conformanceCase.Call == CallKind.CheckPermission && conformanceCase.Expect.Grpc is { } expected && Codes.Contains(expected.Code);

    protected override Task<Answer> IssueTokenAsync(CallRequest request) => _rest.SendAsync(CallKind.IssueToken, request);

    protected override Task<Answer> IntrospectTokenAsync(CallRequest request) => _rest.SendAsync(CallKind.IntrospectToken, request);

    protected override Task<Answer> RevokeTokenAsync(CallRequest request) => _rest.SendAsync(CallKind.RevokeToken, request);

    protected override async Task<Answer> CheckPermissionAsync(CallRequest request)
    {
        var verb = request.Permission!.LastIndexOf('.');
        var body = new JsonObject
        {
            ["subject"] = Subject(request),
            ["action"] = new JsonObject { ["name"] = request.Permission[(verb + 1)..] },
            ["resource"] = new JsonObject { ["type"] = request.Permission[..verb], ["id"] = "1" },
            ["context"] = new JsonObject
            {
                ["organization_id"] = request.Organization,
                ["audience"] = request.Audience,
                ["source_address"] = request.SourceAddress,
                ["acr"] = request.Acr,
            },
        };
        using var message = new HttpRequestMessage(HttpMethod.Post, $"{services.TokenHttpAddress}/realms/{request.Realm}/access/v1/evaluation")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        if (request.Headers.TryGetValue("Authorization", out var header))
        {
            message.Headers.TryAddWithoutValidation("Authorization", header);
        }
        else if (request.Caller is { } name and not Callers.Nobody)
        {
            var caller = Callers.Named(name);
            var pair = $"{Uri.EscapeDataString(caller.Client)}:{Uri.EscapeDataString(caller.Secret)}";
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        using var response = await services.Http.SendAsync(message);
        return AuthZenAnswer.Of((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static JsonObject Subject(CallRequest request)
    {
        if (request.Token is not { } token)
        {
            return Entity(request.User is not null ? "user" : "client", request.User ?? request.Client);
        }

        var claims = ClaimsOf(token);
        var subject = Entity((string?)claims?["sub_type"] ?? "client", (string?)claims?["sub"] ?? "somebody");
        const string address = "https://api.demo.example/invoices/1";
        subject["properties"] = new JsonObject
        {
            ["access_token"] = token,
            ["dpop_proof"] = request.Dpop is { } dpop ? Proofs.Named(dpop, "GET", address, token) : null,
            ["http_method"] = request.Dpop is null ? null : "GET",
            ["http_uri"] = request.Dpop is null ? null : address,
        };
        return subject;
    }

    private static JsonObject Entity(string type, string? id) => new() { ["type"] = type, ["id"] = id };

    private static JsonNode? ClaimsOf(string token)
    {
        try
        {
            return token.Split('.') is [_, var payload, _] ? JsonNode.Parse(Base64Url.DecodeFromChars(payload)) : null;
        }
        catch (Exception exception) when (exception is FormatException or System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
