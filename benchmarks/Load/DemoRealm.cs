namespace Benchmarks.Load;

/// <summary>The suite's demo realm, as far as load needs it.</summary>
internal sealed class DemoRealm(HttpClient http, Uri address)
{
    public const string Id = "demo";
    public const string Organization = "acme";
    public const string ServiceId = "demo-service";
    public const string ServiceSecret = "demo-service-secret-0123456789abcdef";
    public const string ServiceForm = $"grant_type=client_credentials&organization={Organization}";
    public const string ExchangeForm =
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token_type=urn:ietf:params:oauth:token-type:access_token";
    public const string AssertionForm =
        "grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    public const string ApiId = "demo-api";
    public const string ApiSecret = "demo-api-secret-0123456789abcdefgh";

    public string Issuer => new Uri(address, $"/realms/{Id}").AbsoluteUri;

    public Uri Endpoint(string name) => Endpoint(Id, name);

    /// <summary>Of another realm, which has the same clients.</summary>
    public Uri Endpoint(string realmId, string name) => new(address, $"/realms/{realmId}/oauth2/{name}");

    /// <summary>The token that is introspected and checked.</summary>
    public Task<string> ServiceTokenAsync() => Tokens.IssueAsync(http, Endpoint("token"), ServiceForm, RequestHeader.Basic(ServiceId, ServiceSecret));

    /// <summary>The token that the calls are made with.</summary>
    public Task<string> ApiTokenAsync() => CallerTokenAsync(ApiId, ApiSecret);

    /// <summary>A token that introspects and checks.</summary>
    public Task<string> CallerTokenAsync(string clientId, string secret) => Tokens.IssueAsync(
        http, Endpoint("token"), "grant_type=client_credentials&scope=iam.tokens.introspect+iam.permissions.check", RequestHeader.Basic(clientId, secret));
}
