using System.Collections.Concurrent;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Reads <c>Authorization: Bearer</c> headers, and remembers those with access tokens: callers send the same one for minutes.</summary>
/// <remarks>What is remembered is how the header reads, never whether it is good.</remarks>
internal sealed class BearerCredentials
{
    public const int MaxLength = 16 * 1024;

    /// <summary>RFC 9068 section 2.1.</summary>
    public const string AccessTokenType = "at+jwt";

    private const string Scheme = "Bearer ";
    private const int Capacity = 256;

    private volatile ConcurrentDictionary<string, BearerCredential> _read = new(new ByItsEnd());
    private int _count;

    /// <summary>The credential; null where the header is of another scheme or too long.</summary>
    public BearerCredential? Read(string header)
    {
        if (_read.TryGetValue(header, out var known))
        {
            return known;
        }

        // RFC 9110 section 11.1: the scheme is case-insensitive.
        if (header.Length > MaxLength || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var text = header[Scheme.Length..].Trim();
        var credential = new BearerCredential(text, CompactJws.TypeOf(text));
        if (credential.Type == AccessTokenType && _read.TryAdd(header, credential) && Interlocked.Increment(ref _count) >= Capacity)
        {
            // Starting over is cheaper than keeping order, and who floods it slows down nobody but itself.
            _read = new ConcurrentDictionary<string, BearerCredential>(new ByItsEnd());
            Interlocked.Exchange(ref _count, 0);
        }

        return credential;
    }

    /// <summary>A token ends in its signature, which is as good as random.</summary>
    private sealed class ByItsEnd : IEqualityComparer<string>
    {
        private const int End = 12;

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj) => string.GetHashCode(obj.AsSpan(Math.Max(0, obj.Length - End)), StringComparison.Ordinal);
    }
}

/// <summary>What a caller presents.</summary>
/// <param name="Text">Sensitive.</param>
/// <param name="Type">The <c>typ</c> of a JWS, as it claims; null: it is none.</param>
internal sealed record BearerCredential(string Text, string? Type)
{
    /// <summary>Without the credential, for a log that prints the record after all.</summary>
    public override string ToString() => $"BearerCredential {Type}";
}
