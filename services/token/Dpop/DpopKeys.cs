using System.Collections.Concurrent;
using Pltfrms.Iam.Common.Jose;

namespace Pltfrms.Iam.Token.Dpop;

/// <summary>
/// The keys of proofs. A client sends the same header with every proof, so those whose signatures were good are remembered: reading a key, and seeing
/// that it is a point of its curve, costs as much as verifying with it.
/// </summary>
/// <remarks>Two generations, as with verified tokens: nothing is searched for what to forget, and who floods it slows down nobody but itself.</remarks>
public sealed class DpopKeys
{
    private const int Capacity = 4096;
    private const int LongestRemembered = 1024;

    private readonly Lock _gate = new();
    private volatile ConcurrentDictionary<string, VerificationKey> _young = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, VerificationKey> _old = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The public key in a proof's header; null: there is none, or more than a public key.</summary>
    public VerificationKey? Of(SignedJwt proof, out bool isKnown)
    {
        isKnown = _young.TryGetValue(proof.EncodedHeader, out var key);
        if (!isKnown && _old.TryGetValue(proof.EncodedHeader, out key))
        {
            // As if it were new: it moves to the younger ones.
            return key;
        }

        return isKnown ? key : proof.Header.TryGetProperty("jwk", out var jwk) ? PublicKeySet.KeyOf(jwk) : null;
    }

    /// <param name="proof">Its signature is good.</param>
    /// <param name="key">That it was verified with.</param>
    public void Remember(SignedJwt proof, VerificationKey key)
    {
        if (proof.EncodedHeader.Length > LongestRemembered || !_young.TryAdd(proof.EncodedHeader, key) || Interlocked.Increment(ref _count) < Capacity / 2)
        {
            return;
        }

        lock (_gate)
        {
            if (_count >= Capacity / 2)
            {
                (_old, _young) = (_young, new(StringComparer.Ordinal));
                _count = 0;
            }
        }
    }
}
