using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>
/// How the services prove to each other who they are: a JWS (RFC 7515) signed with the service's key, good for one service and one minute,
/// so that nothing waits for a token to verify a token.
/// </summary>
public sealed class ServiceAssertions(ServiceIdentity identity, ServiceKeys keys, TimeProvider clock)
{
    /// <summary>The JWS header's <c>typ</c>; keeps an assertion from being taken for an access token and the other way round.</summary>
    public const string Type = "service+jwt";

    private const string Algorithm = "ES256";
    private const int MaxRemembered = 1000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RenewAt = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);
    private static readonly string Header = CompactJws.Encode($$"""{"alg":"{{Algorithm}}","typ":"{{Type}}"}""");

    private readonly ConcurrentDictionary<string, (string Assertion, DateTimeOffset RenewAt)> _issued = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (TrustedService Service, DateTimeOffset ExpiresAt)> _verified = new(StringComparer.Ordinal);

    /// <summary>An assertion for calls to another service; the same one is handed out until half of its life is over.</summary>
    public string For(string audience)
    {
        var now = clock.GetUtcNow();
        if (_issued.TryGetValue(audience, out var issued) && now < issued.RenewAt)
        {
            return issued.Assertion;
        }

        var assertion = Sign(audience, now);
        _issued[audience] = (assertion, now + RenewAt);
        return assertion;
    }

    /// <summary>The service that made the assertion for this service.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED.</exception>
    public TrustedService Verify(string assertion)
    {
        var now = clock.GetUtcNow();
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(assertion)));
        if (_verified.TryGetValue(hash, out var known) && now < known.ExpiresAt)
        {
            return known.Service;
        }

        var service = VerifySignature(assertion) ?? throw Refused("its signature is not one of a trusted service");
        var expiresAt = VerifyClaims(assertion, service, now);
        Remember(hash, service, expiresAt, now);
        return service;
    }

    private string Sign(string audience, DateTimeOffset now)
    {
        var payload = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"iss":"{{identity.Name}}","aud":"{{audience}}","iat":{{now.ToUnixTimeSeconds()}},"exp":{{(now + Lifetime).ToUnixTimeSeconds()}}}""");
        var signed = $"{Header}.{CompactJws.Encode(payload)}";
        return $"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(keys.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private TrustedService? VerifySignature(string assertion)
    {
        var parts = assertion.Split('.');
        if (CompactJws.ReadPart(assertion, 0) is not { } header || CompactJws.Payload(assertion) is not { } payload
            || CompactJws.StringOf(header, "alg") != Algorithm || CompactJws.StringOf(header, "typ") != Type
            || header.TryGetProperty("crit", out _)
            || CompactJws.StringOf(payload, "iss") is not { } issuer || keys.FindTrusted(issuer) is not { } service
            || CompactJws.Decode(parts[2]) is not { } signature)
        {
            return null;
        }

        return service.Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature) ? service : null;
    }

    private DateTimeOffset VerifyClaims(string assertion, TrustedService service, DateTimeOffset now)
    {
        var payload = CompactJws.Payload(assertion)!.Value;
        if (CompactJws.StringOf(payload, "aud") != identity.Name)
        {
            throw Refused($"it is of {service.Name} for another service");
        }

        if (InstantOf(payload, "iat") is not { } issuedAt || InstantOf(payload, "exp") is not { } expiresAt)
        {
            throw Refused($"it is of {service.Name} and has no iat or exp");
        }

        if (now >= expiresAt || issuedAt > now + ClockSkew || expiresAt - issuedAt > Lifetime)
        {
            throw Refused($"it is of {service.Name} and expired, not valid yet or valid for too long");
        }

        return expiresAt;
    }

    private void Remember(string hash, TrustedService service, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        if (_verified.Count >= MaxRemembered)
        {
            foreach (var (key, (_, end)) in _verified)
            {
                if (end <= now)
                {
                    _verified.TryRemove(key, out _);
                }
            }
        }

        if (_verified.Count < MaxRemembered)
        {
            _verified[hash] = (service, expiresAt);
        }
    }

    private static DateTimeOffset? InstantOf(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
            && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static IamException Refused(string why) =>
        new(ErrorReason.Unauthenticated, $"The service assertion is not accepted: {why}.");
}
