using System.Net;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Authentication;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>Who ended a token or a grant.</summary>
public sealed record Revoker
{
    /// <summary><c>client</c>, <c>operator</c>, <c>service</c>, <c>token</c>, or <c>reuse</c>: nobody asked, something came twice.</summary>
    public required string Kind { get; init; }

    /// <summary>The client, the operator's or service's name, the token's subject, or what came twice.</summary>
    public required string Id { get; init; }

    /// <summary>The client of the caller's token; null: it presented none.</summary>
    public string? ClientId { get; init; }

    /// <summary>Who acted for the subject of the caller's token, the current actor first.</summary>
    public ValueList<string> ActChain { get; init; } = [];

    public IPAddress? SourceAddress { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>A client that revokes a token of its own.</summary>
    public static Revoker Client(string clientId, HttpContext context) =>
        new() { Kind = "client", Id = clientId, SourceAddress = OAuth.SourceAddress.Of(context), CorrelationId = TraceId.Of(context) };

    /// <summary>Who called an internal method.</summary>
    public static Revoker Of(Caller caller, HttpContext context) => new()
    {
        Kind = caller.Kind switch
        {
            CallerKind.Operator => "operator",
            CallerKind.Service => "service",
            _ => "token",
        },
        Id = caller.Id,
        ClientId = caller.ClientId,
        ActChain = caller.ActChain,
        SourceAddress = OAuth.SourceAddress.Of(context),
        CorrelationId = TraceId.Of(context),
    };

    /// <summary>A code, device code or refresh token that was used already came again.</summary>
    /// <param name="grantType">The grant that would have taken it.</param>
    /// <param name="sourceAddress">Of the request that brought it.</param>
    /// <param name="correlationId">Of that request.</param>
    public static Revoker Reuse(string grantType, IPAddress? sourceAddress, string? correlationId) =>
        new() { Kind = "reuse", Id = grantType, SourceAddress = sourceAddress, CorrelationId = correlationId };
}
