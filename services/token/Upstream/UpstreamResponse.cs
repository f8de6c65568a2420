using Microsoft.Extensions.Primitives;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Token.Authorization;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>What a browser brings back from the provider (RFC 6749 section 4.1.2, RFC 9207).</summary>
/// <param name="State">Always there.</param>
/// <param name="Code">Null: none.</param>
/// <param name="Error">Null: none.</param>
/// <param name="Issuer">Null: it does not say.</param>
public sealed record UpstreamResponse(string State, string? Code, string? Error, string? Issuer)
{
    /// <exception cref="IamException">INVALID_REQUEST where it has no state, or anything twice.</exception>
    public static UpstreamResponse Read(IQueryCollection query) =>
        new(One(query["state"]) ?? throw Authorizations.Gone(), One(query["code"]), One(query["error"]), One(query["iss"]));

    /// <summary>For a log that prints the record after all.</summary>
    public override string ToString() => nameof(UpstreamResponse);

    private static string? One(StringValues values) => values.Count switch
    {
        0 => null,
        1 => string.IsNullOrEmpty(values[0]) ? null : values[0],
        _ => throw Authorizations.Gone(),
    };
}
