using System.Net;
using System.Text.RegularExpressions;

namespace Testing;

/// <summary>A browser without a window: keeps cookies, follows links that stay at the service, fills in forms.</summary>
/// <param name="service">Where it really is.</param>
/// <param name="publicAddress">What its addresses begin with; null: the same.</param>
public sealed class TestBrowser(Uri service, string? publicAddress = null) : IDisposable
{
    private readonly string _address = (publicAddress ?? service.OriginalString).TrimEnd('/');

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = service };

    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>The attributes with which a cookie was set last.</summary>
    public Dictionary<string, string> CookieAttributes { get; } = new(StringComparer.Ordinal);

    public async Task<Page> GetAsync(string address) => await SendAsync(new HttpRequestMessage(HttpMethod.Get, Local(address)));

    public async Task<Page> PostAsync(string address, params (string Name, string Value)[] form) => await SendAsync(
        new HttpRequestMessage(HttpMethod.Post, Local(address))
        {
            Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))),
        });

    /// <summary>Follows redirects as long as they stay at the service.</summary>
    public async Task<Page> FollowAsync(Page page)
    {
        while (page.Location is { } location && IsLocal(location))
        {
            page = await GetAsync(location);
        }

        return page;
    }

    /// <summary>Sends a request with the browser's cookies, and keeps those that it gets.</summary>
    public async Task<Page> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        using (request)
        {
            using var response = await _http.SendAsync(request);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                var (name, value) = (cookie[..cookie.IndexOf('=')], cookie[(cookie.IndexOf('=') + 1)..].Split(';')[0]);
                CookieAttributes[name] = string.Join(';', cookie.Split(';').Skip(1)).Trim();
                if (value.Length > 0)
                {
                    Cookies[name] = value;
                }
                else
                {
                    Cookies.Remove(name);
                }
            }

            return new Page(
                response.StatusCode,
                response.Headers.Location?.OriginalString,
                await response.Content.ReadAsStringAsync(),
                response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
        }
    }

    public void Dispose() => _http.Dispose();

    private bool IsLocal(string location) => location.StartsWith('/') || location.StartsWith(_address + "/realms/", StringComparison.Ordinal);

    private string Local(string address) =>
        address.StartsWith(_address, StringComparison.Ordinal) ? address[_address.Length..] : address;

    /// <summary>What the service answered.</summary>
    public sealed record Page(HttpStatusCode Status, string? Location, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        /// <summary>The value of the page's hidden input.</summary>
        public string Hidden(string name)
        {
            var match = Regex.Match(Body, $"<input type=\"hidden\" name=\"{name}\" value=\"([^\"]*)\">");
            return match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value) : throw new InvalidOperationException($"No {name} in: {Body}");
        }

        /// <summary>A parameter of the address that the page sends to.</summary>
        public string? Parameter(string name)
        {
            var query = Location is null || !Location.Contains('?') ? "" : Location[(Location.IndexOf('?') + 1)..];
            foreach (var pair in query.Split('&'))
            {
                if (pair.Split('=') is [var key, var value] && key == name)
                {
                    return Uri.UnescapeDataString(value);
                }
            }

            return null;
        }
    }
}
