using System.Text.Json.Nodes;
using Testing;

namespace Suite.Tests;

/// <summary>OAuth clients that nobody here wrote: each logs a user in, gets tokens, refreshes, revokes, and acts for itself where it can.</summary>
public sealed class OutsideClientTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>
{
    private const string Result = "result ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [NodeTheory]
    [InlineData("simple-oauth2", """
        {"state":true,"iss":true,"sub":"carol","scope":"invoices.read invoices.create","type":"Bearer","expired":false,"refreshed":true,
         "narrowed":"invoices.read","afterwards":[400,"invalid_grant"],"again":[400,"invalid_grant"],
         "service":["demo-service","invoices.read","acme"]}
        """)]
    [InlineData("badgateway", """
        {"sub":"carol","aud":"https://api.demo.example","refreshed":true,"before":[true,"invoices.read","demo-spa","carol"],
         "after":{"active":false},"late":[400,"invalid_grant"],"web":["demo-web","acme"],"service":["demo-service","invoices.create"],
         "denied":[401,"invalid_client"],"fetched":200}
        """)]
    [InlineData("appauth", """
        {"state":true,"sub":"carol","scope":"invoices.read invoices.create","type":"Bearer","expiresIn":300,"refreshed":true,"revoked":true,
         "late":"Bad Request","silent":"login_required"}
        """)]
    [InlineData("passport-oauth2", """
        {"sub":"carol","scope":"invoices.read invoices.approve","type":"Bearer","refreshed":"carol","machine":[400,"unauthorized_client"],
         "forged":["Invalid authorization request state.",403],"swapped":["TokenError","invalid_grant"],
         "declined":["AuthorizationError","login_required"]}
        """)]
    [InlineData("openid-client", """
        {"method":"client_secret_post","registered":"invoices.create invoices.read","sub":"carol","client":true,"refreshed":true,
         "read":[200,"Openid",null],"updated":[200,"Renamed","invoices.read"],"refused":400,"ended":204,"late":401}
        """)]
    [InlineData("oauth4webapi", """
        {"pushed":true,"sub":"carol","type":"dpop","bound":true,"refreshed":true,"stolen":[400,"invalid_grant"],"without":[400,"invalid_grant"],
         "replayed":[400,"invalid_dpop_proof"],"introspected":[true,"DPoP",true],"service":["demo-service","dpop",true]}
        """)]
    public async Task A_client_of_npm_does_a_complete_flow(string client, string expected)
    {
        await using var program = ProcessUnderTest.Start(
            "node",
            [Path.Combine(AppContext.BaseDirectory, "node", "clients", $"{client}.mjs")],
            new Dictionary<string, string?>(NodeModules.Environment()) { ["ISSUER"] = fixture.Suite.Issuer.OriginalString });

        var line = await program.WaitForLineAsync(Result, Patience);

        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), JsonNode.Parse(line[Result.Length..])!.ToJsonString());
        Assert.Equal(0, await program.WaitForExitAsync(Patience));
    }
}
