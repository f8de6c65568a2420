using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pltfrms.Iam.Common.Chains;

/// <summary>
/// The bytes that a link of a hash chain is made of: each field with its length before it, so that no two lists of fields have the same bytes.
/// docs/audit.md says the same.
/// </summary>
public sealed class HashedFields
{
    /// <summary>Of a hash as hexadecimal digits.</summary>
    public const int HashLength = 2 * SHA256.HashSizeInBytes;

    private const uint Missing = uint.MaxValue;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    /// <summary>Adds a field; null is another value than the empty text.</summary>
    public HashedFields Add(string? field)
    {
        var bytes = _bytes.GetSpan(sizeof(uint) + Encoding.UTF8.GetMaxByteCount(field?.Length ?? 0));
        var length = field is null ? 0 : Encoding.UTF8.GetBytes(field, bytes[sizeof(uint)..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, field is null ? Missing : (uint)length);
        _bytes.Advance(sizeof(uint) + length);
        return this;
    }

    /// <summary>Adds a field that is UTF-8 already.</summary>
    public HashedFields Add(ReadOnlySpan<byte> field)
    {
        var bytes = _bytes.GetSpan(sizeof(uint) + field.Length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)field.Length);
        field.CopyTo(bytes[sizeof(uint)..]);
        _bytes.Advance(sizeof(uint) + field.Length);
        return this;
    }

    /// <summary>Begins the next list of fields.</summary>
    public HashedFields Clear()
    {
        _bytes.ResetWrittenCount();
        return this;
    }

    /// <summary>The same as <see cref="Hash()"/>, in UTF-8.</summary>
    /// <param name="digits">Of <see cref="HashLength"/>.</param>
    public void Hash(Span<byte> digits)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Sha256.Hash(_bytes.WrittenSpan, hash);
        Convert.TryToHexStringLower(hash, digits, out _);
    }

    /// <summary>SHA-256 over them, as 64 lower-case hexadecimal digits.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(_bytes.WrittenSpan));
}
