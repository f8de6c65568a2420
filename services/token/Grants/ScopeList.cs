using System.Buffers;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>The scope parameter (RFC 6749 section 3.3).</summary>
public static class ScopeList
{
    private const int MaxScopes = 200;

    /// <summary>scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).</summary>
    private static readonly SearchValues<char> ScopeToken = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    /// <summary>A space-separated list, as REST has it.</summary>
    public static IReadOnlyList<string> Split(string? scope) =>
        scope is null ? [] : scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Each scope once, in the order asked for.</summary>
    /// <exception cref="IamException">INVALID_SCOPE.</exception>
    public static IReadOnlyList<string> Checked(IReadOnlyList<string> scopes)
    {
        if (scopes.Count > MaxScopes)
        {
            throw new IamException(ErrorReason.InvalidScope, $"There are more than {MaxScopes} scopes.");
        }

        for (var i = 0; i < scopes.Count; i++)
        {
            if (scopes[i].Length == 0 || scopes[i].AsSpan().ContainsAnyExcept(ScopeToken))
            {
                throw new IamException(ErrorReason.InvalidScope, "A scope has characters that no scope may have.");
            }

            for (var j = 0; j < i; j++)
            {
                if (scopes[i] == scopes[j])
                {
                    return [.. scopes.Distinct(StringComparer.Ordinal)];
                }
            }
        }

        return scopes;
    }
}
