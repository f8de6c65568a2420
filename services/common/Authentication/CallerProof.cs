namespace Pltfrms.Iam.Common.Authentication;

/// <summary>The DPoP proof that came with a call's access token (RFC 9449 section 7.1).</summary>
/// <param name="text">Sensitive; nothing in it is verified.</param>
/// <param name="address">What it must have been made for.</param>
public sealed class CallerProof(string text, string address)
{
    /// <summary>All calls of gRPC are of this method.</summary>
    public const string Method = "POST";

    private volatile bool _isProven;

    public string Text => text;

    /// <summary>Of the method that is called, as its caller sees it.</summary>
    public string Address => address;

    /// <summary>
    /// Whether the caller was found to have the key of the call's access token. A proof counts once, and a call may ask more than once who makes it, as
    /// streams do for as long as they live.
    /// </summary>
    public bool IsProven => _isProven;

    public void Proven() => _isProven = true;

    /// <summary>Without the proof, for a log that prints the object after all.</summary>
    public override string ToString() => $"CallerProof {address}";
}
