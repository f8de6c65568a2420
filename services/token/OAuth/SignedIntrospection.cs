using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Introspection answers as JWTs (RFC 9701), for who must be able to show what it was told.</summary>
public sealed class SignedIntrospection(RealmSnapshots realms, KeyRing keyRing, Issuers issuers, TimeProvider clock)
{
    private const string MediaType = "application/token-introspection+jwt";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Section 4: whether the caller accepts a JWT at least as gladly as JSON.</summary>
    public static bool IsWanted(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.ToString().Contains(MediaType, StringComparison.OrdinalIgnoreCase)
            && MediaTypeHeaderValue.TryParseList(accept, out var accepted)
            && QualityOf(accepted, MediaType) is > 0 and var quality
            && quality >= QualityOf(accepted, "application/json");
    }

    /// <param name="context">The request.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="callerId">The client that asks: whom the answer is for.</param>
    /// <param name="answer">What is said of the token.</param>
    public async Task WriteAsync(HttpContext context, string realmId, string callerId, IntrospectionAnswer answer)
    {
        var realm = await realms.GetAsync(realmId, minRevision: 0, context.RequestAborted);
        var key = await keyRing.SignerAsync(realm.Realm, SignatureAlgorithms.Es256, TimeSpan.Zero, context.RequestAborted);
        var payload = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(payload, Options))
        {
            writer.WriteStartObject();
            writer.WriteString(ClaimNames.Issuer, issuers.Of(realm.Realm));
            writer.WriteString(ClaimNames.Audience, callerId);
            writer.WriteNumber(ClaimNames.IssuedAt, clock.GetUtcNow().ToUnixTimeSeconds());
            writer.WriteStartObject("token_introspection");
            (IsFor(realm, callerId, answer) ? answer : default).WriteMembers(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        var jwt = Encoding.ASCII.GetBytes(JwtWriter.Write(payload.WrittenSpan, key.IntrospectionHeader, key));
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = jwt.Length;
        await context.Response.Body.WriteAsync(jwt, context.RequestAborted);
    }

    /// <summary>
    /// Section 5: an access token that is not for the resource server that asks is not active to it. A client that is registered for no resource server asks
    /// in the name of all.
    /// </summary>
    private static bool IsFor(RealmSnapshot realm, string callerId, IntrospectionAnswer answer)
    {
        var own = realm.ResourceServers.Where(server => server.ClientId == callerId).Select(server => server.Audience).ToList();
        return answer.Access is not { } token || own.Count == 0 || token.Audiences.Intersect(own, StringComparer.Ordinal).Any();
    }

    private static double QualityOf(IList<MediaTypeHeaderValue> accepted, string mediaType) =>
        accepted.Where(value => value.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)).Select(value => value.Quality ?? 1).DefaultIfEmpty(0).Max();
}
