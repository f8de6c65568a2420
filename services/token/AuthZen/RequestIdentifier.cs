using System.Buffers;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Section 10.1.3: the identifier that the caller gave the request is in the answer, whatever that says.</summary>
internal static class RequestIdentifier
{
    public const string Header = "X-Request-ID";

    private const int MaxLength = 1024;

    /// <summary>What an answer's header can carry unchanged.</summary>
    private static readonly SearchValues<char> Printable = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    public static void Echo(HttpContext context)
    {
        if (context.Request.Headers[Header] is [{ Length: > 0 and <= MaxLength } identifier] && !identifier.AsSpan().ContainsAnyExcept(Printable))
        {
            context.Response.Headers[Header] = identifier;
        }
    }
}
