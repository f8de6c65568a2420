using Microsoft.Extensions.Primitives;

namespace Pltfrms.Iam.Client.AspNetCore.Authentication;

/// <summary>An access token as a request presents it.</summary>
internal readonly record struct Presented(bool Dpop, string Token)
{
    /// <summary>Null: no token of ours.</summary>
    public static Presented? Of(StringValues authorization)
    {
        if (authorization is not [{ } value] || value.IndexOf(' ', StringComparison.Ordinal) is not (> 0 and var space))
        {
            return null;
        }
        var token = value[(space + 1)..].Trim();
        return value[..space] switch
        {
            var scheme when scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) => new(false, token),
            var scheme when scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase) => new(true, token),
            _ => null,
        };
    }

    /// <summary>Without the token, for a log that prints the value after all.</summary>
    public override string ToString() => Dpop ? "DPoP" : "Bearer";
}
