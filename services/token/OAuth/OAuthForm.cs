using System.Buffers;
using System.Text;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>The parameters of a request's body: each at most once, each well-formed, none over-long (RFC 6749 section 3.2).</summary>
public sealed class OAuthForm
{
    private const int MaxParameters = 64;
    private const int MaxNameLength = 128;

    private readonly List<KeyValuePair<string, string>> _parameters = new(8);

    /// <summary>A parameter's value; null where it is missing or empty: "Parameters sent without a value MUST be treated as if they were omitted".</summary>
    public string? Find(string name)
    {
        foreach (var (key, value) in _parameters)
        {
            if (key == name)
            {
                return value.Length == 0 ? null : value;
            }
        }

        return null;
    }

    /// <summary>What is there, in order.</summary>
    public IEnumerable<string> Names => _parameters.Select(parameter => parameter.Key);

    /// <summary>All values of a parameter that may be repeated.</summary>
    public IReadOnlyList<string> FindAll(string name) =>
        [.. _parameters.Where(parameter => parameter.Key == name && parameter.Value.Length > 0).Select(parameter => parameter.Value)];

    /// <summary>Reads a URL's query, in which a parameter may be repeated where its RFC says so.</summary>
    /// <exception cref="IamException">INVALID_REQUEST.</exception>
    public static OAuthForm ParseQuery(string? query)
    {
        var text = query is { Length: > 0 } && query[0] == '?' ? query[1..] : query ?? "";
        return Parse(Encoding.UTF8.GetBytes(text), mayRepeat: true);
    }

    /// <exception cref="IamException">INVALID_REQUEST.</exception>
    public string Require(string name) =>
        Find(name) ?? throw new IamException(ErrorReason.InvalidRequest, $"The parameter {name} is missing.");

    /// <exception cref="IamException">INVALID_REQUEST, naming the parameter where it is one that we know.</exception>
    public static OAuthForm Parse(in ReadOnlySequence<byte> body, bool mayRepeat = false)
    {
        if (body.IsSingleSegment)
        {
            return Parse(body.FirstSpan, mayRepeat);
        }

        var length = (int)body.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(rented);
            return Parse(rented.AsSpan(0, length), mayRepeat);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>Parameters that came in another way, under the same rules.</summary>
    /// <exception cref="IamException">INVALID_REQUEST.</exception>
    public static OAuthForm Of(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var form = new OAuthForm();
        foreach (var (name, value) in parameters)
        {
            var known = OAuthParameters.Intern(name, out var maxLength);
            if (value.Contains('\0', StringComparison.Ordinal))
            {
                throw Malformed($"{Shown(known)} contains NUL.");
            }

            form.Add(known, name, value, maxLength, mayRepeat: true);
        }

        return form;
    }

    private static OAuthForm Parse(ReadOnlySpan<byte> body, bool mayRepeat)
    {
        var form = new OAuthForm();
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'&');
            var pair = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (!pair.IsEmpty)
            {
                form.Add(pair, mayRepeat);
            }
        }

        return form;
    }

    private void Add(ReadOnlySpan<byte> pair, bool mayRepeat)
    {
        var equals = pair.IndexOf((byte)'=');
        var encodedName = equals < 0 ? pair : pair[..equals];
        // Of a name that is spelled plainly no text is made.
        var known = OAuthParameters.Intern(encodedName, out var maxLength);
        var name = known;
        if (name is null)
        {
            name = FormDecoding.TryDecode(encodedName, out var decoded) && decoded.Length <= MaxNameLength
                ? decoded
                : throw Malformed("A parameter's name is too long or not valid UTF-8.");
            known = OAuthParameters.Intern(name, out maxLength);
        }

        if (!FormDecoding.TryDecode(equals < 0 ? default : pair[(equals + 1)..], out var value))
        {
            throw Malformed($"{Shown(known)} is not well-formed: its percent-encoding or UTF-8 is broken, or it contains NUL.");
        }

        Add(known, name, value, maxLength, mayRepeat);
    }

    private void Add(string? known, string spelled, string value, int maxLength, bool mayRepeat)
    {
        var name = known ?? spelled;
        if (value.Length > maxLength)
        {
            throw Malformed($"{Shown(known)} is longer than {maxLength} characters.");
        }

        foreach (var (key, _) in _parameters)
        {
            if (key == name && !(mayRepeat && OAuthParameters.IsRepeatable(name)))
            {
                throw Malformed($"{Shown(known)} is included more than once.");
            }
        }

        if (_parameters.Count == MaxParameters)
        {
            throw Malformed($"There are more than {MaxParameters} parameters.");
        }

        _parameters.Add(new(name, value));
    }

    /// <summary>Names that are not ours are not repeated to anybody.</summary>
    private static string Shown(string? known) => known ?? "A parameter";

    private static IamException Malformed(string message) => new(ErrorReason.InvalidRequest, message);
}
