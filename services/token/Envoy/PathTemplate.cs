using System.Buffers;

namespace Pltfrms.Iam.Token.Envoy;

/// <summary>
/// A path with places for names: <c>/organizations/{organization}/invoices/{resource}</c>; <c>*</c> stands for any one segment, and a last <c>**</c> for
/// whatever follows. A path that could be read in two ways matches none.
/// </summary>
internal sealed class PathTemplate
{
    private const string Organization = "{organization}";
    private const string Resource = "{resource}";
    private const string AnySegment = "*";
    private const string Rest = "**";

    /// <summary>
    /// RFC 3986 section 3.3, without the percent sign: a segment that is written in another way may be another one to the service. And without the
    /// semicolon: there are servers that cut a segment off there before they resolve what is left, so that <c>..;</c> leads upwards.
    /// </summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@");

    private readonly string[] _segments;

    private PathTemplate(string[] segments) => _segments = segments;

    public bool HasResource => _segments.Contains(Resource);

    /// <summary>Null where the text is no template.</summary>
    public static PathTemplate? Parse(string text)
    {
        if (text.Length < 2 || text[0] != '/')
        {
            return null;
        }

        var segments = text[1..].Split('/');
        var isTemplate = segments.Count(segment => segment == Organization) <= 1
            && segments.Count(segment => segment == Resource) <= 1
            && segments.Select((segment, i) => segment is Organization or Resource or AnySegment
                || (segment == Rest ? i == segments.Length - 1 : IsPlain(segment) && !segment.Contains('*', StringComparison.Ordinal))).All(isGood => isGood);
        return isTemplate ? new(segments) : null;
    }

    /// <summary>The names in a request's target; null where it does not match.</summary>
    public PathNames? Match(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        if (path.Length == 0 || path[0] != '/')
        {
            return null;
        }

        var parts = path[1..].Split('/');
        var fixedCount = _segments[^1] == Rest ? _segments.Length - 1 : _segments.Length;
        if (_segments[^1] == Rest ? parts.Length < fixedCount : parts.Length != fixedCount)
        {
            return null;
        }

        return parts.All(IsPlain) ? Match(parts, fixedCount) : null;
    }

    private PathNames? Match(string[] parts, int count)
    {
        var names = default(PathNames);
        for (var i = 0; i < count; i++)
        {
            switch (_segments[i])
            {
                case Organization:
                    names = names with { OrganizationId = parts[i] };
                    break;
                case Resource:
                    names = names with { ResourceId = parts[i] };
                    break;
                case AnySegment:
                    break;
                case var literal when literal != parts[i]:
                    return null;
            }
        }

        return names;
    }

    private static bool IsPlain(string segment) => segment is not ("" or "." or "..") && !segment.AsSpan().ContainsAnyExcept(Plain);
}

/// <summary>What a path names; null: nothing.</summary>
internal readonly record struct PathNames(string? OrganizationId, string? ResourceId);
