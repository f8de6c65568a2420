using System.Buffers;

namespace Pltfrms.Iam.Token.Permissions;

/// <summary>The form of a permission's name, <c>noun.verb</c>.</summary>
public static class PermissionName
{
    private const int MaxLength = 200;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/");

    public static bool IsWellFormed(string name) =>
        name.Length is > 0 and <= MaxLength
        && name[0] != '.' && name[^1] != '.'
        && name.Contains('.', StringComparison.Ordinal)
        && !name.Contains("..", StringComparison.Ordinal)
        && !name.AsSpan().ContainsAnyExcept(Alphabet);
}
