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
        if (field is null)
        {
            Begin(Missing, size: 0);
            return this;
        }

        var size = Encoding.UTF8.GetByteCount(field);
        Encoding.UTF8.GetBytes(field, Begin((uint)size, size));
        return this;
    }

    /// <summary>Adds a field that is UTF-8 already.</summary>
    public HashedFields Add(ReadOnlySpan<byte> field)
    {
        field.CopyTo(Begin((uint)field.Length, field.Length));
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
    public string Hash()
    {
        Span<byte> digits = stackalloc byte[HashLength];
        Hash(digits);
        return Encoding.ASCII.GetString(digits);
    }

    /// <summary>Writes a field's length; the field's own bytes, to be filled in at once.</summary>
    private Span<byte> Begin(uint length, int size)
    {
        var bytes = _bytes.GetSpan(sizeof(uint) + size);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        _bytes.Advance(sizeof(uint) + size);
        return bytes.Slice(sizeof(uint), size);
    }
}
