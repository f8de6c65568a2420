using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Consent.Tests.Hosting;

/// <summary>What a browser without scripts does: keeps cookies, asks for pages, sends forms. It follows no redirect, so that a test sees each.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _http;

    public Browser(string address) => _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = Cookies })
    {
        BaseAddress = new Uri(address),
    };

    public CookieContainer Cookies { get; } = new();

    public Task<HttpResponseMessage> PageAsync(string address, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        return SendAsync(request, headers);
    }

    public Task<HttpResponseMessage> JsonAsync(string address, params (string Name, string Value)[] headers) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, address), headers);

    public Task<HttpResponseMessage> PostFormAsync(string address, params (string Name, string Value)[] fields) =>
        PostAsync(address, "application/x-www-form-urlencoded", Encoding.ASCII.GetBytes(Encode(fields)));

    public Task<HttpResponseMessage> PostJsonAsync(string address, object body) =>
        PostAsync(address, "application/json", JsonSerializer.SerializeToUtf8Bytes(body));

    public Task<HttpResponseMessage> PostAsync(string address, string? contentType, byte[] body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.Remove("Content-Type");
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return SendAsync(request, headers);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        using (request)
        {
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            return await _http.SendAsync(request);
        }
    }

    public static string Encode(params (string Name, string Value)[] fields) =>
        string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Name)}={Uri.EscapeDataString(f.Value)}"));

    /// <summary>The value of a page's hidden field.</summary>
    public static string Hidden(string page, string name) =>
        HiddenField().Matches(page).Single(field => field.Groups["name"].Value == name).Groups["value"].Value;

    public static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response)
    {
        Assert.Equal(new MediaTypeHeaderValue("application/json"), response.Content.Headers.ContentType);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]*)" value="(?<value>[^"]*)">""")]
    private static partial Regex HiddenField();
}
