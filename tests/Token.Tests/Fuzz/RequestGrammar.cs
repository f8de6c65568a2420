using System.Globalization;
using System.Text;
using Token.Tests.Authorization;
using Token.Tests.Hosting;

namespace Token.Tests.Fuzz;

/// <summary>Makes requests that are nearly right, rather wrong, or nonsense.</summary>
internal sealed class RequestGrammar(Random random)
{
    public static readonly string[] Endpoints =
    [
        "/oauth2/token", "/oauth2/introspect", "/oauth2/revoke", "/oauth2/par", "/oauth2/device_authorization", "/oauth2/jwks", "/.well-known/oauth-authorization-server",
        "/oauth2/authorize", "/oauth2/authorize/resume", "/oauth2/authorize/login", "/oauth2/authorize/organization", "/logout", "/device",
        "/oauth2/register", "/oauth2/register/c-1",
        "/access/v1/evaluation", "/access/v1/evaluations", "/access/v1/search/subject", "/access/v1/search/resource", "/access/v1/search/action", "/.well-known/authzen-configuration",
    ];

    private static readonly string[] Names =
    [
        "grant_type", "scope", "client_id", "client_secret", "organization", "audience", "resource", "token", "token_type_hint", "code", "redirect_uri", "code_verifier",
        "refresh_token", "response_type", "response_mode", "state", "code_challenge", "code_challenge_method", "prompt", "max_age", "acr_values", "login_hint", "ui_locales",
        "request", "request_uri", "consent_challenge", "device_code", "user_code", "csrf_token", "login_verifier", "username", "dpop_jkt", "client_assertion", "client_assertion_type",
        "assertion", "unknown", "", "%00", "%ff", "%zz", "a b", "scope[]", "SCOPE",
    ];

