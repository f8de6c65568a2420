using System.Text;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Tokens;

namespace Common.Tests.Tokens;

/// <summary>A token that is read with another at hand says what it says itself, and holds what both say once.</summary>
public sealed class AccessTokenJsonTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Fact]
    public void A_token_says_the_same_whatever_other_was_read_before()
    {
        AccessToken[] tokens = [.. Variants(Ordinary())];

        Assert.All(tokens, token => Assert.All(tokens, other => Assert.Equal(Text(token), Text(Read(token, like: other)))));
    }

    [Fact]
    public void What_two_tokens_both_say_is_held_once()
    {
        var first = Read(Ordinary());

        var second = Read(Ordinary() with { TokenId = "another" }, like: first);

        Assert.Equal("another", second.TokenId);
        Assert.Same(first.Issuer, second.Issuer);
        Assert.Same(first.Subject.Id, second.Subject.Id);
        Assert.Same(first.ClientId, second.ClientId);
        Assert.Same(first.RealmId, second.RealmId);
        Assert.Same(first.Scopes, second.Scopes);
        Assert.Same(first.Audiences, second.Audiences);
    }

    [Theory]
    [InlineData("invoices.read", "invoices.read invoices.approve")]
    [InlineData("invoices.read invoices.approve", "invoices.read")]
    [InlineData("invoices.read invoices.approve", "invoices.approve invoices.read")]
    [InlineData("invoices.read", "invoices.rea")]
    [InlineData("invoices.read", "")]
    [InlineData("", "invoices.read")]
    [InlineData("invoices.r\u00e9ad", "invoices.r\u00e9ad")]
    public void Scopes_are_the_tokens_own(string scope, string otherScope)
    {
        var other = Read(Ordinary() with { Scopes = otherScope.Split(' ', StringSplitOptions.RemoveEmptyEntries) });

        var token = Read(Ordinary() with { Scopes = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries) }, like: other);

        Assert.Equal(scope, string.Join(' ', token.Scopes));
    }

    [Fact]
    public void An_escaped_text_is_read_for_what_it_means()
    {
        var escaped = Text(Ordinary()).Replace("invoices.read", "invoices\\u002eread", StringComparison.Ordinal);

        Assert.Equal(["invoices.read"], AccessTokenJson.Read(Encoding.UTF8.GetBytes(escaped), like: Ordinary())!.Scopes);
    }

    [Theory]
    [InlineData("\"iss\":\"https://iam.example/realms/demo\"", "\"iss\":7")]
    [InlineData("\"iss\":\"https://iam.example/realms/demo\"", "\"iss\":null")]
    [InlineData("\"sub_type\":\"client\"", "\"sub_type\":\"robot\"")]
    [InlineData("\"sub_type\":\"client\"", "\"sub_type\":null")]
    [InlineData("\"realm_id\":\"demo\"", "\"realm_id\":{}")]
    [InlineData("\"client_id\":\"worker\"", "\"client_id\":[]")]
    [InlineData("\"scope\":\"invoices.read\"", "\"scope\":[\"invoices.read\"]")]
    public void Another_type_is_no_token_of_ours(string claim, string replacement)
    {
        var text = Text(Ordinary());
        Assert.Contains(claim, text, StringComparison.Ordinal);
        var payload = Encoding.UTF8.GetBytes(text.Replace(claim, replacement, StringComparison.Ordinal));

        Assert.Null(AccessTokenJson.Read(payload));
        Assert.Null(AccessTokenJson.Read(payload, like: Ordinary()));
    }

    private static AccessToken Ordinary() => new()
    {
        TokenId = "one",
        RealmId = "demo",
        Issuer = "https://iam.example/realms/demo",
        Subject = Principal.Client("worker"),
        ClientId = "worker",
        Scopes = ["invoices.read"],
        Audiences = ["https://api.example"],
        IssuedAt = Now,
        ExpiresAt = Now.AddHours(1),
    };

    private static IEnumerable<AccessToken> Variants(AccessToken token) =>
    [
        token,
        token with { TokenId = "two" },
        token with { Issuer = "https://iam.example/realms/other" },
        token with { RealmId = "other" },
        token with { Subject = Principal.Client("other") },
        token with { Subject = Principal.User("worker") },
        token with { ClientId = "other" },
        token with { Scopes = [] },
        token with { Scopes = ["invoices.approve"] },
        token with { Scopes = ["invoices.read", "invoices.approve"] },
        token with { Audiences = [] },
        token with { Audiences = ["https://other.example"] },
        token with { Audiences = ["https://api.example", "https://other.example"] },
        token with { OrganizationId = "acme" },
        token with { Acr = "2", Amr = ["pwd", "otp"], AuthenticatedAt = Now.AddMinutes(-1), GrantId = "grant" },
        token with { Subject = Principal.User("alice"), Actors = [Principal.Client("worker")], ParentIds = ["parent"], MayAct = Principal.Client("next") },
        token with { ExpiresAt = Now.AddHours(2), IssuedAt = Now.AddHours(1) },
    ];

    private static AccessToken Read(AccessToken token, AccessToken? like = null) => AccessTokenJson.Read(AccessTokenJson.Write(token).WrittenSpan, keyId: null, like)!;

    private static string Text(AccessToken token) => Encoding.UTF8.GetString(AccessTokenJson.Write(token).WrittenSpan);
}
