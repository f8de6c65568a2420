using System.Net.Http.Headers;
using System.Text;

namespace Conformance.Tests.Running;

/// <summary>Over REST. Callers are clients that authenticate with their secret.</summary>
/// <param name="services">Where to send it.</param>
/// <param name="inBody">client_secret_post instead of client_secret_basic.</param>
internal sealed class RestTransport(Services services, bool inBody) : Transport
{
    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    protected override Task<Answer> IssueTokenAsync(CallRequest request)
    {
        var form = new List<KeyValuePair<string, string>> { new("grant_type", request.Assertion is null ? "client_credentials" : JwtBearer) };
        Add(form, "assertion", request.Assertion);
        Add(form, "scope", request.Scopes.Count > 0 ? string.Join(' ', request.Scopes) : null);
        Add(form, "organization", request.Organization);
        Add(form, "audience", request.Audience);
        return PostAsync(request, "token", form, request.Client, request.Secret ?? Callers.SecretOf(request.Realm, request.Client));
    }

    protected override Task<Answer> IntrospectTokenAsync(CallRequest request) => PostAsCallerAsync(request, "introspect");

    protected override Task<Answer> RevokeTokenAsync(CallRequest request) => PostAsCallerAsync(request, "revoke");

    protected override async Task<Answer> HttpAsync(CallRequest request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), services.TokenHttpAddress + request.Path);
        if (request.Body is not null || request.BodySize is not null)
        {
            // Latin-1, so that a case can write any byte as one character.
            message.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(request.Body ?? new string('a', request.BodySize!.Value)));
        }

        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await SendAsync(message);
    }

    private Task<Answer> PostAsCallerAsync(CallRequest request, string endpoint)
    {
        var form = new List<KeyValuePair<string, string>>();
        Add(form, "token", request.Token);
        var caller = request.Caller is null or Callers.Nobody ? null : Callers.Named(request.Caller);
        return PostAsync(request, endpoint, form, caller?.Client, caller?.Secret);
    }

    private Task<Answer> PostAsync(CallRequest request, string endpoint, List<KeyValuePair<string, string>> form, string? client, string? secret)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, $"{services.TokenHttpAddress}/realms/{request.Realm}/oauth2/{endpoint}");
        if (request.Headers.TryGetValue("Authorization", out var header))
        {
            message.Headers.TryAddWithoutValidation("Authorization", header);
        }
        else if (inBody)
        {
            Add(form, "client_id", client);
            Add(form, "client_secret", secret);
        }
        else if (client is not null)
        {
            // RFC 6749 section 2.3.1: both are form-encoded first.
            var pair = $"{Uri.EscapeDataString(client)}:{Uri.EscapeDataString(secret ?? "")}";
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        if (request.Dpop is not null)
        {
            message.Headers.Add("DPoP", Proofs.Named(request.Dpop, "POST", $"{Services.PublicAddress}/realms/{request.Realm}/oauth2/{endpoint}", token: null));
        }

        message.Content = new FormUrlEncodedContent(form);
        return SendAsync(message);
    }

    private async Task<Answer> SendAsync(HttpRequestMessage message)
    {
        using (message)
        {
            using var response = await services.Http.SendAsync(message);
            return await RestAnswer.OfAsync(response);
        }
    }

    private static void Add(List<KeyValuePair<string, string>> form, string name, string? value)
    {
        if (value is not null)
        {
            form.Add(new(name, value));
        }
    }
}
