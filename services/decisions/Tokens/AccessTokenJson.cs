using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>An access token's claims as JSON: the payload of a JWT, and the body of an introspection answer, where the names are the same.</summary>
public static class AccessTokenJson
{
    private const int InitialSize = 512;

    // The claims are never put into a page, so only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The claims as one object.</summary>
    public static ArrayBufferWriter<byte> Write(AccessToken token)
    {
        var json = new ArrayBufferWriter<byte>(InitialSize);
        using var writer = new Utf8JsonWriter(json, Options);
        writer.WriteStartObject();
        WriteMembers(writer, token);
        writer.WriteEndObject();
        writer.Flush();
        return json;
    }

    /// <summary>Writes the members, without the braces around them.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, AccessToken token)
    {
        writer.WriteString(ClaimNames.Issuer, token.Issuer);
        writer.WriteString(ClaimNames.Subject, token.Subject.Id);
        writer.WriteString(ClaimNames.SubjectType, token.Subject.Type == MemberType.User ? ClaimNames.UserSubject : ClaimNames.ClientSubject);
        WriteAudience(writer, token.Audiences);
        writer.WriteNumber(ClaimNames.ExpiresAt, token.ExpiresAt.ToUnixTimeSeconds());
        writer.WriteNumber(ClaimNames.IssuedAt, token.IssuedAt.ToUnixTimeSeconds());
        writer.WriteString(ClaimNames.TokenId, token.TokenId);
        writer.WriteString(ClaimNames.ClientId, token.ClientId);
        writer.WriteString(ClaimNames.Scope, string.Join(' ', token.Scopes));
        writer.WriteString(ClaimNames.RealmId, token.RealmId);
        if (token.OrganizationId is not null)
        {
            writer.WriteString(ClaimNames.OrganizationId, token.OrganizationId);
        }

        if (token.Acr is not null)
        {
            writer.WriteString(ClaimNames.Acr, token.Acr);
        }

        WriteLogin(writer, token);
        AssertionSourceJson.Write(writer, token.Assertion);
        ConfirmationJson.Write(writer, token.Confirmation);
        DetailsJson.Write(writer, token.AuthorizationDetails);
        ActorJson.WriteMayAct(writer, token.MayAct);
        if (token.DelegationId is not null)
        {
            writer.WriteString(ClaimNames.DelegationId, token.DelegationId);
        }

        ActorJson.Write(writer, token.Actors);
        if (token.ParentIds.Count > 0)
        {
            WriteList(writer, ClaimNames.ParentIds, token.ParentIds);
        }
    }

    /// <summary>Reads the payload of a token whose signature is verified; null where it lacks what every token of ours has.</summary>
    /// <param name="payload">The claims as one object.</param>
    /// <param name="keyId">The <c>kid</c> of the key whose signature it was; null where none was looked at.</param>
    /// <param name="like">
    /// Another token, whose texts are used wherever this one's are the same: most of a realm's tokens differ in little, and whoever remembers many holds
    /// a third less.
    /// </param>
    public static AccessToken? Read(ReadOnlySpan<byte> payload, string? keyId = null, AccessToken? like = null)
    {
        try
        {
            return ReadClaims(payload, like).ToAccessToken(keyId);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static Claims ReadClaims(ReadOnlySpan<byte> payload, AccessToken? like)
    {
        var claims = new Claims();
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadClaim(ref reader, ref claims, like);
        }

        return claims;
    }

    private static void ReadClaim(ref Utf8JsonReader reader, ref Claims claims, AccessToken? like)
    {
        if (Is(ref reader, ClaimNames.Issuer)) { claims.Issuer = ReadText(ref reader, like?.Issuer); }
        else if (Is(ref reader, ClaimNames.Subject)) { claims.Subject = ReadText(ref reader, like?.Subject.Id); }
        else if (Is(ref reader, ClaimNames.SubjectType)) { claims.SubjectType = ReadSubjectType(ref reader); }
        else if (Is(ref reader, ClaimNames.Audience)) { claims.Audiences = ReadList(ref reader, like?.Audiences); }
        else if (Is(ref reader, ClaimNames.ExpiresAt)) { claims.ExpiresAt = reader.GetInt64(); }
        else if (Is(ref reader, ClaimNames.IssuedAt)) { claims.IssuedAt = reader.GetInt64(); }
        else if (Is(ref reader, ClaimNames.TokenId)) { claims.TokenId = reader.GetString(); }
        else if (Is(ref reader, ClaimNames.ClientId)) { claims.ClientId = ReadText(ref reader, like?.ClientId); }
        else if (Is(ref reader, ClaimNames.Scope)) { claims.Scopes = ReadScopes(ref reader, like?.Scopes); }
        else if (Is(ref reader, ClaimNames.RealmId)) { claims.RealmId = ReadText(ref reader, like?.RealmId); }
        else if (Is(ref reader, ClaimNames.OrganizationId)) { claims.OrganizationId = reader.GetString(); }
        else if (Is(ref reader, ClaimNames.Acr)) { claims.Acr = reader.GetString(); }
        else if (Is(ref reader, ClaimNames.Amr)) { claims.Amr = ReadList(ref reader); }
        else if (Is(ref reader, ClaimNames.AuthenticatedAt)) { claims.AuthenticatedAt = reader.GetInt64(); }
        else if (Is(ref reader, ClaimNames.GrantId)) { claims.GrantId = reader.GetString(); }
        else if (Is(ref reader, ClaimNames.Confirmation)) { claims.Confirmation = ConfirmationJson.Read(ref reader); }
        else if (Is(ref reader, ClaimNames.AuthorizationDetails)) { claims.Details = DetailsJson.Read(ref reader); }
        else if (Is(ref reader, ClaimNames.DelegationId)) { claims.DelegationId = reader.GetString(); }
        else if (Is(ref reader, ClaimNames.MayAct)) { claims.MayAct = ActorJson.Read(ref reader)[0]; }
        else if (Is(ref reader, ClaimNames.Actor)) { claims.Actors = ActorJson.Read(ref reader); }
        else if (Is(ref reader, ClaimNames.Assertion)) { claims.Assertion = AssertionSourceJson.Read(ref reader); }
        else if (Is(ref reader, ClaimNames.ParentIds)) { claims.ParentIds = ReadList(ref reader); }
        else { reader.Read(); reader.Skip(); }
    }

    private static void WriteLogin(Utf8JsonWriter writer, AccessToken token)
    {
        if (token.Amr.Count > 0)
        {
            WriteList(writer, ClaimNames.Amr, token.Amr);
        }

        if (token.AuthenticatedAt is { } authenticatedAt)
        {
            writer.WriteNumber(ClaimNames.AuthenticatedAt, authenticatedAt.ToUnixTimeSeconds());
        }

        if (token.GrantId is not null)
        {
            writer.WriteString(ClaimNames.GrantId, token.GrantId);
        }
    }

    /// <summary>Moves on to the property's value where it has this name.</summary>
    private static bool Is(ref Utf8JsonReader reader, JsonEncodedText name) =>
        reader.ValueTextEquals(name.EncodedUtf8Bytes) && reader.Read();

    /// <summary>RFC 7519 section 4.1.3: one audience may be a string, several are an array.</summary>
    private static void WriteAudience(Utf8JsonWriter writer, IReadOnlyList<string> audiences)
    {
        if (audiences.Count == 1)
        {
            writer.WriteString(ClaimNames.Audience, audiences[0]);
            return;
        }

        WriteList(writer, ClaimNames.Audience, audiences);
    }

    private static void WriteList(Utf8JsonWriter writer, JsonEncodedText name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < values.Count; i++)
        {
            writer.WriteStringValue(values[i]);
        }

        writer.WriteEndArray();
    }

