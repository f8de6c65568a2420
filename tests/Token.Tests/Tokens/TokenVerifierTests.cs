using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Tokens;
using Token.Tests.Hosting;
using Token.Tests.Keys;

namespace Token.Tests.Tokens;

public sealed class TokenVerifierTests(TokenBench bench) : IClassFixture<TokenBench>
{
    [Fact]
    public async Task Accepts_its_own_tokens_the_first_time_and_from_the_cache()
    {
        var claims = TokenBench.Claims("demo");
        var token = await bench.WriteAsync(claims);

        var first = await bench.VerifyAsync("demo", token);
        var second = await bench.VerifyAsync("demo", token);

        Assert.NotNull(first);
        Assert.Equal((claims.TokenId, claims.Subject, claims.ClientId, claims.OrganizationId), (first.TokenId, first.Subject, first.ClientId, first.OrganizationId));
        Assert.Equal((claims.Issuer, claims.IssuedAt, claims.ExpiresAt), (first.Issuer, first.IssuedAt, first.ExpiresAt));
        Assert.Equal(claims.Scopes, first.Scopes);
        Assert.Equal(claims.Audiences, first.Audiences);
        Assert.Same(first, second);
    }

    [Fact]
    public async Task Keeps_users_and_clients_and_several_audiences_apart()
    {
        var claims = TokenBench.Claims("demo") with { Subject = Principal.User("alice"), Audiences = [TestRealm.Api, TestRealm.Files], OrganizationId = null, Acr = "high" };

        var read = await bench.VerifyAsync("demo", await bench.WriteAsync(claims));

        Assert.NotNull(read);
        Assert.Equal(Principal.User("alice"), read.Subject);
        Assert.Equal("alice", read.UserId);
        Assert.Equal([TestRealm.Api, TestRealm.Files], read.Audiences);
        Assert.Null(read.OrganizationId);
        Assert.Equal("high", read.Acr);
    }