    private static readonly string[] Values =
    [
        "", "%20", "a", "%00", "%", "%z", "%zz", "%ff%fe", "%ed%a0%80", "%c3%a4%f0%9f%99%82", "%0d%0aX-Injected:%20yes", "%0aX-Injected:%20yes", "<script>", "%22'%60%5c", "=", "+",
        "client_credentials", "authorization_code", "refresh_token", "password", "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer", "code", "token", "code+token",
        "demo-web", "demo-spa", "demo-service", "nobody", "odd%20client%3A%2B%25", "invoices.read", "invoices.read+invoices.read", "openid", "*",
        "http%3A%2F%2F127.0.0.1%3A8765%2Fcallback", "http%3A%2F%2F127.0.0.1%3A99999%2Fcallback", "https%3A%2F%2Fapp.example%2Fr%C3%BCck%3F%C3%A4%3D1", "javascript%3Aalert(1)",
        "https%3A%2F%2Fapp.example%2F%0D%0AX-Injected%3A%20registered", "https%3A%2F%2Fevil.example", "http%3A%2F%2F127.0.0.1%3A8765%2Fcallback%0d%0aX-Injected%3A1",
        "S256", "plain", "query", "form_post", "fragment", "none", "login", "consent", "none+login", "0", "-1", "2147483648", "99999999999999999999", "1e9",
        "acme", "closed", "https%3A%2F%2Fapi.demo.example", "urn:ietf:params:oauth:request_uri:x", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJFUzI1NiJ9.e30.AA", "a.b.c", "....", "{\"a\":", "[[[[[[[[[[[[[[[[[[[[", "\\ud800", "null", "true",
    ];

    private const string NoChunk = "zz\r\n";

    private static readonly string[] ContentTypes =
    [
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-8", "application/x-www-form-urlencoded; charset=utf-16", "application/json", "application/json", "application/json; charset=\"utf-8\"", "multipart/form-data; boundary=x", "text/plain", ";;=", "",
        "application/x-www-form-urlencoded, application/json", "\u00ff",
    ];

    /// <summary>A request, each of its bytes a character.</summary>
    public string Next(string endpoint)
    {
        var method = Pick("GET", "GET", "POST", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "BREW", "get", "DELETE");
        var query = Chance(endpoint.Contains("authorize", StringComparison.Ordinal) ? 90 : 20) ? "?" + Pairs() : "";
        var body = method is "POST" or "PUT" || Chance(5) ? endpoint.StartsWith("/access/", StringComparison.Ordinal) && Chance(70) ? Access() : Body() : null;

        // No chunk, whatever follows: a chunk that never ends would be waited for.
        body = body is not null && Chance(3) ? NoChunk + body : body;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{method} {Path(endpoint)}{query} HTTP/1.1\r\n"));
        foreach (var (name, value) in Headers(body))
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return text.Append("\r\n").Append(body).ToString();
    }

    private string Path(string endpoint)
    {
        var path = $"/realms/{(Chance(95) ? "demo" : Pick("nowhere", "%00", "%ff", "..", "", "demo%2f..", new string('r', 300), "\u00e4"))}{endpoint}";
        return Chance(95) ? path : path + Pick("/", "%00", "%zz", ";x", "/..", "%2f", "\u00e4", "/../../x", " ", "\t", "#x");
    }

    private IEnumerable<(string Name, string Value)> Headers(string? body)
    {
        if (!Chance(1))
        {
            yield return ("Host", Chance(90) ? "127.0.0.1:8080" : Pick("evil.example", "", "a b", "[::1", "\u00e4", new string('h', 400), "127.0.0.1:99999", "127.0.0.1:8080, x"));
        }

        yield return ("Connection", "close");
        if (body is not null)
        {
            if (Chance(90))
            {
                yield return ("Content-Type", ContentTypes[random.Next(ContentTypes.Length)]);
            }

            yield return body.StartsWith(NoChunk, StringComparison.Ordinal) ? ("Transfer-Encoding", Pick("chunked", "gzip", "chunked, chunked"))
                : Chance(97) ? ("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture))
                : Pick(("Content-Length", "-1"), ("Content-Length", "x"), ("Content-Length", "999999999999"), ("X", "no length"));
        }

        for (var i = random.Next(4); i > 0; i--)
        {
            yield return Header();
        }
    }

    private (string Name, string Value) Header() => random.Next(11) switch
    {
        0 or 1 or 2 => ("Authorization", Authorization()),
        3 => ("Accept", Pick("*/*", "text/html", "application/json", "application/token-introspection+jwt", ";;;", "application/token-introspection+jwt;q=x", "\u00ff", new string(',', 500))),
        4 => ("Cookie", Pick("iam-browser=x", "iam-browser=" + new string('A', 43), "=;=;=", "a=\"", "iam-session.demo=" + new string('B', 43), new string('c', 6000), "\u00e4=\u00ff")),
        5 => ("Origin", Pick("null", "https://app.example", "http://127.0.0.1:8765", "\u00e4", "", "https://evil.example")),
        6 => ("X-Forwarded-Host", Pick("evil.example", "", ",,,", "a b")),
        7 => ("Content-Encoding", Pick("gzip", "br", "identity")),
        9 => ("DPoP", Pick("", "x", "a.b.c", "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7fX0.e30.AA", "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IlJTQSIsIm4iOiIiLCJlIjoiIn19.e30.AA", "\u00ff", new string('A', 9000), new string('.', 5000))),
        8 => ("Accept-Language", Pick("de", ";;;", "\u00e4", new string('x', 3000))),
        _ => ("X-Long", new string('x', Chance(20) ? 40_000 : 3000)),
    };

    private string Authorization() => random.Next(7) switch
    {
        0 => TokenReplica.Basic("demo-web", TestRealm.WebSecret).ToString(),
        1 => TokenReplica.Basic("demo-api", TestRealm.ApiSecret).ToString(),
        2 => TokenReplica.Basic("nobody", "\0\r\n").ToString(),
        3 => "Basic " + Pick("", "=", "!!!", "OjpbOjo6", Convert.ToBase64String([0xff, 0x3a, 0xfe]), Convert.ToBase64String("%zz:%00"u8), new string('A', 8000)),
        4 => "Bearer " + Pick("", "x", new string('A', 43), "a.b.c", "eyJ0eXAiOiJhdCtqd3QifQ.eyJpc3MiOiJcdWQ4MDAifQ.AA", "eyJ0eXAiOiJzZXJ2aWNlK2p3dCIsImFsZyI6IkVTMjU2In0.eyJpc3MiOiJcdWQ4MDAifQ.AA", new string('.', 5000)),
        5 => Pick("Digest x", "", "Basic", "bearer", "\u00ff\u00fe", "DPoP x"),
        _ => TokenReplica.Basic("demo-service", TestRealm.ServiceSecret).ToString(),
    };

    private string Body() => random.Next(12) switch
    {
        0 => new string((char)random.Next(256), random.Next(2000)),
        1 => string.Concat(Enumerable.Repeat("{\"a\":", random.Next(3000))),
        2 => string.Join('&', Enumerable.Range(0, random.Next(200)).Select(i => $"p{i}=1")),
        3 => "x=" + new string('x', 70_000),
        4 or 5 => Json(),
        _ => Pairs(),
    };

    /// <summary>Client metadata, or something like them.</summary>
    private string Json() => "{" + string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ =>
        $"\"{Pick("client_name", "redirect_uris", "scope", "jwks", "", "client_name#de", "\\ud800", "a\u00ff")}\":{Pick("\"x\"", "[]", "{}", "1", "null", "[[[[[[[[[[]]]]]]]]]]", "\"\\r\\nX-Injected: 1\"", "\"\u00c3\u00a4\"", "\"\u00ff\"", "\"\\udc00\"", "\"<script>\"", "1e999", "{\"a\":1,\"a\":2}")}")) + Pick("}", "}", "}", "", "}}", ",}");

    /// <summary>A request of AuthZEN's, or something like it.</summary>
    private string Access()
    {
        var entities = Entities();
        return Chance(40) ? $"{{{entities},\"evaluations\":[{{{Entities()}}},{Odd()},{{}}],\"options\":{{\"evaluations_semantic\":{Odd()}}}}}"
            : Chance(40) ? $"{{{entities},\"page\":{{\"limit\":{Odd()},\"token\":{Odd()}}}}}"
            : $"{{{entities}}}";
    }

    private string Entities() => string.Join(',', new[]
    {
        $"\"subject\":{{\"type\":\"user\",\"id\":{Odd("\"alice\"")},\"properties\":{{\"access_token\":{Odd()},\"dpop_proof\":{Odd()},\"http_uri\":{Odd()}}}}}",
        $"\"action\":{{\"name\":{Odd("\"read\"")},\"properties\":{Odd("{}")}}}",
        $"\"resource\":{{\"type\":{Odd("\"invoices\"")},\"id\":{Odd("\"42\"")},\"properties\":{{{Odd("\"a\"")}:{Odd()}}}}}",
        $"\"context\":{{\"organization_id\":{Odd("\"acme\"")},\"source_address\":{Odd("\"10.0.0.1\"")}}}",
        $"{Odd("\"x\"")}:{Odd()}",
    }.Where(_ => Chance(85)));

    private string Odd(string usual = "null") => Chance(75) ? usual : Pick(
        "\"x\"", "[]", "{}", "1", "-1", "true", "1e999", "99999999999", "\"\"", "\"\\ud800\"", "\"\\r\\nX-Injected: 1\"", "\"\u00c3\u00a4\"", "\"\u00ff\"", "\"execute_all\"", "{\"a\":1,\"a\":2}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "\"AAAAAAAAAAAAAAAAAAAAAAAAAABk\"");

    /// <summary>What is asked for rightly, some of it changed, and more.</summary>
    private string Pairs()
    {
        var pairs = new List<string>();
        if (Chance(70))
        {
            pairs.AddRange(FlowBench.Parameters().Where(_ => Chance(92)).Select(p => $"{p.Key}={(Chance(88) ? Uri.EscapeDataString(p.Value) : Value())}"));
        }

        for (var i = random.Next(6); i > 0; i--)
        {
            pairs.Insert(random.Next(pairs.Count + 1), $"{Names[random.Next(Names.Length)]}{(Chance(95) ? "=" : "")}{Value()}");
        }

        return string.Join('&', pairs);
    }

    private string Value() => random.Next(30) switch
    {
        0 => new string('x', random.Next(6000)),
        1 => Uri.EscapeDataString(new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(0xd7ff))])),
        _ => Values[random.Next(Values.Length)],
    };

    private bool Chance(int percent) => random.Next(100) < percent;

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
