using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>Asks a realm's remote consent server: a JWT, signed and then encrypted, that the browser carries.</summary>
public sealed class RemoteRequests(RemoteConsentKeys keys, RemoteKeySets keySets, ServiceKeys serviceKeys, ConsentPlaces places, TimeProvider clock)
{
    /// <summary>Explicit typing keeps one kind of JWT from being taken for another (RFC 8725 section 3.11).</summary>
    public const string Type = "consent-request+jwt";

    /// <summary>Who this service is to remote consent servers: <c>iss</c> of requests and <c>aud</c> of answers.</summary>
    public string IssuerOf(string realmId) => $"{places.PublicAddress()}{RealmRoute.Prefix}{realmId}/consent";

    /// <summary>Ties an answer to its challenge. It is made from the challenge, so nothing is stored and every replica knows it.</summary>
    public string NonceOf(string realmId, string challenge) => Base64Url.EncodeToString(
        HMACSHA256.HashData(serviceKeys.Derive($"pltfrms.iam.consent.remote/nonce/{realmId}"), Encoding.ASCII.GetBytes(challenge)));

    /// <summary>Where the browser goes.</summary>
    /// <exception cref="IamException">SERVICE_UNAVAILABLE: the remote server's keys cannot be had.</exception>
    public async Task<string> AddressAsync(OpenChallenge open, RemoteConsent server, string challenge, CancellationToken cancellationToken)
    {
        var recipient = await keySets.EncryptionKeyAsync(server.JwksUri, cancellationToken);
        var realmId = open.Realm.RealmId;
        using var key = keys.Signing(realmId);
        var jws = JsonWebSignature.Sign(Type, Claims(open, server, challenge), key, keys.SigningKeyId(realmId));
        try
        {
            var separator = server.AuthorizationUri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            return $"{server.AuthorizationUri}{separator}request={JsonWebEncryption.Encrypt(jws, recipient)}";
        }
        catch (CryptographicException exception)
        {
            throw new IamException(ErrorReason.ServiceUnavailable, "The remote consent server's key for encryption is not a valid one.", exception);
        }
    }

    private string Claims(OpenChallenge open, RemoteConsent server, string challenge)
    {
        var realmId = open.Realm.RealmId;
        var now = clock.GetUtcNow();
        var lifetimeEnd = now + server.RequestLifetime;
        var expiresAt = open.Challenge.ExpiresAt < lifetimeEnd ? open.Challenge.ExpiresAt : lifetimeEnd;
        return JoseJson.Write(writer =>
        {
            writer.WriteString("iss", IssuerOf(realmId));
            writer.WriteString("aud", server.Issuer);
            writer.WriteString("sub", open.View.UserId);
            writer.WriteString("client_id", open.Client.ClientId);
            writer.WriteString("organization_id", open.View.OrganizationId);
            WriteTexts(writer, "scopes", open.View.Scopes.Select(scope => scope.Scope));
            WriteTexts(writer, "required_scopes", open.View.Scopes.Where(scope => scope.Required).Select(scope => scope.Scope));
            RemoteDetails.Write(writer, open.View.Details);
            writer.WriteString("nonce", NonceOf(realmId, challenge));
            writer.WriteString("callback", $"{IssuerOf(realmId)}/{challenge}/answer");
            WriteTexts(writer, "ui_locales", open.Challenge.Request.UiLocales);
            writer.WriteNumber("iat", now.ToUnixTimeSeconds());
            writer.WriteNumber("exp", expiresAt.ToUnixTimeSeconds());
            writer.WriteString("jti", Guid.CreateVersion7(now).ToString());
        });
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
