using System.Text.Json;
using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Google.Protobuf;
using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;
using static Token.Tests.Envoy.EnvoyAnswers;

namespace Token.Tests.Envoy;

/// <summary>envoy.service.auth.v3.Authorization/Check, with messages as Envoy sends them.</summary>
public sealed class CheckTests(EnvoyFixture fixture) : IClassFixture<EnvoyFixture>
{
    private const string Algorithms = "algs=\"ES256";

    private static readonly string[] Names =
        ["x-iam-acr", "x-iam-actors", "x-iam-client-id", "x-iam-organization-id", "x-iam-realm-id", "x-iam-scope", "x-iam-subject", "x-iam-subject-type", "x-iam-token-id"];

    [Fact]
    public async Task A_request_that_is_allowed_is_passed_on_with_what_its_token_says()
    {
        var response = await fixture.CheckAsync(EnvoyFixture.Request($"Bearer {await fixture.TokenAsync()}"));

        Assert.Equal((0, CheckResponse.HttpResponseOneofCase.OkResponse), (response.Status.Code, response.HttpResponseCase));
        var facts = Facts(response);
        Assert.Equal(32, facts["x-iam-token-id"].Replace("-", "", StringComparison.Ordinal).Length);
        facts.Remove("x-iam-token-id");
        Assert.Equal(
            new() { ["x-iam-realm-id"] = "demo", ["x-iam-subject"] = "machine", ["x-iam-subject-type"] = "client", ["x-iam-client-id"] = "machine", ["x-iam-scope"] = "invoices.read" },
            facts);
        Assert.All(response.OkResponse.Headers, header => Assert.False(header.Append));
        Assert.Equal(["x-iam-acr", "x-iam-actors", "x-iam-organization-id"], response.OkResponse.HeadersToRemove.Order(StringComparer.Ordinal));
        Assert.Equal(("ALLOWED", "machine"), (response.DynamicMetadata.Fields["reason"].StringValue, response.DynamicMetadata.Fields["subject"].StringValue));
    }