    private static string? ReadText(ref Utf8JsonReader reader, string? likely) =>
        likely is not null && reader.ValueTextEquals(likely) ? likely : reader.GetString();

    private static MemberType? ReadSubjectType(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals(ClaimNames.UserSubject) ? MemberType.User
        : reader.ValueTextEquals(ClaimNames.ClientSubject) ? MemberType.Client
        : null;

    private static IReadOnlyList<string> ReadScopes(ref Utf8JsonReader reader, IReadOnlyList<string>? likely) =>
        likely is not null && reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && IsScope(reader.ValueSpan, likely)
            ? likely
            : (reader.GetString() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsScope(ReadOnlySpan<byte> scope, IReadOnlyList<string> scopes)
    {
        var count = 0;
        foreach (var one in scope.Split((byte)' '))
        {
            if (count == scopes.Count || !Ascii.Equals(scope[one], scopes[count++]))
            {
                return false;
            }
        }

        return count == scopes.Count;
    }

    /// <summary>One string, or an array of them.</summary>
    private static IReadOnlyList<string> ReadList(ref Utf8JsonReader reader, IReadOnlyList<string>? likely = null)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return likely is [var only] && reader.ValueTextEquals(only) ? likely : [reader.GetString()!];
        }

        var values = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            values.Add(reader.GetString()!);
        }

        return values;
    }

    /// <summary>What was found so far.</summary>
    private struct Claims()
    {
        public string? Issuer;
        public string? Subject;
        public MemberType? SubjectType;
        public string? TokenId;
        public string? ClientId;
        public string? RealmId;
        public string? OrganizationId;
        public string? Acr;
        public string? GrantId;
        public string? DelegationId;
        public Principal? MayAct;
        public Confirmation? Confirmation;
        public IReadOnlyList<string> Scopes = [];
        public IReadOnlyList<string> Audiences = [];
        public IReadOnlyList<string> Amr = [];
        public IReadOnlyList<Principal> Actors = [];
        public IReadOnlyList<string> ParentIds = [];
        public AssertionSource? Assertion;
        public IReadOnlyList<AuthorizationDetail> Details = [];
        public long? AuthenticatedAt;
        public long ExpiresAt;
        public long IssuedAt;

        public readonly AccessToken? ToAccessToken(string? keyId)
        {
            if (Issuer is null || Subject is null || SubjectType is not { } type || TokenId is null || ClientId is null || RealmId is null)
            {
                return null;
            }

            return new AccessToken
            {
                TokenId = TokenId,
                RealmId = RealmId,
                Issuer = Issuer,
                Subject = new Principal(type, Subject),
                ClientId = ClientId,
                Scopes = Scopes,
                Audiences = Audiences,
                OrganizationId = OrganizationId,
                Acr = Acr,
                Amr = Amr,
                AuthenticatedAt = AuthenticatedAt is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
                GrantId = GrantId,
                DelegationId = DelegationId,
                MayAct = MayAct,
                Confirmation = Confirmation,
                AuthorizationDetails = Details,
                Actors = Actors,
                ParentIds = ParentIds,
                Assertion = Assertion,
                KeyId = keyId,
                IssuedAt = DateTimeOffset.FromUnixTimeSeconds(IssuedAt),
                ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(ExpiresAt),
            };
        }
    }
}
