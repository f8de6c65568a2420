using System.Text.Json;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>The claim <c>cnf</c> (RFC 7800 section 3.1) as JSON.</summary>
internal static class ConfirmationJson
{
    private static readonly JsonEncodedText JwkThumbprint = JsonEncodedText.Encode("jkt");
    private static readonly JsonEncodedText CertificateThumbprint = JsonEncodedText.Encode("x5t#S256");

    /// <summary>Writes the member, or nothing for a token that is bound to nothing.</summary>
    public static void Write(Utf8JsonWriter writer, Confirmation? confirmation)
    {
        if (confirmation is null)
        {
            return;
        }

        writer.WriteStartObject(ClaimNames.Confirmation);
        if (confirmation.JwkThumbprint is not null)
        {
            writer.WriteString(JwkThumbprint, confirmation.JwkThumbprint);
        }

        if (confirmation.CertificateThumbprint is not null)
        {
            writer.WriteString(CertificateThumbprint, confirmation.CertificateThumbprint);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads from the start of the object to its end.</summary>
    /// <exception cref="FormatException">It names no key that we know, so that nobody could prove to have it.</exception>
    public static Confirmation Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("cnf is not an object");
        }

        string? jwk = null;
        string? certificate = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(JwkThumbprint.EncodedUtf8Bytes))
            {
                reader.Read();
                jwk = reader.GetString();
            }
            else if (reader.ValueTextEquals(CertificateThumbprint.EncodedUtf8Bytes))
            {
                reader.Read();
                certificate = reader.GetString();
            }
            else
            {
                throw new FormatException("cnf has a member that nobody here can verify");
            }
        }

        return Confirmation.Of(jwk, certificate) ?? throw new FormatException("cnf names no key");
    }
}
