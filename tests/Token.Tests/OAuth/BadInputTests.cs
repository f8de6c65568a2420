using System.Net;
using System.Net.Sockets;
using System.Text;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth;

/// <summary>What a stranger can send to any endpoint.</summary>
public sealed class BadInputTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private TokenReplica Service => fixture.Service;

    [Theory]
    [InlineData("POST", "/realms/nowhere/oauth2/token")]
    [InlineData("GET", "/realms/nowhere/oauth2/token")]
    [InlineData("POST", "/realms/nowhere/oauth2/introspect")]
    [InlineData("POST", "/realms/nowhere/oauth2/revoke")]
    [InlineData("GET", "/realms/nowhere/oauth2/jwks")]
    [InlineData("GET", "/realms/nowhere/.well-known/oauth-authorization-server")]
    [InlineData("GET", "/.well-known/oauth-authorization-server/realms/nowhere")]
    [InlineData("GET", "/realms/%C3%A4/oauth2/jwks")]
    [InlineData("GET", "/realms/demo/oauth2/userinfo")]
    [InlineData("POST", "/realms/demo/oauth2/token/")]
    [InlineData("POST", "/realms/demo/oauth2/nothing")]
    [InlineData("POST", "/realms/demo/oauth2/TOKEN")]
    [InlineData("POST", "/realms//oauth2/token")]
    [InlineData("POST", "/realms/demo/more/oauth2/token")]
    [InlineData("POST", "/realms/{realm}/oauth2/token")]
    [InlineData("POST", "/realms/demo/oauth2/token/oauth2/token")]
    [InlineData("POST", "/realms/oauth2/token")]
    [InlineData("POST", "/realms/demo/oauth2/register/{client_id}")]
    [InlineData("GET", "/realms/demo")]
    [InlineData("DELETE", "/")]
    public async Task Answers_404_where_there_is_nothing(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await Service.Http.SendAsync(request);

        await TokenEndpointTests.AssertRefusedAsync(response, 404, "invalid_request");
    }

    [Theory]
    [InlineData("/realms/%64emo/oauth2/jwks")]
    [InlineData("/realms/demo/oauth2/%6awks")]
    [InlineData("/realms/demo/oauth2/jwks?realm=nowhere")]
    public async Task However_a_path_is_spelled_it_is_the_same_address(string path)
    {
        Assert.Equal(await Service.Http.GetStringAsync("/realms/demo/oauth2/jwks"), await Service.Http.GetStringAsync(path));
    }

    [Fact]
    public async Task The_listener_for_gRPC_has_none_of_these_addresses()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Service.GrpcAddress}/realms/demo/oauth2/jwks")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "token", "POST, OPTIONS")]
    [InlineData("PUT", "token", "POST, OPTIONS")]
    [InlineData("DELETE", "introspect", "POST, OPTIONS")]
    [InlineData("PATCH", "revoke", "POST, OPTIONS")]
    [InlineData("POST", "jwks", "GET, HEAD, OPTIONS")]
    [InlineData("BREW", "token", "POST, OPTIONS")]
    public async Task Answers_405_with_what_is_allowed(string method, string endpoint, string allow)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/realms/demo/oauth2/{endpoint}");
        using var response = await Service.Http.SendAsync(request);

        await TokenEndpointTests.AssertRefusedAsync(response, 405, "invalid_request");
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
    }

    [Fact]
    public async Task Answers_OPTIONS_and_HEAD_without_a_body()
    {
        using var options = await Service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/realms/demo/oauth2/token"));
        using var head = await Service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/realms/demo/oauth2/jwks"));
        using var refused = await Service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/realms/demo/oauth2/token"));

        Assert.Equal(HttpStatusCode.NoContent, options.StatusCode);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("application/json", head.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded; charset=iso-8859-1")]
    [InlineData("application/x-www-form-urlencodedx")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Answers_415_to_anything_but_a_form(string? contentType)
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes("grant_type=client_credentials"));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach (var endpoint in new[] { "token", "introspect", "revoke" })
        {
            using var response = await Service.Http.PostAsync($"/realms/demo/oauth2/{endpoint}", content);

            await TokenEndpointTests.AssertRefusedAsync(response, 415, "invalid_request");
        }
    }

    [Fact]
    public async Task Takes_a_form_that_names_its_charset()
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(
            $"grant_type=client_credentials&client_id=demo-service&client_secret={TestRealm.ServiceSecret}"));
        content.Headers.TryAddWithoutValidation("Content-Type", "Application/X-WWW-Form-Urlencoded; charset=\"UTF-8\"");

        using var response = await Service.Http.PostAsync("/realms/demo/oauth2/token", content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(64 * 1024 + 1, false)]
    [InlineData(1024 * 1024, false)]
    [InlineData(1024 * 1024, true)]
    public async Task Answers_413_to_a_large_body(int size, bool chunked)
    {
        foreach (var endpoint in new[] { "token", "introspect", "revoke" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/realms/demo/oauth2/{endpoint}")
            {
                Content = new ByteArrayContent(Encoding.ASCII.GetBytes("grant_type=" + new string('x', size - 11)))
                {
                    Headers = { ContentType = new("application/x-www-form-urlencoded") },
                },
            };
            request.Headers.TransferEncodingChunked = chunked;

            using var response = await Service.Http.SendAsync(request);

            await TokenEndpointTests.AssertRefusedAsync(response, 413, "invalid_request");
        }
    }

    [Fact]
    public async Task Answers_400_to_two_Authorization_headers()
    {
        var basic = TokenReplica.Basic("demo-service", TestRealm.ServiceSecret);
        var answer = await RawAsync(
            $"""
            POST /realms/demo/oauth2/token HTTP/1.1
            Host: x
            Authorization: {basic}
            Authorization: {basic}
            Content-Type: application/x-www-form-urlencoded
            Content-Length: 29
            Connection: close

            grant_type=client_credentials
            """);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("""{"error":"invalid_request","error_description":"The request has more than one Authorization header."}""", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_the_issuer_from_its_settings_and_never_from_the_Host_header()
    {
        var answer = await RawAsync(
            """
            GET /realms/demo/.well-known/oauth-authorization-server HTTP/1.1
            Host: evil.example
            X-Forwarded-Host: evil.example
            Connection: close


            """);

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"issuer\":\"https://iam.example/realms/demo\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_fails_on_noise()
    {
        var random = new Random(20260101);
        for (var i = 0; i < 300; i++)
        {
            var body = new byte[random.Next(0, 200)];
            random.NextBytes(body);
            var text = (random.Next(2) == 0 ? "grant_type=client_credentials&" : "") + Encoding.Latin1.GetString(body);
            using var response = await Service.PostRawAsync(
                $"/realms/demo/oauth2/{(i % 3 == 0 ? "token" : i % 3 == 1 ? "introspect" : "revoke")}",
                TokenReplica.Basic("demo-api", TestRealm.ApiSecret),
                text);

            Assert.True((int)response.StatusCode is 200 or 400, $"{(int)response.StatusCode} for {Convert.ToHexString(body)}");
        }
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Service.Http.BaseAddress!.Host, Service.Http.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request.ReplaceLineEndings("\r\n")));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
