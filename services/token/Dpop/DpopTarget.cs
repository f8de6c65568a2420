namespace Pltfrms.Iam.Token.Dpop;

/// <summary>The request that a proof must have been made for.</summary>
public sealed record DpopTarget
{
    /// <summary><c>htm</c>, in the letters that HTTP has: methods are case-sensitive (RFC 9110 section 9.1).</summary>
    public required string Method { get; init; }

    /// <summary>Where the request may have been sent.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Whether the proof must carry a nonce of ours.</summary>
    public bool DemandsNonce { get; init; }

    /// <summary>What the proof may be signed with; null: any that the server takes.</summary>
    public IReadOnlyList<string>? Algorithms { get; init; }

    /// <summary>Sensitive: the access token that came with the proof; null: none did.</summary>
    public string? AccessToken { get; init; }

    /// <summary>Of the key that the access token is bound to.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>Whether an <c>htu</c> names one of the addresses.</summary>
    public bool IsAt(string address)
    {
        for (var i = 0; i < Addresses.Count; i++)
        {
            // Nearly all clients write it as metadata does.
            if (address == Addresses[i])
            {
                return true;
            }
        }

        return HttpTargetUri.Normalize(address) is { } normal && Addresses.Any(expected => HttpTargetUri.Normalize(expected) == normal);
    }

    /// <summary>Without the token, for a log that prints the record after all.</summary>
    public override string ToString() => $"DpopTarget {Method}";
}
