using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Client.AspNetCore.Dpop;

/// <summary>
/// Nonces for DPoP proofs (RFC 9449 section 9): a time and its MAC, so that nothing is stored. The key comes from the client's
/// secret or private key, so that each instance of a service knows the nonces of all.
/// </summary>
internal sealed class DpopNonces(IOptions<IamClientOptions> options, TimeProvider clock)
{
    private const int MacLength = 16;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        Encoding.UTF8.GetBytes(ClientAssertions.SecretOf(options.Value)),
        32,
        info: Encoding.UTF8.GetBytes($"dpop-nonce {options.Value.RealmId} {options.Value.ClientId}"));

    public string Next()
    {
        Span<byte> nonce = stackalloc byte[sizeof(long) + MacLength];
        BinaryPrimitives.WriteInt64BigEndian(nonce, clock.GetUtcNow().ToUnixTimeSeconds());
        Mac(nonce[..sizeof(long)], nonce[sizeof(long)..]);
        return Base64Url.EncodeToString(nonce);
    }

    public bool IsGood(string? nonce)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + MacLength];
        Span<byte> mac = stackalloc byte[MacLength];
        if (nonce is not { Length: 32 }
            || Base64Url.DecodeFromChars(nonce, bytes, out _, out var length) != OperationStatus.Done
            || length != bytes.Length)
        {
            return false;
        }
        Mac(bytes[..sizeof(long)], mac);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var made = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return CryptographicOperations.FixedTimeEquals(mac, bytes[sizeof(long)..]) && made <= now + 10 && made >= now - Lifetime.TotalSeconds;
    }

    private void Mac(ReadOnlySpan<byte> time, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, time, whole);
        whole[..MacLength].CopyTo(mac);
    }
}
