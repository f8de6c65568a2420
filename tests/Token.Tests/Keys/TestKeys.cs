using System.Text.Json;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Tokens.Revocation;

namespace Token.Tests.Keys;

/// <summary>The parts that keep keys, put together as one replica has them.</summary>
internal static class TestKeys
{
    public static KeyEncryption Encryption() => new(new byte[KeyEncryption.KeySize]);

    public static KeyRing Ring(IDatabase database, TokenOptions options, TimeProvider clock) => new(
        Reader(database, options, clock), Changes(database, options, clock), options, clock);

    public static KeyReader Reader(IDatabase database, TokenOptions options, TimeProvider clock) =>
        new(database, new SigningKeyStore(), Encryption(), options, clock);

    public static KeyChanges Changes(IDatabase database, TokenOptions options, TimeProvider clock) => new(
        database, new SigningKeyStore(), new KeyEventStore(), Encryption(), new Revocations(database, new RevocationStore(), options, clock), new KeyClock(options, clock));

    public static JsonElement Jwk(SigningKey key)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            key.WriteJwk(writer);
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }
}
