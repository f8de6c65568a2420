using System.Security.Cryptography;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Another service, as configured: its key and what it may do here, in every realm.</summary>
public sealed class TrustedService(string name, ECDsa publicKey, IReadOnlyCollection<string> permissions) : IDisposable
{
    private readonly Lock _lock = new();

    public string Name { get; } = name;

    public IReadOnlySet<string> Permissions { get; } = permissions.ToHashSet(StringComparer.Ordinal);

    internal bool Verify(byte[] data, byte[] signature)
    {
        // ECDsa instances are not safe for concurrent use; verified assertions are remembered, so nobody queues here.
        lock (_lock)
        {
            return publicKey.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    public void Dispose() => publicKey.Dispose();
}
