using Google.Protobuf;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;
using static Common.Tests.Realms.MappedResources;

namespace Common.Tests.Realms;

public sealed class MappingTests
{
    public static TheoryData<ResourceKind> Kinds => [.. Enum.GetValues<ResourceKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_resource_with_everything_set_comes_back_the_same(ResourceKind kind) => AssertComesBack(Full(kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_resource_with_nothing_optional_set_comes_back_the_same(ResourceKind kind) => AssertComesBack(Bare(kind));

    [Theory]
    [InlineData(ResourceKind.RoleBinding, "role_binding")]
    [InlineData(ResourceKind.ResourceServer, "resource_server")]
    [InlineData(ResourceKind.Realm, "realm")]
    public void Kinds_are_named_like_the_members_of_the_resource(ResourceKind kind, string name)
    {
        Assert.Equal(name, kind.ToName());
        Assert.Equal(kind, ResourceKindNames.Parse(name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_the_name_of_its_field(ResourceKind kind) =>
        Assert.Equal(kind.ToName(), Wire.RealmResource.Descriptor.FindFieldByNumber((int)kind + 1).Name);

    [Fact]
    public void A_client_for_callers_lists_secrets_without_any_hash()
    {
        var client = (Client)Full(ResourceKind.Client);

        var wire = client.ToWire();

        Assert.Equal(["s1", "s2"], wire.Secrets.Select(secret => secret.SecretId));
        Assert.DoesNotContain(Hash, wire.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.False(wire.ToByteArray().AsSpan().IndexOf(Convert.FromHexString(Hash)) >= 0);
    }

    [Fact]
    public void An_unset_client_type_is_refused()
    {
        var feedClient = ((Client)Full(ResourceKind.Client)).ToFeedWire();
        feedClient.Client.ClientType = Wire.ClientType.Unspecified;

        Assert.Throws<InvalidDataException>(() => feedClient.ToRecord());
    }

    [Fact]
    public void A_role_binding_without_a_member_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new Wire.RoleBinding { RoleBindingId = "b", RoleId = "r" }.ToRecord());

    [Fact]
    public void A_resource_that_is_not_set_is_refused() => Assert.Throws<InvalidDataException>(() => new Wire.RealmResource().ToRecord());

    [Fact]
    public void A_reference_of_an_unknown_kind_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new Wire.ResourceReference { ResourceKind = "planet", ResourceId = "x" }.ToRecord());

    [Fact]
    public void A_provider_comes_back_with_its_sealed_secret_in_the_feed_and_without_it_for_callers()
    {
        var upstream = new UpstreamProvider
        {
            Issuer = "https://op.example",
            ClientId = "c",
            ClientSecret = "plain",
            SealedClientSecret = "c2VhbGVk",
            Scopes = ["email"],
            CreateUsers = true,
            RolesClaim = "groups",
            RoleMappings = [new() { Value = "a", StandsFor = "r" }, new() { Value = "b", StandsFor = "r" }],
            AcrMappings = [new() { Value = "urn:mfa", StandsFor = "gold" }],
        };
        var realm = FullRealm() with { LoginSettings = new() { Upstream = upstream with { ClientSecret = null } } };

        AssertComesBack(realm);
        var shown = (realm with { LoginSettings = new() { Upstream = upstream } }).ToWire();
        Assert.Equal(("", true), (shown.LoginSettings.Upstream.ClientSecret, shown.LoginSettings.Upstream.SealedClientSecret.IsEmpty));
        Assert.DoesNotContain("plain", upstream.ToString());
        Assert.DoesNotContain("plain", System.Text.Json.JsonSerializer.Serialize(upstream));
    }

    [Fact]
    public void Issuers_of_assertions_come_back()
    {
        var rule = new AssertionRule
        {
            Name = "readers",
            Claims = [new() { Claim = "scope", Values = ["b.read"] }, new() { Claim = "groups", Values = ["x", "y"] }],
            Scopes = ["a.read"],
            RoleIds = ["r"],
        };
        var partner = new AssertionIssuer
        {
            Name = "partner",
            Disabled = true,
            Issuer = "https://login.partner.example",
            Jwks = "{}",
            Algorithms = ["ES256", "RS256"],
            ClientIds = ["c"],
            Scopes = ["a.read"],
            OrganizationIds = ["o"],
            UserIdClaim = "employee",
            CreateUsers = true,
            AssertsRoles = true,
            MaxAssertionLifetime = TimeSpan.FromMinutes(2),
            MaxLifetime = TimeSpan.FromMinutes(3),
            Rules = [rule, new() { Name = "bare" }],
        };
        var headquarters = new AssertionIssuer { Name = "hq", TrustedRealmId = "hq", SubjectClientIds = ["web"], Subject = AssertionSubject.PresentingClient };

        AssertComesBack(FullRealm() with { AssertionIssuers = [headquarters, partner, new() { Name = "user", Issuer = "https://x.example", Subject = AssertionSubject.UserId }] });
    }

    private static void AssertComesBack(IRealmResource resource)
    {
        var bytes = resource.ToWire().ToByteArray();

        Assert.Equal(resource, Wire.RealmResource.Parser.ParseFrom(bytes).ToRecord());
    }
}
