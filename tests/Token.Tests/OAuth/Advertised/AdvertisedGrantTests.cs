using Pltfrms.Iam.Token.Assertions;
using Pltfrms.Iam.Token.Exchange;
using Token.Tests.Assertions;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Answer = Token.Tests.OAuth.Advertised.AdvertisedServer.Answer;

namespace Token.Tests.OAuth.Advertised;

/// <summary>Each way to a token, and no other.</summary>
public sealed class AdvertisedGrantTests(FlowFixture fixture) : AdvertisedTests(fixture)
{
    [Theory]
    [MemberData(nameof(Realms))]
    public async Task Every_grant_type_gives_a_token_and_no_other_is_known(string realmId)
    {
        var server = Server(realmId);
        foreach (var grantType in server.List("grant_types_supported"))
        {
            var answer = await GrantAsync(server, grantType);
            Assert.True(answer.Status == 200 && answer.Json.TryGetProperty("access_token", out _), $"{grantType}: {answer.Body}");
        }

        foreach (var grantType in new[]
        {
            "password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:saml2-bearer",
            "urn:ietf:params:oauth:grant-type:token-exchange", "urn:openid:params:grant-type:ciba", "device_code", "Client_Credentials", "client_credentials ",
        }.Except(server.List("grant_types_supported")))
        {
            Assert.Equal("unsupported_grant_type", (await GrantAsync(server, grantType)).Error);
        }
    }

    private static async Task<Answer> GrantAsync(AdvertisedServer server, string grantType)
    {
        var (token, web) = (server.Text("token_endpoint"), TokenReplica.Basic(AdvertisedRealm.Client, TestRealm.WebSecret));
        switch (grantType)
        {
            case "authorization_code":
                return await server.RedeemAsync(await server.CodeAsync());
            case "refresh_token":
                var refresh = (await server.RedeemAsync(await server.CodeAsync())).Json.GetProperty("refresh_token").GetString()!;
                return await server.PostAsync(token, web, ("grant_type", grantType), ("refresh_token", refresh));
            case "urn:ietf:params:oauth:grant-type:device_code":
                return await ConnectAsync(server, grantType);
            case TokenExchangeGrant.Name:
                var own = await server.PostAsync(token, TokenReplica.Basic("exchanger", TestRealm.ServiceSecret), ("grant_type", "client_credentials"));
                return await server.PostAsync(
                    token,
                    TokenReplica.Basic("exchanger", TestRealm.ServiceSecret),
                    ("grant_type", grantType),
                    ("subject_token", own.Json.GetProperty("access_token").GetString()!),
                    ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"));
            case JwtBearerGrant.Name:
                return await server.PostAsync(
                    token,
                    TokenReplica.Basic("bearer", TestRealm.ServiceSecret),
                    ("grant_type", grantType),
                    ("assertion", AssertionBench.Key.Sign([], AssertionBench.ClaimsFor(server.Text("issuer"), TestRealm.Epoch.ToUnixTimeSeconds()))));
            default:
                return await server.PostAsync(token, TokenReplica.Basic("demo-service", TestRealm.ServiceSecret), ("grant_type", grantType), ("scope", "invoices.read"));
        }
    }

    private static async Task<Answer> ConnectAsync(AdvertisedServer server, string grantType)
    {
        var started = (await server.PostAsync(server.Text("device_authorization_endpoint"), null, ("client_id", "demo-tv"), ("scope", "invoices.read"))).Json;
        var form = await server.GetAsync(started.GetProperty("verification_uri_complete").GetString()!);
        var csrfToken = form.Body.Split("name=\"csrf_token\" value=\"")[1].Split('"')[0];
        var entered = await server.PostAsync(
            started.GetProperty("verification_uri").GetString()!, null, ("user_code", started.GetProperty("user_code").GetString()!), ("csrf_token", csrfToken));
        await server.LogInAsync(entered);
        return await server.PostAsync(
            server.Text("token_endpoint"), null, ("client_id", "demo-tv"), ("grant_type", grantType), ("device_code", started.GetProperty("device_code").GetString()!));
    }
}