    [Fact]
    public async Task What_a_client_sends_under_our_names_never_comes_through()
    {
        (string, string)[] forged = [.. Names.Select(name => (name, "forged")), ("X-IAM-Admin", "true"), ("x-iam-", "1"), ("x_iam_acr", "high"), ("X-Iam_Subject", "admin")];

        var response = await fixture.CheckAsync(EnvoyFixture.Request($"Bearer {await fixture.TokenAsync()}", forged));

        var set = Facts(response);
        Assert.DoesNotContain("forged", set.Values);
        Assert.Empty(set.Keys.Intersect(response.OkResponse.HeadersToRemove));
        Assert.Equal(
            Names.Concat(["x-iam-", "x-iam-admin", "x-iam_subject", "x_iam_acr"]).Order(StringComparer.Ordinal),
            set.Keys.Concat(response.OkResponse.HeadersToRemove).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("true", new string[0])]
    [InlineData("false", new[] { "authorization", "dpop" })]
    public async Task The_route_says_whether_the_token_goes_on(string forwards, string[] removed)
    {
        var request = EnvoyFixture.Request($"Bearer {await fixture.TokenAsync()}");
        request.Attributes.ContextExtensions["forward_credentials"] = forwards;

        var response = await fixture.CheckAsync(request);

        Assert.Equal(removed, response.OkResponse.HeadersToRemove.Where(name => !name.StartsWith("x-iam-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic ZGVtby1hcGk6eA==")]
    [InlineData("Negotiate YII")]
    public async Task Without_a_token_the_sender_is_told_what_to_bring(string? authorization)
    {
        var response = await fixture.CheckAsync(EnvoyFixture.Request(authorization));

        AssertDenied(response, 401, "NO_TOKEN");
        Assert.StartsWith($"Bearer realm=\"{EnvoyFixture.Issuer}\", DPoP realm=\"{EnvoyFixture.Issuer}\", {Algorithms}", Header(response, "www-authenticate"));
        Assert.DoesNotContain("error=", Header(response, "www-authenticate"));
    }

    [Theory]
    [InlineData("Bearer garbage")]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    [InlineData("Bearer a,Bearer b")]
    public async Task A_token_that_is_not_active_is_refused(string authorization)
    {
        var response = await fixture.CheckAsync(EnvoyFixture.Request(authorization));

        AssertDenied(response, 401, "TOKEN_INACTIVE");
        Assert.StartsWith($"Bearer realm=\"{EnvoyFixture.Issuer}\", error=\"invalid_token\"", Header(response, "www-authenticate"));
        using var body = JsonDocument.Parse(response.DeniedResponse.Body);
        Assert.Equal("invalid_token", body.RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_token_that_lacks_the_scope_is_told_which_and_one_whose_subject_may_not_is_not()
    {
        var request = EnvoyFixture.Request($"Bearer {await fixture.TokenAsync()}");
        request.Attributes.ContextExtensions["permission"] = "payments.refund";
        var scope = await fixture.CheckAsync(request);
        request.Attributes.ContextExtensions["permission"] = "invoices.read";
        request.Attributes.ContextExtensions["organization"] = "closed";
        var organization = await fixture.CheckAsync(request);

        AssertDenied(scope, 403, "SCOPE_NOT_GRANTED");
        Assert.Equal($"Bearer realm=\"{EnvoyFixture.Issuer}\", error=\"insufficient_scope\", scope=\"payments.refund\"", Header(scope, "www-authenticate"));
        AssertDenied(organization, 403, "UNKNOWN_ORGANIZATION");
        Assert.Equal($"Bearer realm=\"{EnvoyFixture.Issuer}\"", Header(organization, "www-authenticate"));
    }

    [Fact]
    public async Task A_token_for_another_resource_server_or_realm_is_refused()
    {
        var files = EnvoyFixture.Request($"Bearer {await fixture.Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret, ("audience", TestRealm.Files))}");
        var foreign = EnvoyFixture.Request($"Bearer {await fixture.Service.IssueAsync("other", "demo-service", TestRealm.ServiceSecret)}");
        var wrong = EnvoyFixture.Request($"Bearer {await fixture.TokenAsync()}");
        wrong.Attributes.ContextExtensions["audience"] = TestRealm.Files;

        AssertDenied(await fixture.CheckAsync(files), 401, "AUDIENCE_MISMATCH");
        AssertDenied(await fixture.CheckAsync(foreign), 401, "TOKEN_INACTIVE");
        AssertDenied(await fixture.CheckAsync(wrong), 403, "UNKNOWN_PERMISSION");
    }

    [Fact]
    public async Task The_organization_comes_from_the_route_the_path_or_a_header()
    {
        var tied = await fixture.Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret, ("organization", "acme"));
        var request = EnvoyFixture.Request($"Bearer {tied}", ("x-organization", "globex"));
        var extensions = request.Attributes.ContextExtensions;
        var own = await fixture.CheckAsync(request);
        extensions["organization_header"] = "X-Organization";
        var named = await fixture.CheckAsync(request);
        extensions["path"] = "/organizations/{organization}/invoices/*";
        var inPath = await fixture.CheckAsync(request);
        extensions["organization"] = "globex";
        var ofRoute = await fixture.CheckAsync(request);

        Assert.Equal(("acme", "acme"), (Facts(own)["x-iam-organization-id"], Facts(inPath)["x-iam-organization-id"]));
        AssertDenied(named, 403, "ORGANIZATION_MISMATCH");
        AssertDenied(ofRoute, 403, "ORGANIZATION_MISMATCH");
    }

    [Theory]
    [InlineData("/organizations/acme/invoices/42/")]
    [InlineData("/organizations/acme//42")]
    [InlineData("/organizations/acme/../42")]
    [InlineData("/organizations/..;/invoices/42")]
    [InlineData("/organizations/acme/invoices/..;a")]
    [InlineData("/organizations/acme/invoices/.;")]
    [InlineData("/organizations/acme/invoices/42;v=2")]
    [InlineData("/organizations/acme/invoices/42#/../../globex")]
    [InlineData("/organizations/acme/invoices\\42")]
    [InlineData("/organizations/ac%6de/invoices/42")]
    [InlineData("/organizations/acme%2finvoices/42")]
    [InlineData("/organizations/acme/payments/42")]
    [InlineData("/organizations/acme/invoices")]
    [InlineData("organizations/acme/invoices/42")]
    [InlineData("*")]
    [InlineData("")]
    public async Task A_path_that_does_not_fit_its_template_is_passed_on_nowhere(string path)
    {
        var request = EnvoyFixture.Request($"Bearer {await fixture.Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret, ("organization", "acme"))}");
        request.Attributes.ContextExtensions["path"] = "/organizations/{organization}/invoices/{resource}";
        Assert.Equal(0, (await fixture.CheckAsync(request)).Status.Code);

        request.Attributes.Request.Http.Path = path;

        AssertDenied(await fixture.CheckAsync(request), 403, "PATH_MISMATCH");
    }

    [Fact]
    public async Task Authorization_details_allow_the_resource_in_the_path_and_no_other()
    {
        var token = await fixture.TokenAsync(
            "machine", ("scope", "invoices.read"), ("authorization_details", """[{"type": "invoice", "identifier": "42", "actions": ["create"]}]"""));
        var request = EnvoyFixture.Request($"Bearer {token}");
        request.Attributes.ContextExtensions["permission"] = "invoices.create";
        request.Attributes.ContextExtensions["path"] = "/organizations/*/invoices/{resource}";
        request.Attributes.ContextExtensions["resource_type"] = "invoice";
        var allowed = await fixture.CheckAsync(request);
        request.Attributes.Request.Http.Path = "/organizations/acme/invoices/43";
        var denied = await fixture.CheckAsync(request);

        Assert.Equal(0, allowed.Status.Code);
        AssertDenied(denied, 403, "RESOURCE_NOT_GRANTED");
    }

    [Fact]
    public async Task A_users_source_address_counts_as_Envoy_says_it()
    {
        fixture.Realms.Change("demo", TestRealm.Binding("demo", "e3", MemberType.Client, "demo-web", "viewer", null)
            with
        { Conditions = new RoleBindingConditions { SourceNetworks = ["10.0.0.0/8"] } });
        var revision = fixture.Realms.Change("demo", TestRealm.Client("demo", "demo-web", ["invoices.read"], TestRealm.WebSecret));
        await fixture.Service.ReachAsync("demo", revision);
        var request = EnvoyFixture.Request($"Bearer {await fixture.Service.IssueAsync("demo", "demo-web", TestRealm.WebSecret)}");
        var near = await fixture.CheckAsync(request);
        request.Attributes.Source.Address.SocketAddress.Address = "192.0.2.1";
        var far = await fixture.CheckAsync(request);

        Assert.Equal(0, near.Status.Code);
        AssertDenied(far, 403, "CONDITION_NOT_MET");
    }

    [Fact]
    public async Task Raw_headers_are_read_too_and_one_that_is_there_twice_is_no_token()
    {
        var token = await fixture.TokenAsync();
        var request = EnvoyFixture.Request(null);
        var http = request.Attributes.Request.Http;
        http.Headers.Clear();
        http.HeaderMap = new HeaderMap { Headers = { Raw("Authorization", $"Bearer {token}"), Raw("X-Iam-Subject", "forged") } };
        var once = await fixture.CheckAsync(request);
        http.HeaderMap.Headers.Add(Raw("authorization", $"Bearer {token}"));
        var twice = await fixture.CheckAsync(request);

        Assert.Equal((0, "machine"), (once.Status.Code, Facts(once)["x-iam-subject"]));
        AssertDenied(twice, 401, "TOKEN_INACTIVE");
    }

    [Theory]
    [InlineData("permission", "")]
    [InlineData("permission", "read")]
    [InlineData("permision", "invoices.read")]
    [InlineData("realm", "nowhere")]
    [InlineData("path", "invoices/{resource}")]
    [InlineData("path", "/**/{resource}")]
    [InlineData("resource_type", "invoice")]
    [InlineData("forward_credentials", "no")]
    [InlineData("public_address", "api.demo.example")]
    public async Task A_route_that_is_wrong_passes_nothing_on_and_tells_its_users_nothing(string key, string value)
    {
        var request = EnvoyFixture.Request($"Bearer {await fixture.TokenAsync()}");
        request.Attributes.ContextExtensions[key] = value;

        var response = await fixture.Envoy.CheckAsync(request, TokenReplica.Operator);

        AssertDenied(response, 500, "MISCONFIGURED", code: 13);
        Assert.Equal("""{"error":"server_error","error_description":"The server is not set up for this request."}""", response.DeniedResponse.Body);
    }

    [Fact]
    public async Task An_outage_is_a_denial_that_nobody_can_take_for_a_yes()
    {
        var request = EnvoyFixture.Request("Bearer x");
        request.Attributes.ContextExtensions["realm"] = "unheard";
        fixture.Realms.IsDown = true;
        try
        {
            var response = await fixture.Envoy.CheckAsync(request, TokenReplica.Operator);

            AssertDenied(response, 503, "REALM_FEED_UNAVAILABLE", code: 14);
            Assert.Equal("1", Header(response, "retry-after"));
        }
        finally
        {
            fixture.Realms.IsDown = false;
        }
    }

    [Fact]
    public async Task Envoy_itself_must_be_known_and_may_check_in_the_routes_realm()
    {
        var request = EnvoyFixture.Request($"Bearer {await fixture.TokenAsync()}");
        var token = await fixture.Service.IssueAsync("demo", "demo-api", TestRealm.ApiSecret);
        Metadata Basic(string client, string secret) => new() { { "authorization", $"{TokenReplica.Basic(client, secret)}" } };

        Assert.Equal(StatusCode.OK, await StatusAsync(request, EnvoyFixture.Caller));
        Assert.Equal(StatusCode.OK, await StatusAsync(request, TokenReplica.Operator));
        Assert.Equal(StatusCode.OK, await StatusAsync(request, TokenReplica.Bearer(token)));
        Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(request, []));
        Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(request, Basic("demo-api", "wrong")));
        Assert.Equal(StatusCode.PermissionDenied, await StatusAsync(request, Basic("demo-service", TestRealm.ServiceSecret)));
        request.Attributes.ContextExtensions["realm"] = "other";
        Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(request, TokenReplica.Bearer(token)));
        request.Attributes.ContextExtensions["realm"] = "nowhere";
        Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(request, EnvoyFixture.Caller));
        request.Attributes.ContextExtensions.Clear();
        Assert.Equal(StatusCode.Unauthenticated, await StatusAsync(request, EnvoyFixture.Caller));
    }

    private async Task<StatusCode> StatusAsync(CheckRequest request, Metadata caller)
    {
        try
        {
            await fixture.Envoy.CheckAsync(request, caller);
            return StatusCode.OK;
        }
        catch (RpcException refusal)
        {
            return refusal.StatusCode;
        }
    }

    private static HeaderValue Raw(string name, string value) => new() { Key = name, RawValue = ByteString.CopyFromUtf8(value) };
}