    [Fact]
    public async Task Refuses_a_token_at_the_second_of_its_expiry_also_from_the_cache()
    {
        var lasting = TokenBench.Claims("demo") with { ExpiresAt = bench.Clock.GetUtcNow().AddSeconds(1) };
        var token = await bench.WriteAsync(lasting);
        var ended = await bench.WriteAsync(lasting with { ExpiresAt = bench.Clock.GetUtcNow() });
        var past = await bench.WriteAsync(lasting with { ExpiresAt = bench.Clock.GetUtcNow().AddSeconds(-1) });

        Assert.NotNull(await bench.VerifyAsync("demo", token));
        Assert.Null(await bench.VerifyAsync("demo", ended));
        Assert.Null(await bench.VerifyAsync("demo", past));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await bench.VerifyAsync("demo", token));
    }

    [Fact]
    public async Task Refuses_a_token_of_another_realm_also_where_it_is_cached_there()
    {
        var token = await bench.WriteAsync(TokenBench.Claims("demo"));

        Assert.NotNull(await bench.VerifyAsync("demo", token));
        Assert.Null(await bench.VerifyAsync("other", token));
    }

    [Fact]
    public async Task Refuses_claims_of_another_realm_under_this_realms_key()
    {
        var key = await bench.KeyAsync("demo");
        var honest = TokenBench.Claims("demo");

        Assert.Null(await bench.VerifyAsync("demo", JwtWriter.Write(TokenBench.Claims("other"), key)));
        Assert.Null(await bench.VerifyAsync("demo", JwtWriter.Write(honest with { RealmId = "other" }, key)));
        Assert.Null(await bench.VerifyAsync("demo", JwtWriter.Write(honest with { Issuer = "https://evil.example/realms/demo" }, key)));
        Assert.Null(await bench.VerifyAsync("demo", JwtWriter.Write(honest with { Issuer = "" }, key)));
    }

    [Fact]
    public async Task One_text_is_the_token_whatever_stands_in_the_bits_that_its_last_character_has_to_spare()
    {
        var token = await bench.WriteAsync(TokenBench.Claims("demo"));

        foreach (var last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        {
            Assert.Equal(last == token[^1], await bench.VerifyAsync("demo", token[..^1] + last) is not null);
        }
    }

    public static TheoryData<string, string> Headers => new()
    {
        { "alg none", """{"alg":"none","typ":"at+jwt","kid":"KID"}""" },
        { "alg None", """{"alg":"None","typ":"at+jwt","kid":"KID"}""" },
        { "alg HS256", """{"alg":"HS256","typ":"at+jwt","kid":"KID"}""" },
        { "alg ES384", """{"alg":"ES384","typ":"at+jwt","kid":"KID"}""" },
        { "alg es256", """{"alg":"es256","typ":"at+jwt","kid":"KID"}""" },
        { "no alg", """{"typ":"at+jwt","kid":"KID"}""" },
        { "typ JWT", """{"alg":"ES256","typ":"JWT","kid":"KID"}""" },
        { "typ service+jwt", """{"alg":"ES256","typ":"service+jwt","kid":"KID"}""" },
        { "no typ", """{"alg":"ES256","kid":"KID"}""" },
        { "no kid", """{"alg":"ES256","typ":"at+jwt"}""" },
        { "unknown kid", """{"alg":"ES256","typ":"at+jwt","kid":"unknown"}""" },
        { "crit", """{"alg":"ES256","typ":"at+jwt","kid":"KID","crit":["x"]}""" },
        { "alg twice", """{"alg":"ES256","typ":"at+jwt","kid":"KID","alg":"none"}""" },
        { "an embedded key", """{"alg":"ES256","typ":"at+jwt","kid":"KID","jwk":{"kty":"EC"}}""" },
        { "not JSON", "at+jwt" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Refuses_every_other_header_even_well_signed(string what, string header)
    {
        Assert.NotEmpty(what);
        var key = await bench.KeyAsync("demo");
        var parts = (await bench.WriteAsync(TokenBench.Claims("demo"))).Split('.');
        var signed = $"{Encode(header.Replace("KID", key.KeyId, StringComparison.Ordinal))}.{parts[1]}";

        Assert.Null(await bench.VerifyAsync("demo", $"{signed}.{Sign(key, signed)}"));
        Assert.Null(await bench.VerifyAsync("demo", $"{signed}."));
        Assert.Null(await bench.VerifyAsync("demo", $"{signed}.{parts[2]}"));
    }

    [Fact]
    public async Task Refuses_a_signature_of_another_realms_key_under_the_right_kid()
    {
        var parts = (await bench.WriteAsync(TokenBench.Claims("demo"))).Split('.');
        var signed = $"{parts[0]}.{parts[1]}";

        Assert.Null(await bench.VerifyAsync("demo", $"{signed}.{Sign(await bench.KeyAsync("other"), signed)}"));
    }

    [Fact]
    public async Task Refuses_an_hmac_keyed_with_the_public_key()
    {
        var key = await bench.KeyAsync("demo");
        var parts = (await bench.WriteAsync(TokenBench.Claims("demo"))).Split('.');
        var signed = $"{Encode($$"""{"alg":"HS256","typ":"at+jwt","kid":"{{key.KeyId}}"}""")}.{parts[1]}";
        var mac = HMACSHA256.HashData(Base64Url.DecodeFromChars(TestKeys.Jwk(key).GetProperty("x").GetString()), Encoding.ASCII.GetBytes(signed));

        Assert.Null(await bench.VerifyAsync("demo", $"{signed}.{Base64Url.EncodeToString(mac)}"));
    }

    [Fact]
    public async Task Refuses_a_change_of_any_character()
    {
        var token = await bench.WriteAsync(TokenBench.Claims("demo"));
        var signatureStart = token.LastIndexOf('.') + 1;

        // The last character of the signature has bits that no byte takes: it may be written in four ways.
        for (var i = 0; i < token.Length - 1; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.True(await bench.VerifyAsync("demo", changed) is null, $"character {i}, signature from {signatureStart}");
        }
    }

    [Fact]
    public async Task Refuses_richer_claims_under_an_honest_signature()
    {
        var parts = (await bench.WriteAsync(TokenBench.Claims("demo"))).Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));

        var richer = Encode(payload.Replace("invoices.read", "payments.refund", StringComparison.Ordinal));

        Assert.Null(await bench.VerifyAsync("demo", $"{parts[0]}.{richer}.{parts[2]}"));
    }

    [Fact]
    public async Task Refuses_degenerate_signatures()
    {
        var parts = (await bench.WriteAsync(TokenBench.Claims("demo"))).Split('.');
        var zeros = Base64Url.EncodeToString(new byte[64]);
        var der = Base64Url.EncodeToString([0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]);

        Assert.Null(await bench.VerifyAsync("demo", $"{parts[0]}.{parts[1]}.{zeros}"));
        Assert.Null(await bench.VerifyAsync("demo", $"{parts[0]}.{parts[1]}.{der}"));
        Assert.Null(await bench.VerifyAsync("demo", $"{parts[0]}.{parts[1]}.{parts[2]}{parts[2]}"));
    }

    public static TheoryData<string, string> Garbage => new()
    {
        { "empty", "" },
        { "dots", ".." },
        { "one part", "abc" },
        { "two parts", "abc.def" },
        { "four parts", "a.b.c.d" },
        { "spaces", "   " },
        { "not ASCII", "ä.ö.ü" },
        { "NUL", "\0.\0.\0" },
        { "oversized", new string('a', TokenVerifier.MaxSize + 1) },
        { "largest", new string('a', TokenVerifier.MaxSize) },
        { "largest with dots", string.Join('.', new string('a', 5000), new string('b', 5000), new string('c', 5000)) },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Refuses_garbage(string what, string token)
    {
        Assert.NotEmpty(what);

        Assert.Null(await bench.VerifyAsync("demo", token));
    }

    [Fact]
    public async Task Refuses_an_honest_token_with_something_around_it()
    {
        var token = await bench.WriteAsync(TokenBench.Claims("demo"));
        string[] changed = [$" {token}", $"{token} ", $"{token}\n", $"{token}=", $"{token}.", $".{token}", token.Replace(".", "..", StringComparison.Ordinal)];

        foreach (var other in changed)
        {
            Assert.Null(await bench.VerifyAsync("demo", other));
        }
    }

    [Theory]
    [InlineData("""{"iss":1}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Refuses_claims_that_are_not_ours_under_our_key(string payload)
    {
        var key = await bench.KeyAsync("demo");
        var signed = $"{Encoding.ASCII.GetString(key.EncodedHeader)}.{Encode(payload)}";

        Assert.Null(await bench.VerifyAsync("demo", $"{signed}.{Sign(key, signed)}"));
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Sign(SigningKey key, string data)
    {
        var signature = new byte[key.SignatureSize];
        key.Sign(Encoding.ASCII.GetBytes(data), signature);
        return Base64Url.EncodeToString(signature);
    }
}
