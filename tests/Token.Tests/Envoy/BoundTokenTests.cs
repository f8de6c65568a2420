using Envoy.Service.Auth.V3;
using Token.Tests.Dpop;
using static Token.Tests.Envoy.EnvoyAnswers;

namespace Token.Tests.Envoy;

/// <summary>Tokens that are good only with the key or the certificate that they are bound to, as Envoy passes both on.</summary>
public sealed class BoundTokenTests(EnvoyFixture fixture) : IClassFixture<EnvoyFixture>
{
    [Fact]
    public async Task A_bound_token_needs_a_proof_for_this_request()
    {
        var token = await fixture.BoundTokenAsync(toCertificate: false);
        var proofs = new ProofMaker(EnvoyFixture.Key, "GET", "https://api.demo.example/organizations/acme/invoices/42", fixture.Clock.GetUtcNow()) { AccessToken = token };
        var proof = proofs.Make();

        Assert.Equal(0, (await fixture.CheckAsync(EnvoyFixture.Request($"DPoP {token}", ("dpop", proof)))).Status.Code);
        AssertDenied(await fixture.CheckAsync(EnvoyFixture.Request($"DPoP {token}", ("dpop", proof))), 401, "SENDER_CONSTRAINT_FAILED");
        AssertDenied(await fixture.CheckAsync(EnvoyFixture.Request($"DPoP {token}")), 401, "SENDER_CONSTRAINT_FAILED");
        AssertDenied(await fixture.CheckAsync(EnvoyFixture.Request($"Bearer {token}", ("dpop", proofs.Make()))), 401, "SENDER_CONSTRAINT_FAILED");
        AssertDenied(await fixture.CheckAsync(EnvoyFixture.Request($"DPoP {token}", ("dpop", (proofs with { Method = "POST" }).Make()))), 401, "SENDER_CONSTRAINT_FAILED");
        AssertDenied(await fixture.CheckAsync(EnvoyFixture.Request($"DPoP {token}", ("dpop", $"{proofs.Make()},{proofs.Make()}"))), 401, "SENDER_CONSTRAINT_FAILED");
        AssertDenied(await fixture.CheckAsync(EnvoyFixture.Request($"DPoP {await fixture.TokenAsync()}", ("dpop", proofs.Make()))), 401, "SENDER_CONSTRAINT_FAILED");
        AssertDenied(await fixture.CheckAsync(EnvoyFixture.Request($"DPoP {await fixture.TokenAsync()}")), 401, "SENDER_CONSTRAINT_FAILED");
    }

    [Fact]
    public async Task Where_the_route_says_its_address_a_host_that_somebody_chose_does_not_count()
    {
        var token = await fixture.BoundTokenAsync(toCertificate: false);
        var stolen = new ProofMaker(EnvoyFixture.Key, "GET", "https://evil.example/organizations/acme/invoices/42", fixture.Clock.GetUtcNow()) { AccessToken = token };
        var good = stolen with { Address = "https://api.demo.example/organizations/acme/invoices/42" };
        CheckRequest At(string proof)
        {
            var request = EnvoyFixture.Request($"DPoP {token}", ("dpop", proof));
            request.Attributes.Request.Http.Host = "evil.example";
            request.Attributes.ContextExtensions["public_address"] = "https://api.demo.example/";
            return request;
        }

        AssertDenied(await fixture.CheckAsync(At(stolen.Make())), 401, "SENDER_CONSTRAINT_FAILED");
        Assert.Equal(0, (await fixture.CheckAsync(At(good.Make()))).Status.Code);
    }

    [Fact]
    public async Task A_token_that_is_bound_to_a_certificate_comes_with_it_only()
    {
        var token = await fixture.BoundTokenAsync(toCertificate: true);
        var request = EnvoyFixture.Request($"Bearer {token}");
        var bare = await fixture.CheckAsync(request);
        request.Attributes.Source.Certificate = Uri.EscapeDataString(EnvoyFixture.Certificate.ExportCertificatePem());
        var shown = await fixture.CheckAsync(request);
        request.Attributes.Source.Certificate = "garbage";
        var garbage = await fixture.CheckAsync(request);

        AssertDenied(bare, 401, "SENDER_CONSTRAINT_FAILED");
        Assert.Equal(0, shown.Status.Code);
        AssertDenied(garbage, 401, "SENDER_CONSTRAINT_FAILED");
    }
}
