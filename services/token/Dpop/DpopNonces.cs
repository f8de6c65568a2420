using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Keys;

namespace Pltfrms.Iam.Token.Dpop;

/// <summary>
/// The server's nonces (RFC 9449 section 8): a proof with one was not made long before. They are a time of day, authenticated for a realm under a key that
/// all replicas derive alike, so none of them is stored; that a proof counts once is not theirs to see to.
/// </summary>
public sealed class DpopNonces(KeyEncryption encryption, TimeProvider clock)
{
    /// <summary>Where a refusal has the next nonce.</summary>
    public const string MetadataKey = "dpop_nonce";

    private const int Size = 16;
    private const long SlotSeconds = 120;

    private readonly IReadOnlyList<byte[]> _keys = encryption.DeriveWithEach("dpop-nonce");

    public string Current(string realmId) => Make(_keys[0], realmId, SlotOf(clock.GetUtcNow()));

    /// <summary>Whether a nonce is of this time or the one before, or of the next, which a replica with a clock ahead may be in.</summary>
    public bool IsGood(string realmId, string? nonce, DateTimeOffset now)
    {
        var isGood = false;
        for (var slot = SlotOf(now) - 1; nonce is not null && slot <= SlotOf(now) + 1; slot++)
        {
            // While the key-encryption key is exchanged, replicas differ in which one is current.
            foreach (var key in _keys)
            {
                isGood |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(nonce), Encoding.UTF8.GetBytes(Make(key, realmId, slot)));
            }
        }

        return isGood;
    }

    /// <summary>The refusal of a proof without one.</summary>
    public IamException Demanded(string realmId) => new(ErrorReason.UseDpopNonce, "The DPoP proof must have the nonce that comes with this answer.")
    {
        Metadata = new Dictionary<string, string> { [MetadataKey] = Current(realmId) },
    };

    private static long SlotOf(DateTimeOffset now) => now.ToUnixTimeSeconds() / SlotSeconds;

    private static string Make(byte[] key, string realmId, long slot)
    {
        Span<byte> input = stackalloc byte[sizeof(long) + Encoding.UTF8.GetMaxByteCount(64)];
        BinaryPrimitives.WriteInt64BigEndian(input, slot);
        var length = sizeof(long) + Encoding.UTF8.GetBytes(realmId, input[sizeof(long)..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input[..length], hash);
        return Base64Url.EncodeToString(hash[..Size]);
    }
}
