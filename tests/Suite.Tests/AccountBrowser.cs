using System.Net;
using System.Text.RegularExpressions;

namespace Suite.Tests;

/// <summary>A user of the demo realm at the pages of the account, which two services show: logged in at one, at home at the other.</summary>
internal sealed class AccountBrowser(SuiteProcess suite, string userId) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = true, CookieContainer = new CookieContainer() });

    public string Delegations => $"{Account}/delegations";

    private string Account => $"http://127.0.0.1:{suite.Ports.ConsentHttp}/realms/demo/account";

    private string Token => $"http://127.0.0.1:{suite.Ports.TokenHttp}/realms/demo";

    /// <summary>The page "applications with access".</summary>
    public async Task<string> LogInAsync()
    {
        var login = await _http.GetStringAsync(new Uri($"{Token}/account/applications"));
        return await PostAsync($"{Token}/oauth2/authorize/login", login, "request", ("username", userId));
    }

    public async Task<string> GetAsync(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await _http.SendAsync(request);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends a form of the page of delegations; the page that comes of it.</summary>
    public async Task<string> SendAsync(params (string Name, string Value)[] fields) =>
        WebUtility.HtmlDecode(await PostAsync(Delegations, await GetAsync(Delegations), "proof", fields));

    /// <summary>The status of a form with a proof that was shown to nobody.</summary>
    public async Task<HttpStatusCode> ForgeAsync(params (string Name, string Value)[] fields)
    {
        using var content = Form([("proof", new string('A', 43)), .. fields]);
        using var response = await _http.PostAsync(new Uri(Delegations), content);
        return response.StatusCode;
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> PostAsync(string address, string page, string hidden, params (string Name, string Value)[] fields)
    {
        var value = Regex.Match(page, $"<input type=\"hidden\" name=\"{hidden}\" value=\"([^\"]*)\">").Groups[1].Value;
        using var content = Form([(hidden, WebUtility.HtmlDecode(value)), .. fields]);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await _http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static FormUrlEncodedContent Form((string Name, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}
